import { Duplex } from 'node:stream';
import { type Frame, FrameReader } from './frame-reader';
import { PacketType } from './packet-types';
import { WireError } from './wire-error';

export interface GuardLimits {
  /** Largest PUBLISH body; larger ones are passed over and counted. */
  readonly maxPublishBytes: number;
}

/** Acknowledgements and CONNACK; a SUBACK of ours answers a handful of filters. */
const MAX_CONTROL_BYTES = 4096;

/**
 * Stands between a socket and MQTT.js and lets through only whole, bounded packets that a server may send.
 * MQTT.js itself buffers whatever length is announced, keeps a dead connection after a parser error, and
 * stores QoS 2 messages without end.
 */
export class GuardedStream extends Duplex {
  /** PUBLISH packets that were too large to be read. */
  oversize = 0;
  /** PUBLISH packets above QoS 0, which nobody asked for (subscriptions are made with QoS 0). */
  unasked = 0;
  readonly #socket: Duplex;
  readonly #reader: FrameReader;
  #connected = false;

  constructor(socket: Duplex, limits: GuardLimits) {
    super();
    this.#socket = socket;
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
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#socket.write(chunk, encoding, callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#socket.end(callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#socket.destroy();
    callback(error);
  }

  #receive(chunk: Buffer): void {
    if (this.destroyed) return;
    try {
      this.#reader.push(chunk);
    } catch (thrown) {
      this.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }

  #accept(frame: Frame): void {
    const isConnack = frame.type === PacketType.CONNACK;
    // [MQTT-3.2.0-1]: CONNACK comes first. A second one makes MQTT.js connect again, without end. AUTH answers
    // an authentication method [MQTT-4.12.0-6], and ours never names one.
    if (isConnack === this.#connected || frame.type === PacketType.AUTH) {
      throw new WireError('unexpected-packet', `packet type ${frame.type} at the wrong time`);
    }
    this.#connected ||= isConnack;
    if (frame.type === PacketType.PUBLISH && !this.#isReadable(frame)) return;
    if (!this.push(frame.bytes)) this.#socket.pause();
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
    if (type !== PacketType.PUBLISH) {
      throw new WireError('oversize', `packet type ${type} announces ${length} bytes`);
    }
    this.oversize++;
  }
}
