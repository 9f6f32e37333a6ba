import type { ProtocolVersion } from '../model';
import type { Frame } from './frame-reader';
import { FROM_SERVER, PacketType } from './packet-types';
import { WireError } from './wire-error';

/** Takes PUBLISH packets as places in a buffer, which is valid during the call only: no object per message. */
export interface PublishSink {
  /** `retain` and `qos` are those of the packet; the topic lies in [topicAt, topicEnd), the payload in [payloadAt, end). */
  publish(
    bytes: Buffer,
    topicAt: number,
    topicEnd: number,
    payloadAt: number,
    end: number,
    retain: boolean,
    qos: number,
  ): void;
  /** Any other packet; it is small. */
  control(frame: Frame): void;
}

export interface PublishLimits {
  readonly protocolVersion: ProtocolVersion;
  /** Largest PUBLISH body in bytes; larger ones are passed over and counted. */
  readonly maxPublishBytes: number;
}

/** A SUBACK of ours answers one filter; CONNACK may carry properties. */
const MAX_CONTROL_BYTES = 4096;
const MAX_LENGTH_BYTES = 4;
const FIRST_ASSEMBLY_BYTES = 1024;

/**
 * Cuts a byte stream into packets and reads PUBLISH in place. It keeps at most one packet, never more bytes than
 * the limit of its type, in a buffer that is used again.
 */
export class PublishReader {
  /** PUBLISH packets that were too large to be read. */
  oversize = 0;
  /** PUBLISH packets of QoS 2, which nobody asked for: their delivery has four steps, and nothing is stored for it. */
  unasked = 0;
  readonly #limits: PublishLimits;
  readonly #sink: PublishSink;
  /** The unfinished packet: `#kept` bytes of this. */
  #assembly: Buffer = Buffer.alloc(0);
  #kept = 0;
  #toSkip = 0;
  #ended = false;

  constructor(limits: PublishLimits, sink: PublishSink) {
    this.#limits = limits;
    this.#sink = sink;
  }

  /** Nothing more is wanted, not even of the chunk at hand. */
  end(): void {
    this.#ended = true;
    this.#kept = 0;
    this.#assembly = Buffer.alloc(0);
  }

  /**
   * Reads on from `from`, at most `maxPackets` packets.
   * @returns where to go on; the length of the chunk when all of it was taken
   * @throws WireError; the reader must not be used afterwards
   */
  push(chunk: Buffer, from: number, maxPackets: number): number {
    let at = from;
    for (let packets = 0; packets < maxPackets && at < chunk.length && !this.#ended; ) {
      if (this.#toSkip > 0) {
        const passed = Math.min(this.#toSkip, chunk.length - at);
        this.#toSkip -= passed;
        at += passed;
      } else if (this.#kept > 0) {
        at = this.#complete(chunk, at);
        packets++;
      } else {
        const end = this.#packetEnd(chunk, at, chunk.length);
        if (end === undefined) at = this.#keep(chunk, at, chunk.length);
        else if (end < 0) at = -end;
        else if (end > chunk.length) at = this.#keep(chunk, at, chunk.length);
        else {
          this.#emit(chunk, at, end);
          at = end;
        }
        packets++;
      }
    }
    return this.#ended ? chunk.length : at;
  }

  /** Goes on with the packet whose first bytes are kept. */
  #complete(chunk: Buffer, from: number): number {
    let at = from;
    let end = this.#packetEnd(this.#assembly, 0, this.#kept);
    // The header itself was cut: byte by byte until it is whole.
    while (end === undefined && at < chunk.length) {
      at = this.#keep(chunk, at, at + 1);
      end = this.#packetEnd(this.#assembly, 0, this.#kept);
    }
    if (end === undefined) return at;
    if (end < 0) {
      // Too large, and nothing but its header is kept.
      this.#kept = 0;
      return at;
    }
    const next = this.#keep(chunk, at, Math.min(chunk.length, at + end - this.#kept));
    if (this.#kept === end) {
      this.#kept = 0;
      this.#emit(this.#assembly, 0, end);
    }
    return next;
  }

