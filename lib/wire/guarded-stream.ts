import type { Duplex } from 'node:stream';
import { PacedStream, TURN_BYTES } from '../net';
import { type Frame, FrameReader } from './frame-reader';
import { PacketType } from './packet-types';
import { WireError } from './wire-error';

export interface GuardLimits {
  /** Largest PUBLISH body; larger ones are passed over and counted. */
  readonly maxPublishBytes: number;
  /** Messages are published with QoS 1, and PUBACK answers them. */
  readonly takesPuback?: boolean;
}

/** Acknowledgements and CONNACK; a SUBACK of ours answers a handful of filters. */
const MAX_CONTROL_BYTES = 4096;

/**
 * Sessions subscribe, publish with QoS 0 and keep alive; no other packet answers anything they send. MQTT.js
 * answers each PUBREL all the same, and keeps the answers in memory when the peer does not read them.
 */
const ANSWERS: ReadonlySet<number> = new Set([
  PacketType.CONNACK,
  PacketType.PUBLISH,
  PacketType.SUBACK,
  PacketType.PINGRESP,
  PacketType.DISCONNECT,
]);

/** Whoever sends few and large packets is given more at once. */
const LARGE_TURN_BYTES = 64 * 1024;
const MANY_PACKETS = 64;
/** Packets other than PUBLISH that pass in one turn; MQTT.js sets its timers anew at each of them. */
const MAX_ANSWERS = 32;

/**
 * Stands between a socket and MQTT.js and lets through only whole, bounded packets that a server may send.
 * MQTT.js itself buffers whatever length is announced, keeps a dead connection after a parser error, and
 * stores QoS 2 messages without end.
 */
export class GuardedStream extends PacedStream {
  /** PUBLISH packets that were too large to be read. */
  oversize = 0;
  /** PUBLISH packets above QoS 0, which nobody asked for (subscriptions are made with QoS 0). */
  unasked = 0;
  /** Acknowledgements of what was never sent, and floods of others. */
  ignored = 0;
  /** The breach of the protocol for which the connection was taken down. */
  violation: WireError | undefined;
  readonly #reader: FrameReader;
  readonly #takesPuback: boolean;
  #connected = false;
  /** Packets of the present turn that may pass. */
  #passed: Buffer[] = [];
  #packets = 0;
  #answers = 0;

  constructor(socket: Duplex, limits: GuardLimits) {
    super(socket);
    this.#takesPuback = limits.takesPuback ?? false;
    this.#reader = new FrameReader(
      {
        limitOf: (type) => (type === PacketType.PUBLISH ? limits.maxPublishBytes : MAX_CONTROL_BYTES),
        oversize: 'skip',
      },
      {
        frame: (frame) => this.#accept(frame),
        skipped: (type, length) => this.#skipped(type, length),
      },
    );
  }

  protected override pass(bytes: Buffer): boolean {
    this.#answers = 0;
    this.#packets = 0;
    try {
      this.#reader.push(bytes);
      this.turnBytes = this.#packets > MANY_PACKETS ? TURN_BYTES : LARGE_TURN_BYTES;
      return this.#handOver();
    } catch (thrown) {
      // What came before the breach was honest.
      this.#handOver();
      if (thrown instanceof WireError) this.violation = thrown;
      this.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
      return false;
    }
  }

  /** All packets of a turn in one piece. False when MQTT.js does not want more for now; then it calls `_read`. */
  #handOver(): boolean {
    const passed = this.#passed;
    if (passed.length === 0) return true;
    this.#passed = [];
    return this.push(passed.length === 1 ? passed[0] : Buffer.concat(passed));
  }

  #accept(frame: Frame): void {
    this.#packets++;
    const isConnack = frame.type === PacketType.CONNACK;
    // [MQTT-3.2.0-1]: CONNACK comes first. A second one makes MQTT.js connect again, without end. AUTH answers
    // an authentication method [MQTT-4.12.0-6], and ours never names one.
    if (isConnack === this.#connected || frame.type === PacketType.AUTH) {
      throw new WireError('unexpected-packet', `packet type ${frame.type} at the wrong time`);
    }
    this.#connected ||= isConnack;
    const isWanted = frame.type === PacketType.PUBLISH ? this.#isReadable(frame) : this.#isAnswer(frame);
    if (isWanted) this.#passed.push(frame.bytes);
  }

  #isAnswer({ type }: Frame): boolean {
    const isKnown = ANSWERS.has(type) || (this.#takesPuback && type === PacketType.PUBACK);
    const isAnswer = isKnown && this.#answers++ < MAX_ANSWERS;
    if (!isAnswer) this.ignored++;
    return isAnswer;
  }

  #isReadable(frame: Frame): boolean {
    const qos = (frame.flags >> 1) & 3;
    const { bytes, bodyAt } = frame;
    const topicAt = bodyAt + 2;
    if (qos === 3 || topicAt > bytes.length || topicAt + bytes.readUInt16BE(bodyAt) > bytes.length) {
      throw new WireError('malformed-packet', 'a PUBLISH is malformed');
    }
    if (qos > 0) this.unasked++;
    return qos === 0;
  }

  #skipped(type: number, length: number): void {
    this.#packets++;
    if (type !== PacketType.PUBLISH) {
      throw new WireError('oversize', `packet type ${type} announces ${length} bytes`);
    }
    this.oversize++;
  }
}
