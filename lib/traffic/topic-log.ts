import { createHash } from 'node:crypto';
import { isDeclaration } from './declarations';

export interface TopicLimits {
  readonly maxTopics: number;
  /** Bytes of the newest payload that are kept per topic. */
  readonly maxPayload: number;
}

/** All newest payloads of one endpoint together; topics are counted beyond it, their payloads are cut. */
export const PAYLOAD_BUDGET_BYTES = 1024 * 1024;
/** One payload takes at most this share of what is left, so that late and small ones still find room. */
const SHARE = 16;
/** What devices declare of themselves is long, and worth more than what is shown of it. */
const DECLARATION_BYTES = 128 * 1024;
const DECLARATION_BUDGET_BYTES = 2 * 1024 * 1024;
/** Bytes of a topic's name that are kept. */
export const MAX_NAME_BYTES = 2048;
/** Whatever a caller asks for: names and counters of a topic take up to some KB. */
const MOST_TOPICS = 50_000;

const EMPTY = Buffer.alloc(0);

/** What came on one topic. */
export class TopicEntry {
  /** The name's first bytes. */
  readonly name: Buffer;
  /** Length of the whole name in bytes. */
  readonly nameBytes: number;
  /** Tells names apart of which only the beginning is kept: hexadecimal SHA-256; empty for short ones. */
  readonly digest: string;
  readonly isDeclaration: boolean;
  messages = 0;
  bytes = 0;
  /** Messages that came live, not as retained ones at the subscription. */
  live = 0;
  retained = false;
  /** Of the newest message. */
  qos = 0;
  /** The newest payload as far as it is kept: `length` bytes of this. */
  buffer: Buffer = EMPTY;
  length = 0;
  truncated = false;
  /** Length of the newest payload, kept or not. */
  size = 0;
  readonly firstSeen: number;
  lastSeen: number;
  /** The payload has changed since it was looked at. */
  dirty = false;
  lookedAt = 0;
  /** When a live reading of it was sent last. */
  readingAt = 0;
  readingPending = false;

  constructor(name: Buffer, nameBytes: number, digest: string, now: number) {
    this.name = name;
    this.nameBytes = nameBytes;
    this.digest = digest;
    this.isDeclaration = isDeclaration(name);
    this.firstSeen = now;
    this.lastSeen = now;
  }

  /** Valid until the next message. */
  get payload(): Buffer {
    return this.buffer.subarray(0, this.length);
  }
}

/** What one endpoint published, per topic, within fixed limits. Only counting is done here, at the speed at which messages come. */
export class TopicLog {
  messages = 0;
  bytes = 0;
  /** Messages of topics beyond the limit. */
  dropped = 0;
  /** Bytes that payloads take. */
  keptBytes = 0;
  /** True when a payload was cut because the budget ran out. */
  budgetHit = false;
  /** Topics whose payload is new or has changed, in the order in which that happened. */
  readonly changed: TopicEntry[] = [];
  readonly #maxTopics: number;
  readonly #maxPayload: number;
  readonly #entries = new Map<string, TopicEntry>();
  #declarationBytes = 0;

  constructor({ maxTopics, maxPayload }: TopicLimits) {
    this.#maxTopics = Math.min(maxTopics, MOST_TOPICS);
    this.#maxPayload = maxPayload;
  }

  get isFull(): boolean {
    return this.#entries.size >= this.#maxTopics;
  }

  /** In the order in which they were first seen. */
  entries(): IterableIterator<TopicEntry> {
    return this.#entries.values();
  }

  get size(): number {
    return this.#entries.size;
  }

  /** The topic of this name. */
  find(topic: string): TopicEntry | undefined {
    const bytes = Buffer.from(topic);
    return this.#entries.get(keyOf(bytes, 0, bytes.length));
  }

  /** Has a topic looked at again although its payload is the same. */
  touch(entry: TopicEntry): void {
    if (entry.dirty) return;
    entry.dirty = true;
    this.changed.push(entry);
  }

  /**
   * Notes one message, given as places in a buffer that is not kept.
   * @returns its topic; undefined when that is one too many
   */
  note(
    bytes: Buffer,
    topicAt: number,
    topicEnd: number,
    payloadAt: number,
    end: number,
    retain: boolean,
    now: number,
  ): TopicEntry | undefined {
    const length = end - payloadAt;
    this.messages++;
    this.bytes += length;
    const key = keyOf(bytes, topicAt, topicEnd);
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      if (this.isFull) {
        this.dropped++;
        return undefined;
      }
      const name = Buffer.from(bytes.subarray(topicAt, Math.min(topicEnd, topicAt + MAX_NAME_BYTES)));
      const digest = topicEnd - topicAt > MAX_KEY_BYTES ? key.slice(1) : '';
      entry = new TopicEntry(name, topicEnd - topicAt, digest, now);
      this.#entries.set(key, entry);
    }
    entry.messages++;
    entry.bytes += length;
    if (retain) entry.retained = true;
    else entry.live++;
    entry.lastSeen = now;
    this.#keep(entry, bytes, payloadAt, end);
    return entry;
  }

  /** Copies the payload: it is a slice of a much larger network buffer that would be kept alive. */
  #keep(entry: TopicEntry, bytes: Buffer, at: number, end: number): void {
    const wanted = Math.min(end - at, entry.isDeclaration ? DECLARATION_BYTES : this.#maxPayload);
    if (entry.buffer.length < wanted) this.#enlarge(entry, wanted);
    const kept = Math.min(wanted, entry.buffer.length);
    if (!entry.dirty) {
      const isSame =
        entry.messages > 1 &&
        kept === entry.length &&
        bytes.compare(entry.buffer, 0, kept, at, at + kept) === 0;
      if (isSame && entry.size === end - at) return;
      this.touch(entry);
    }
    bytes.copy(entry.buffer, 0, at, at + kept);
    entry.length = kept;
    entry.size = end - at;
    entry.truncated = entry.size > kept;
  }

  #enlarge(entry: TopicEntry, wanted: number): void {
    const left = entry.isDeclaration
      ? DECLARATION_BUDGET_BYTES - this.#declarationBytes
      : PAYLOAD_BUDGET_BYTES - this.keptBytes;
    // Some room to grow, so that a reading with one digit more needs no new buffer.
    const size = Math.min(wanted + 16, Math.max(entry.buffer.length, Math.floor(left / SHARE)));
    if (size < wanted) this.budgetHit = true;
    if (size <= entry.buffer.length) return;
    if (entry.isDeclaration) this.#declarationBytes += size - entry.buffer.length;
    else this.keptBytes += size - entry.buffer.length;
    entry.buffer = Buffer.allocUnsafeSlow(size);
    entry.length = 0;
  }
}

/** Longer names are told apart by their digest; what differs may stand at their end. */
const MAX_KEY_BYTES = 256;

/** One byte per character, so that names which are no UTF-8 stay what they are. */
function keyOf(bytes: Buffer, at: number, end: number): string {
  if (end - at <= MAX_KEY_BYTES) return bytes.toString('latin1', at, end);
  return `\0${createHash('sha256').update(bytes.subarray(at, end)).digest('hex')}`;
}
