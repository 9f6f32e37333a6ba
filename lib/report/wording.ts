import type { LoginName, ProtocolVersion, RiskLevel, ScanSummary, TlsProblem, TrafficResult } from '../model';
import { RISK_LEVELS } from '../model';
import { paddedNumber } from './names';

/** The words of the PDF report. */
export const WORDS = {
  product: 'MQTT Security Scanner',
  title: 'MQTT Security Report',
  cards: { sensors: 'Total Sensors Detected', openBrokers: 'Open Brokers', ports: 'Ports Scanned' },
  overviewColumns: ['Target', 'Security', 'Sensor Type', 'Latest Reading', 'Status'],
  topicColumns: ['Topic', 'Sensor Type', 'Latest Reading / Payload', 'Messages'],
  withoutMqttColumns: ['Endpoint', 'Status', 'Reason'],
  none: '–',
  noEndpoints: 'No endpoint was scanned.',
  noDetails: 'No endpoint answered as an MQTT broker.',
  noFindings: 'No weakness was found.',
  cut: '(beginning only)',
} as const;

/** Names of the facts listed beside their values. */
export const LABELS = {
  report: 'Report number',
  name: 'Scan',
  toolVersion: 'Tool version',
  scanId: 'Scan identifier',
  timezone: 'Time zone',
  policy: 'Policy',
  advisoriesOf: 'Vulnerabilities as of',
  overrides: 'Changed severities',
  mutes: 'Silenced findings',
  score: 'Score',
  meaning: 'Meaning',
  implication: 'What it implies',
  clients: 'Clients',
  webSocket: 'WebSocket path',
  oddities: 'Peculiar',
  impact: 'Why it matters',
  rating: 'Rating',
  advisories: 'Vulnerabilities',
  endpoints: 'Endpoints',
  command: 'See it again',
  tlsScore: 'TLS score',
  mozilla: 'Mozilla profile met',
  clientCertificate: 'Client certificate',
  signature: 'Signature',
  fingerprint: 'SHA-256',
  chain: 'Chain served',
  notTested: 'Not tested',
  targets: 'Targets',
  started: 'Scan started',
  duration: 'Duration',
  outcome: 'Outcome',
  namedAs: 'Named as',
  product: 'Product',
  mqttVersions: 'MQTT versions',
  service: 'Service',
  tlsVersions: 'TLS versions',
  cipherSuites: 'Cipher suites',
  subject: 'Certificate',
  issuer: 'Issued by',
  names: 'Valid for',
  validity: 'Validity',
  key: 'Key',
  trust: 'Trusted',
  tlsProblems: 'TLS problems',
  tlsError: 'TLS error',
  traffic: 'Traffic',
  evidence: 'Evidence',
  remediation: 'Remediation',
  references: 'References',
} as const;

const VERDICTS: Readonly<Record<RiskLevel, string>> = {
  CRITICAL: 'The worst level found is CRITICAL: act now.',
  HIGH: 'The worst level found is HIGH: act soon.',
  MEDIUM: 'The worst level found is MEDIUM: this needs attention.',
  LOW: 'The worst level found is LOW: there are small weaknesses.',
  OK: 'The level is OK: no weakness was found.',
};

const TLS_PROBLEMS: Readonly<Record<TlsProblem, string>> = {
  expired: 'certificate has expired',
  'not-yet-valid': 'certificate is not valid yet',
  'expires-soon': 'certificate expires soon',
  'self-signed': 'certificate is self-signed',
  untrusted: 'certificate is not trusted',
  'incomplete-chain': 'chain is incomplete',
  'chain-order': 'chain is in the wrong order',
  'name-mismatch': 'certificate is for another name',
  'odd-name': 'a name in the certificate is misleading',
  'weak-key': 'key is weak',
  'weak-signature': 'signature is weak',
  'long-lifetime': 'certificate is valid for too long',
  'ca-as-server': 'certificate is one of a CA',
  'known-certificate': 'certificate or key is publicly known',
  'old-protocol': 'old protocol version is accepted',
  'weak-cipher': 'weak cipher suites are accepted',
  'no-forward-secrecy': 'no forward secrecy',
  'weak-dh': 'weak Diffie-Hellman parameters',
  compression: 'TLS compression is accepted',
  'insecure-renegotiation': 'secure renegotiation is missing',
  'client-certificate-required': 'client certificate is required',
  'handshake-failed': 'handshake failed',
};

const MQTT_VERSIONS: Readonly<Record<ProtocolVersion, string>> = { 3: '3.1', 4: '3.1.1', 5: '5.0' };

const LOGINS: Readonly<Record<LoginName, string>> = {
  anonymous: 'anonymous',
  credentials: 'given credentials',
  certificate: 'client certificate',
};