  #keep(chunk: Buffer, at: number, end: number): number {
    const needed = this.#kept + end - at;
    if (this.#assembly.length < needed) {
      const limit = Math.max(this.#limits.maxPublishBytes, MAX_CONTROL_BYTES) + 1 + MAX_LENGTH_BYTES;
      const size = Math.max(needed, Math.min(limit, this.#assembly.length * 2), FIRST_ASSEMBLY_BYTES);
      const larger = Buffer.allocUnsafeSlow(size);
      this.#assembly.copy(larger, 0, 0, this.#kept);
      this.#assembly = larger;
    }
    chunk.copy(this.#assembly, this.#kept, at, end);
    this.#kept = needed;
    return end;
  }

  /**
   * Where the packet at `at` ends; undefined while its header is incomplete; for one that is too large, where its
   * body begins, negative, after its body was set to be passed over.
   * @throws WireError
   */
  #packetEnd(bytes: Buffer, at: number, available: number): number | undefined {
    const type = (bytes[at] ?? 0) >> 4;
    if (type !== PacketType.PUBLISH && !FROM_SERVER.has(type)) {
      throw new WireError('forbidden-packet-type', `a server does not send packet type ${type}`);
    }
    let length = 0;
    for (let i = 1, factor = 1; i <= MAX_LENGTH_BYTES; i++, factor *= 128) {
      if (at + i >= available) return undefined;
      const byte = bytes[at + i] ?? 0;
      length += (byte & 127) * factor;
      if (byte < 128) return this.#bounded(type, at + i + 1, length);
    }
    throw new WireError('malformed-length', 'the Remaining Length has more than four bytes');
  }

  #bounded(type: number, bodyAt: number, length: number): number {
    const isPublish = type === PacketType.PUBLISH;
    if (length <= (isPublish ? this.#limits.maxPublishBytes : MAX_CONTROL_BYTES)) return bodyAt + length;
    if (!isPublish) throw new WireError('oversize', `packet type ${type} announces ${length} bytes`);
    this.oversize++;
    this.#toSkip = length;
    return -bodyAt;
  }

  #emit(bytes: Buffer, at: number, end: number): void {
    const first = bytes[at] ?? 0;
    let bodyAt = at + 2;
    while ((bytes[bodyAt - 1] ?? 0) >= 128) bodyAt++;
    if (first >> 4 !== PacketType.PUBLISH) {
      this.#sink.control({
        type: first >> 4,
        flags: first & 15,
        bytes: bytes.subarray(at, end),
        bodyAt: bodyAt - at,
      });
      return;
    }
    const qos = (first >> 1) & 3;
    const topicAt = bodyAt + 2;
    const topicEnd = topicAt + ((bytes[bodyAt] ?? 0) << 8) + (bytes[bodyAt + 1] ?? 0);
    // QoS 3 is forbidden [MQTT-3.3.1-4], and the length of the topic (5.0 §1.5.4) must fit into the packet.
    if (qos === 3 || topicEnd > end || topicAt > end) throw malformed();
    if (qos === 2) {
      this.unasked++;
      return;
    }
    // Some brokers send retained messages with the QoS of their publisher, whatever was subscribed. They are read
    // like any other, and not acknowledged.
    const bodyEnd = topicEnd + 2 * qos;
    if (bodyEnd > end) throw malformed();
    const payloadAt = this.#limits.protocolVersion === 5 ? behindProperties(bytes, bodyEnd, end) : bodyEnd;
    this.#sink.publish(bytes, topicAt, topicEnd, payloadAt, end, (first & 1) === 1, qos);
  }
}

const malformed = (): WireError => new WireError('malformed-packet', 'a PUBLISH is malformed');

const TOPIC_ALIAS = 0x23;
/** Lengths of the properties of PUBLISH that have a fixed one (MQTT 5.0 §2.2.2.2). */
const FIXED: ReadonlyMap<number, number> = new Map([
  [0x01, 1],
  [0x02, 4],
  [TOPIC_ALIAS, 2],
]);
/** Content type, response topic, correlation data: one text or bytes each. */
const TEXTS: ReadonlySet<number> = new Set([0x03, 0x08, 0x09]);
const USER_PROPERTY = 0x26;
const SUBSCRIPTION_IDENTIFIER = 0x0b;

/** Where the payload of a PUBLISH of MQTT 5 begins. @throws WireError */
function behindProperties(bytes: Buffer, at: number, end: number): number {
  // Most brokers send no properties.
  if (at < end && bytes[at] === 0) return at + 1;
  const [length, from] = readVarint(bytes, at, end);
  const until = from + length;
  if (until > end) throw malformed();
  for (let i = from; i < until; ) {
    const id = bytes[i] ?? 0;
    // We allow none: our CONNECT names no Topic Alias Maximum [MQTT-3.1.2-26].
    if (id === TOPIC_ALIAS) throw new WireError('unexpected-packet', 'a Topic Alias that nobody allowed');
    i = behindProperty(bytes, id, i + 1, until);
    if (i > until) throw malformed();
  }
  return until;
}

function behindProperty(bytes: Buffer, id: number, at: number, end: number): number {
  const fixed = FIXED.get(id);
  if (fixed !== undefined) return at + fixed;
  if (TEXTS.has(id)) return behindText(bytes, at);
  if (id === USER_PROPERTY) return behindText(bytes, behindText(bytes, at));
  if (id === SUBSCRIPTION_IDENTIFIER) return readVarint(bytes, at, end)[1];
  throw malformed();
}

function behindText(bytes: Buffer, at: number): number {
  return at + 2 + ((bytes[at] ?? 0) << 8) + (bytes[at + 1] ?? 0);
}

/** A variable byte integer (MQTT 5.0 §1.5.5) and the place behind it. @throws WireError */
export function readVarint(bytes: Uint8Array, at: number, end: number): readonly [number, number] {
  let value = 0;
  for (let i = 0, factor = 1; i < MAX_LENGTH_BYTES; i++, factor *= 128) {
    if (at + i >= end) throw malformed();
    const byte = bytes[at + i] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return [value, at + i + 1];
  }
  throw malformed();
}
