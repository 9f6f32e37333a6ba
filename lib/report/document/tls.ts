import type { TlsResult } from '../../model';
import { formatScanDate } from '../dates';
import {
  counted,
  daysLeftText,
  grouped,
  keyText,
  LABELS,
  someOf,
  tlsProblemsText,
  trustText,
  WORDS,
} from '../wording';
import { type Block, type Fact, remark, textTable } from './blocks';
import { PARTS } from './words';

/** Most names listed of a certificate. */
const MAX_NAMED = 30;
const MAX_SUITES = 60;

/** Protocol versions, suites and the certificate of an endpoint. */
export function* tlsPart(tls: TlsResult | undefined, timezone: string): Generator<Block> {
  if (tls === undefined) return;
  yield { kind: 'heading', depth: 3, text: PARTS.certificate };
  yield { kind: 'facts', facts: tlsFacts(tls, timezone) };
  const suites = (tls.protocols ?? []).flatMap(({ version, suites }) =>
    suites.map(({ name, grade, forwardSecrecy }) => [version, name, grade, forwardSecrecy ? 'yes' : 'no']),
  );
  if (suites.length === 0) return;
  yield textTable(
    'Cipher suites accepted',
    [
      { title: 'Version', share: 0.14 },
      { title: 'Cipher Suite', share: 0.52 },
      { title: 'Grade', share: 0.15 },
      { title: 'Forward Secrecy', share: 0.19 },
    ],
    suites.slice(0, MAX_SUITES),
  );
  if (suites.length > MAX_SUITES) {
    yield remark(`${counted(suites.length - MAX_SUITES, 'further suite')} in the JSON report.`);
  }
}

function tlsFacts(tls: TlsResult, timezone: string): Fact[] {
  const facts: Fact[] = [
    [LABELS.tlsVersions, [tls.versions.length === 0 ? WORDS.none : tls.versions.join(', ')]],
  ];
  if (tls.protocols === undefined && tls.cipherSuites.length > 0) {
    facts.push([LABELS.cipherSuites, [someOf(tls.cipherSuites, MAX_NAMED)]]);
  }
  if (tls.score !== undefined) {
    const deductions = tls.score.deductions.map(({ points, reason }) => `–${points}: ${reason}`);
    facts.push([LABELS.tlsScore, [`${tls.score.value} of 100`, ...deductions]]);
  }
  if (tls.mozilla !== undefined) {
    const { modern, intermediate, old } = tls.mozilla;
    const met = modern.met ? 'modern' : intermediate.met ? 'intermediate' : old.met ? 'old' : 'none';
    facts.push([LABELS.mozilla, [met]]);
  }
  facts.push(...certificateFacts(tls, timezone));
  if (tls.clientCertificate !== undefined)
    facts.push([LABELS.clientCertificate, [tls.clientCertificate.demand]]);
  facts.push([LABELS.tlsProblems, [tlsProblemsText(tls.problems)]]);
  if (tls.error !== undefined) facts.push([LABELS.tlsError, [tls.error]]);
  if (tls.notTested !== undefined && tls.notTested.length > 0) {
    facts.push([LABELS.notTested, tls.notTested.slice(0, MAX_NAMED)]);
  }
  return facts;
}

function certificateFacts(tls: TlsResult, timezone: string): Fact[] {
  const { certificate } = tls;
  if (certificate === undefined) return [];
  const from = formatScanDate(certificate.validFrom, timezone);
  const to = formatScanDate(certificate.validTo, timezone);
  const facts: Fact[] = [
    [LABELS.subject, [certificate.subject]],
    [LABELS.issuer, [certificate.issuer]],
  ];
  if (certificate.subjectAltNames.length > 0) {
    facts.push([LABELS.names, [someOf(certificate.subjectAltNames, MAX_NAMED)]]);
  }
  facts.push([LABELS.validity, [`${from} – ${to} (${daysLeftText(certificate.daysLeft)})`]]);
  facts.push([LABELS.key, [keyText(certificate.keyType, certificate.keyBits)]]);
  if (certificate.signatureAlgorithm !== undefined) {
    facts.push([LABELS.signature, [certificate.signatureAlgorithm]]);
  }
  facts.push([LABELS.fingerprint, [certificate.fingerprint256]]);
  facts.push([LABELS.trust, [trustText(tls.trusted, tls.trustError, tls.hostnameMatches)]]);
  if (tls.chain.length > 1) facts.push([LABELS.chain, [`${grouped(tls.chain.length)} certificates`]]);
  return facts;
}
