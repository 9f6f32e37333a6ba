import { type AuthResult, type EndpointReport, OUTCOME_LABELS, type TlsResult } from '../../model';
import { formatScanDate } from '../dates';
import {
  acceptedUsersText,
  accessText,
  daysLeftText,
  keyText,
  LABELS,
  mqttVersionsText,
  productText,
  rightText,
  sentInClearText,
  someOf,
  tlsProblemsText,
  trafficText,
  trustText,
  WORDS,
} from '../wording';
import { MAX_NAMED } from './layout';

/** A fact's name and its values, one below the other. */
export type Fact = readonly [label: string, values: readonly string[]];

/** What the scan learned about an endpoint, for the list at its head. Facts that nobody knows are left out. */
export function endpointFacts(endpoint: EndpointReport, timezone: string): Fact[] {
  const { probe, tls, auth, traffic } = endpoint;
  const facts: Fact[] = [[LABELS.outcome, [outcomeText(endpoint)]]];
  if (endpoint.target !== endpoint.address) facts.push([LABELS.namedAs, [endpoint.target]]);
  if (probe?.product !== undefined) {
    const { name, version, confidence } = probe.product;
    facts.push([LABELS.product, [productText(name, version, confidence)]]);
  }
  if (probe?.service !== undefined) facts.push([LABELS.service, [probe.service]]);
  if (probe !== undefined && probe.versions.length > 0) {
    facts.push([LABELS.mqttVersions, [mqttVersionsText(probe.versions)]]);
  }
  if (tls !== undefined) facts.push(...tlsFacts(tls, timezone));
  if (auth !== undefined) facts.push(...accessFacts(auth));
  if (traffic !== undefined) facts.push([LABELS.traffic, [trafficText(traffic)]]);
  return facts;
}

function outcomeText({ outcome, probe }: EndpointReport): string {
  const reason = probe?.reason ?? probe?.connack?.meaning;
  return reason === undefined ? OUTCOME_LABELS[outcome] : `${OUTCOME_LABELS[outcome]} – ${reason}`;
}

function tlsFacts(tls: TlsResult, timezone: string): Fact[] {
  const facts: Fact[] = [
    [LABELS.tlsVersions, [tls.versions.length === 0 ? WORDS.none : tls.versions.join(', ')]],
  ];
  if (tls.cipherSuites.length > 0) facts.push([LABELS.cipherSuites, [tls.cipherSuites.join(', ')]]);
  const { certificate } = tls;
  if (certificate !== undefined) {
    const from = formatScanDate(certificate.validFrom, timezone);
    const to = formatScanDate(certificate.validTo, timezone);
    facts.push([LABELS.subject, [certificate.subject]]);
    facts.push([LABELS.issuer, [certificate.issuer]]);
    if (certificate.subjectAltNames.length > 0) {
      facts.push([LABELS.names, [someOf(certificate.subjectAltNames, MAX_NAMED)]]);
    }
    facts.push([LABELS.validity, [`${from} – ${to} (${daysLeftText(certificate.daysLeft)})`]]);
    facts.push([LABELS.key, [keyText(certificate.keyType, certificate.keyBits)]]);
    facts.push([LABELS.trust, [trustText(tls.trusted, tls.trustError, tls.hostnameMatches)]]);
  }
  facts.push([LABELS.tlsProblems, [tlsProblemsText(tls.problems)]]);
  if (tls.error !== undefined) facts.push([LABELS.tlsError, [tls.error]]);
  return facts;
}

function accessFacts({ anonymous, credentials, defaultCredentials, authorisation }: AuthResult): Fact[] {
  const given = [accessText(credentials.verdict, credentials.meaning)];
  if (credentials.sentInClear) given.push(sentInClearText());
  const defaults = [accessText(defaultCredentials.verdict, defaultCredentials.meaning)];
  if (defaultCredentials.accepted.length > 0) defaults.push(acceptedUsersText(defaultCredentials.accepted));
  const facts: Fact[] = [
    [LABELS.anonymous, [accessText(anonymous.verdict, anonymous.meaning)]],
    [LABELS.credentials, given],
    [LABELS.defaultCredentials, defaults],
  ];
  if (authorisation.length > 0) {
    facts.push([LABELS.rights, authorisation.map(({ as, read, write }) => rightText(as, read, write))]);
  }
  return facts;
}
