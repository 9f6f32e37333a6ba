import { MAX_TOPIC_CHARS, printable, printablePayload, type TopicReport } from '../model';
import { recogniseSensor } from './sensors';

export interface TopicLimits {
  readonly maxTopics: number;
  /** Bytes of the newest payload that are kept per topic. */
  readonly maxPayload: number;
}

interface Entry {
  messages: number;
  bytes: number;
  retained: boolean;
  qos: number;
  payload: Buffer;
  truncated: boolean;
  firstSeen: number;
  lastSeen: number;
}

/** What one endpoint published, per topic, within fixed limits. */
export class TopicLog {
  messages = 0;
  bytes = 0;
  /** Messages of topics beyond the limit. */
  dropped = 0;
  readonly #limits: TopicLimits;
  readonly #entries = new Map<string, Entry>();

  constructor(limits: TopicLimits) {
    this.#limits = limits;
  }

  get isFull(): boolean {
    return this.#entries.size >= this.#limits.maxTopics;
  }

  /** Notes one message; only counting is done here, at the speed at which they come. */
  add(
    topic: string,
    payload: Buffer,
    flags: { readonly retain: boolean; readonly qos: number },
    now: number,
  ): void {
    this.messages++;
    this.bytes += payload.length;
    const known = this.#entries.get(topic);
    if (!known && this.isFull) {
      this.dropped++;
      return;
    }
    const { maxPayload } = this.#limits;
    this.#entries.set(topic, {
      messages: (known?.messages ?? 0) + 1,
      bytes: (known?.bytes ?? 0) + payload.length,
      retained: (known?.retained ?? false) || flags.retain,
      qos: flags.qos,
      // A copy: the payload is a slice of a much larger network buffer that would be kept alive.
      payload: Buffer.from(payload.subarray(0, maxPayload)),
      truncated: payload.length > maxPayload,
      firstSeen: known?.firstSeen ?? now,
      lastSeen: now,
    });
  }

  /** The topics in the order in which they were first seen, with what was recognised in them. */
  reports(): TopicReport[] {
    return [...this.#entries].map(([topic, entry]) => topicReport(topic, entry, this.#limits.maxPayload));
  }
}

function topicReport(topic: string, entry: Entry, maxPayload: number): TopicReport {
  const { messages, bytes, retained, qos, truncated } = entry;
  const payload = printablePayload(entry.payload, maxPayload);
  const sensor = truncated ? undefined : recogniseSensor(topic, entry.payload.toString('utf8'));
  return {
    topic: printable(topic, MAX_TOPIC_CHARS),
    messages,
    bytes,
    retained,
    qos,
    payload,
    truncated,
    firstSeen: new Date(entry.firstSeen).toISOString(),
    lastSeen: new Date(entry.lastSeen).toISOString(),
    ...(sensor && { sensor }),
  };
}
