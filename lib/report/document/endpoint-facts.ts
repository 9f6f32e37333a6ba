import { type EndpointReport, OUTCOME_LABELS } from '../../model';
import { counted, grouped, LABELS, mqttVersionsText, productText, trafficText } from '../wording';
import type { Fact } from './blocks';

/** What the scan learned about an endpoint, for the list at its head. Facts that nobody knows are left out. */
export function endpointFacts(endpoint: EndpointReport): Fact[] {
  const { probe, traffic, risk } = endpoint;
  const facts: Fact[] = [...outcomeFacts(endpoint)];
  if (risk?.score !== undefined) {
    facts.push([LABELS.score, [`${risk.score.value} of 100`, ...whenLong(risk.score.arithmetic)]]);
  }
  if (endpoint.target !== endpoint.address) facts.push([LABELS.namedAs, [endpoint.target]]);
  if (probe?.product !== undefined) {
    const { name, version, confidence } = probe.product;
    facts.push([LABELS.product, [productText(name, version, confidence)]]);
  }
  if (probe?.service !== undefined) facts.push([LABELS.service, [probe.service]]);
  if (probe !== undefined && probe.versions.length > 0) {
    facts.push([LABELS.mqttVersions, [mqttVersionsText(probe.versions)]]);
  }
  if (probe?.webSocket !== undefined) {
    const { path, server } = probe.webSocket;
    facts.push([LABELS.webSocket, [server === undefined ? path : `${path} (${server})`]]);
  }
  const oddities = probe?.oddities ?? [];
  if (oddities.length > 0) facts.push([LABELS.oddities, oddities.map(({ text }) => text)]);
  if (traffic !== undefined) {
    facts.push([LABELS.traffic, [trafficText(traffic)]]);
    const clients = clientsText(traffic.clients ?? {});
    if (clients !== '') facts.push([LABELS.clients, [clients]]);
  }
  return facts;
}

function outcomeFacts({ outcome, probe, risk }: EndpointReport): Fact[] {
  const reason = probe?.reason ?? probe?.connack?.meaning;
  if (risk?.outcome === undefined) {
    const label = OUTCOME_LABELS[outcome];
    return [[LABELS.outcome, [reason === undefined ? label : `${label} – ${reason}`]]];
  }
  const { label, meaning, evidence, implication } = risk.outcome;
  return [
    [LABELS.outcome, [label]],
    [LABELS.meaning, [meaning]],
    [LABELS.evidence, [evidence]],
    [LABELS.implication, [implication]],
  ];
}

/** The arithmetic of a score, unless it has none worth showing. */
function whenLong(arithmetic: string): string[] {
  return /\d\s*-\s*\d/.test(arithmetic) ? [arithmetic] : [];
}

function clientsText(clients: NonNullable<NonNullable<EndpointReport['traffic']>['clients']>): string {
  const { connected, disconnected, total, maximum, subscriptions } = clients;
  const parts = [
    connected === undefined ? '' : `${grouped(connected)} connected`,
    disconnected === undefined ? '' : `${grouped(disconnected)} away`,
    total === undefined ? '' : `${grouped(total)} in all`,
    maximum === undefined ? '' : `${grouped(maximum)} at most so far`,
    subscriptions === undefined ? '' : counted(subscriptions, 'subscription'),
  ];
  return parts.filter((part) => part !== '').join(', ');
}
