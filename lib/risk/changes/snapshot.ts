import { endpointKey, isOutcome, isRiskLevel, isTransport, printable, type RiskLevel } from '../../model';

/** What is compared of a topic. */
export interface TopicSnapshot {
  readonly retained: boolean;
  /** Messages that came while we listened. */
  readonly live: number;
  /** The time from the first to the last of them, in milliseconds; NaN when it is not known. */
  readonly spanMs: number;
  readonly sensor: string | undefined;
}

export interface FindingSnapshot {
  readonly severity: RiskLevel;
  readonly title: string;
}

/** What is compared of an endpoint. Everything in it is bounded and printable. */
export interface EndpointSnapshot {
  readonly key: string;
  readonly target: string;
  readonly address: string;
  readonly port: number;
  readonly transport: string;
  readonly url: string;
  readonly level: RiskLevel | undefined;
  readonly findings: ReadonlyMap<string, FindingSnapshot>;
  /** Rules that decided nothing here, and those that are silenced. */
  readonly undecided: ReadonlySet<string>;
  readonly certificate: string | undefined;
  readonly certificateEnds: string | undefined;
  readonly product: string | undefined;
  readonly version: string | undefined;
  /** Absent when nobody listened to the end. */
  readonly listening: ListeningSnapshot | undefined;
}

export interface ListeningSnapshot {
  readonly as: string;
  readonly ms: number;
  /** Everything that came is in the list. */
  readonly isComplete: boolean;
  readonly topics: ReadonlyMap<string, TopicSnapshot>;
}

const MAX_FINDINGS = 500;
const MAX_TOPICS = 20_000;

type Fields = Readonly<Record<string, unknown>>;

/**
 * What is compared of an endpoint's report, which may come from a file that anybody wrote; undefined for what is
 * none, and for endpoints without a broker.
 */
export function snapshotOf(value: unknown): EndpointSnapshot | undefined {
  const report = fields(value);
  const { outcome, transport, port } = report;
  const target = text(report.target);
  const address = text(report.address);
  if (target === undefined || address === undefined || !isTransport(transport) || !isOutcome(outcome))
    return undefined;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return undefined;
  if (outcome !== 'open' && outcome !== 'auth-failed' && outcome !== 'tls-error') return undefined;
  const risk = fields(report.risk);
  const certificate = fields(fields(report.tls).certificate);
  const product = fields(fields(report.probe).product);
  return {
    key: endpointKey({ target, address, port, transport }),
    target,
    address,
    port,
    transport,
    url: text(report.url) ?? '',
    level: isRiskLevel(risk.level) ? risk.level : undefined,
    findings: findingsOf(risk.findings),
    undecided: new Set([...idsOf(risk.notTested), ...idsOf(risk.muted)]),
    certificate: text(certificate.fingerprint256),
    certificateEnds: text(certificate.validTo),
    product: text(product.name),
    version: text(product.version),
    listening: listeningOf(fields(report.traffic)),
  };
}

function findingsOf(value: unknown): Map<string, FindingSnapshot> {
  const findings = new Map<string, FindingSnapshot>();
  for (const item of list(value, MAX_FINDINGS)) {
    const { id, severity, title } = fields(item);
    const name = text(id);
    // Remarks come and go without anybody being safer or less so.
    if (name === undefined || !isRiskLevel(severity) || severity === 'OK') continue;
    findings.set(name, { severity, title: text(title) ?? name });
  }
  return findings;
}

function idsOf(value: unknown): string[] {
  return list(value, MAX_FINDINGS).flatMap((item) => text(fields(item).id) ?? []);
}

function listeningOf(traffic: Fields): ListeningSnapshot | undefined {
  const { listenedMs, listenedAs, endedBy, dropped } = traffic;
  if (typeof listenedMs !== 'number' || endedBy !== 'time' || typeof listenedAs !== 'string')
    return undefined;
  const topics = new Map<string, TopicSnapshot>();
  const all = Array.isArray(traffic.topics) ? traffic.topics.length : 0;
  for (const item of list(traffic.topics, MAX_TOPICS)) {
    const topic = fields(item);
    const name = text(topic.topic, 600);
    // The broker's own topics are statistics of the moment.
    if (name === undefined || name.startsWith('$')) continue;
    topics.set(name, topicOf(topic));
  }
  const capped = list(traffic.capped, 20).length > 0;
  return {
    as: printable(listenedAs, 20),
    ms: listenedMs,
    isComplete: dropped === 0 && !capped && all <= MAX_TOPICS,
    topics,
  };
}

function topicOf(topic: Fields): TopicSnapshot {
  const retained = topic.retained === true;
  const messages = typeof topic.messages === 'number' ? topic.messages : 0;
  const live = typeof topic.live === 'number' ? topic.live : Math.max(0, messages - (retained ? 1 : 0));
  const sensor = fields(topic.sensor);
  return {
    retained,
    live,
    spanMs: Date.parse(String(topic.lastSeen)) - Date.parse(String(topic.firstSeen)),
    sensor: text(sensor.type),
  };
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function list(value: unknown, limit: number): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, limit) : [];
}

function text(value: unknown, limit = 300): string | undefined {
  return typeof value === 'string' && value !== '' ? printable(value, limit) : undefined;
}