const ENDED_BY: Readonly<Record<TrafficResult['endedBy'], string>> = {
  time: 'the time was over',
  messages: 'the limit of messages was reached',
  bytes: 'the limit of bytes was reached',
  topics: 'the limit of topics was reached',
  stopped: 'the scan was stopped',
  disconnected: 'the broker disconnected',
  refused: 'the broker refused',
  error: 'there was an error',
};

/** `1 endpoint`, `2 endpoints`; digits are grouped. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${grouped(count)} ${count === 1 ? singular : plural}`;
}

const DIGITS = new Intl.NumberFormat('en-US');

/** `12,345` */
export function grouped(count: number): string {
  return DIGITS.format(count);
}

/** Some of a list and how many more there are. */
export function someOf(list: readonly string[], limit: number): string {
  const shown = list.slice(0, limit).join(', ');
  return list.length > limit ? `${shown} and ${grouped(list.length - limit)} more` : shown;
}

/** The scan in one or two sentences. */
export function verdictText(summary: ScanSummary): string {
  const levels = RISK_LEVELS.filter((level) => summary.risk[level] > 0);
  const [worst] = levels;
  const brokers = summary.openBrokers + summary.authFailures;
  if (worst === undefined && brokers > 0) {
    return `${counted(brokers, 'broker was', 'brokers were')} found and not rated: the scan was not classified.`;
  }
  if (worst === undefined) {
    return `No MQTT broker was found on the ${counted(summary.endpointsScanned, 'port')} scanned.`;
  }
  const rated = levels.reduce((sum, level) => sum + summary.risk[level], 0);
  const perLevel = levels.map((level) => `${grouped(summary.risk[level])} ${level}`).join(', ');
  return `${VERDICTS[worst]} ${counted(rated, 'endpoint was', 'endpoints were')} rated: ${perLevel}.`;
}

/** What is said of a scan that did not reach its end. */
export function stoppedText(summary: ScanSummary): string {
  const missed =
    summary.notReached === undefined
      ? 'Some endpoints may be missing.'
      : `${counted(summary.notReached, 'endpoint was', 'endpoints were')} not reached.`;
  return `The scan was stopped before its end. ${missed}`;
}

export function leftOutRows(count: number): string {
  return `${counted(count, 'further row is', 'further rows are')} left out here; the CSV and JSON reports have all.`;
}

export function leftOutEndpoints(count: number): string {
  return `${counted(count, 'further endpoint is', 'further endpoints are')} left out here, none of them rated worse than those above; the JSON report has all.`;
}

export function leftOutTopics(count: number): string {
  return `${counted(count, 'further topic is', 'further topics are')} left out here; the CSV and JSON reports have all.`;
}

export function statusTopics(count: number): string {
  return `${counted(count, 'status topic', 'status topics')} of the broker itself ($…) can be found in the JSON report.`;
}

export function reportTitle(number: number): string {
  return `${WORDS.title} ${paddedNumber(number)}`;
}

export function footerLeft(number: number): string {
  return `${WORDS.product} · Report ${paddedNumber(number)}`;
}

export function footerRight(page: number, total: number): string {
  return `Page ${page} of ${total}`;
}

export function sentInClearText(): string {
  return 'name and password were sent unencrypted';
}

export function acceptedUsersText(users: readonly string[]): string {
  return `let in: ${users.join(', ')}`;
}

export function tlsProblemsText(problems: readonly TlsProblem[]): string {
  return problems.length === 0 ? 'none' : problems.map((problem) => TLS_PROBLEMS[problem]).join('; ');
}

export function mqttVersionsText(versions: readonly ProtocolVersion[]): string {
  return versions.map((version) => MQTT_VERSIONS[version]).join(', ');
}

export function productText(name: string, version: string | undefined, confidence: number): string {
  const full = version === undefined ? name : `${name} ${version}`;
  return `${full} (confidence ${Math.round(confidence * 100)} %)`;
}

/** How long a certificate lasts from today. */
export function daysLeftText(days: number): string {
  return days < 0 ? `expired ${counted(-days, 'day')} ago` : `${counted(days, 'day')} left`;
}

export function trustText(
  trusted: boolean,
  trustError: string | undefined,
  hostnameMatches: boolean,
): string {
  const trust = trusted ? 'yes' : `no${trustError === undefined ? '' : ` (${trustError})`}`;
  return `${trust}; the name ${hostnameMatches ? 'matches' : 'does not match'}`;
}

export function keyText(type: string, bits: number | undefined): string {
  return bits === undefined ? type : `${type}, ${bits} bits`;
}

export function trafficText(traffic: TrafficResult): string {
  const heard = `${counted(traffic.messages, 'message')} on ${counted(traffic.topics.length, 'topic')}`;
  const time = `${(traffic.listenedMs / 1000).toFixed(1)} s as ${LOGINS[traffic.listenedAs]}`;
  const dropped = traffic.dropped > 0 ? `; ${grouped(traffic.dropped)} not kept` : '';
  return `${heard} in ${time}${dropped}; it ended because ${traffic.reason ?? ENDED_BY[traffic.endedBy]}`;
}
