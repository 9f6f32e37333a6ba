import type { Duplex } from 'node:stream';
import { generate } from 'mqtt-packet';
import { type Endpoint, onStop, type ProtocolVersion, reasonOf, type Transport } from '../model';
import { giveTurnUp, openStream, type StageContext, takeTurn } from '../net';
import { connackMeaning } from './answer-codes';
import { randomClientId } from './client-id';
import { decodeConnack } from './connack-packet';
import { KEEP_ALIVE_S } from './connect-form';
import { DISCONNECT, encodeConnect, PINGREQ } from './connect-packet';
import type { Frame } from './frame-reader';
import { closeSoon } from './handshake';
import { PacketType } from './packet-types';
import { PublishReader, type PublishSink, readVarint } from './publish-reader';
import { SessionError, type SessionOptions, type Subscription } from './session';
import { WireError } from './wire-error';

export type OnPublish = PublishSink['publish'];

const EMPTY = Buffer.alloc(0);
/** A few milliseconds of work, also when each of them is new. */
const PACKETS_PER_TURN = 1500;
/** Such a chunk is no more than a turn's work. */
const SMALL_CHUNK_BYTES = 4 * 1024;
/** A broker that asks for a shorter keep-alive is not taken for gone sooner than this. */
const MIN_SILENCE_MS = 10_000;

/**
 * One MQTT session that listens at the broker's full speed: CONNECT, SUBSCRIBE with QoS 0, keep alive, DISCONNECT.
 * It publishes nothing, keeps one packet at most, and reads messages in place; a client library makes several
 * objects for each. One chunk is looked at per round of the event loop.
 */
export class Subscriber {
  readonly #stream: Duplex;
  readonly #version: ProtocolVersion;
  readonly #timeoutMs: number;
  readonly #reader: PublishReader;
  readonly #asked = new Map<number, (subscription: number | undefined) => void>();
  #onPublish: OnPublish = () => undefined;
  #onConnack: ((frame: Frame) => void) | undefined;
  #onClose: (() => void)[] = [];
  #pending: Buffer = EMPTY;
  #at = 0;
  /** What the stream did behind its last bytes. */
  #ending: (() => void) | undefined;
  #failure: string | undefined;
  #gone = false;
  #keepAlive: NodeJS.Timeout | undefined;
  #heard = false;
  #silentPings = 0;

  private constructor(stream: Duplex, options: SessionOptions, timeoutMs: number) {
    this.#stream = stream;
    this.#version = options.protocolVersion;
    this.#timeoutMs = timeoutMs;
    this.#reader = new PublishReader(options, {
      publish: (bytes, topicAt, topicEnd, payloadAt, end, retain, qos) =>
        this.#onPublish(bytes, topicAt, topicEnd, payloadAt, end, retain, qos),
      control: (frame) => this.#control(frame),
    });
    stream
      .on('data', this.#receive)
      .on('error', this.#onError)
      .on('end', this.#onEnd)
      .on('close', this.#onEnd);
  }

  /**
   * Connects and logs in.
   * @throws SessionError when the broker refuses or does not answer within the phase's deadline; DialError,
   *   TlsFailure, WebSocketFailure; the signal's reason when it is aborted
   */
  static async open(
    endpoint: Endpoint,
    transport: Transport,
    options: SessionOptions,
    context: StageContext,
  ): Promise<Subscriber> {
    const { stream } = await openStream(endpoint, transport, context, options.credentials !== undefined);
    const subscriber = new Subscriber(stream, options, context.phaseTimeoutMs);
    try {
      await subscriber.#connect(options, context.signal);
      return subscriber;
    } catch (thrown) {
      subscriber.destroy();
      throw thrown;
    }
  }

  /** PUBLISH packets that were passed over: too large, or of QoS 2, which nobody asked for. */
  get passedOver(): number {
    return this.#reader.oversize + this.#reader.unasked;
  }

  /** Why the connection broke, when the peer is to blame: it broke the protocol, refused, or reset. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Hands over every message; to be set before subscribing, since messages may come before SUBACK [MQTT-3.8.4-3]. */
  onPublish(listener: OnPublish): void {
    this.#onPublish = listener;
  }

  /** Hands over no more messages, not even those of the packet at hand, and reads no more; to be followed by `close`. */
  mute(): void {
    this.#onPublish = () => undefined;
    this.#reader.end();
  }

  /** Calls back once when the connection is gone; at once when it is gone already. */
  onClose(listener: () => void): void {
    if (this.#gone) listener();
    else this.#onClose.push(listener);
  }

  /** Asks for one filter with QoS 0. A refusal is a result; so is silence until the deadline or the end. */
  subscribe(filter: string): Promise<Subscription> {
    return new Promise((resolve) => {
      const messageId = this.#asked.size + 1;
      const finish = (code: number | undefined): void => {
        clearTimeout(timer);
        this.#asked.set(messageId, () => undefined);
        const granted = code !== undefined && code < 0x80;
        resolve({ filter, granted, ...(code !== undefined && { code }) });
      };
      const timer = setTimeout(() => finish(undefined), this.#timeoutMs);
      this.#asked.set(messageId, finish);
      if (this.#gone) return finish(undefined);
      const subscriptions = [{ topic: filter, qos: 0 as const }];
      const options = { protocolVersion: this.#version };
      this.#stream.write(generate({ cmd: 'subscribe', messageId, subscriptions }, options));
    });
  }

  /** Nothing more is read. Takes leave with DISCONNECT, then takes the connection down, within a quarter of a second. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#stream.closed || this.#stream.destroyed) {
        this.#end();
        return resolve();
      }
      this.#stream.once('close', () => resolve());
      this.#end();
      if (this.#stream.writable) this.#stream.end(DISCONNECT);
      closeSoon(this.#stream);
      this.#stream.resume();
    });
  }

  /** Takes the connection down at once. */
  destroy(): void {
    this.#end();
    this.#stream.destroy();
  }

  #connect({ protocolVersion, credentials }: SessionOptions, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        stopWaiting();
        this.#onConnack = undefined;
        this.#onClose = [];
        act();
      };
      const fail = (reason: string): void => settle(() => reject(new SessionError(reason)));
      const onAbort = (): void => settle(() => reject(signal.reason));
      const timer = setTimeout(() => fail(`no answer within ${this.#timeoutMs} ms`), this.#timeoutMs);
      const stopWaiting = onStop(signal, onAbort);
      if (signal.aborted) return onAbort();
      this.onClose(() => fail(this.#failure ?? 'the broker closed the connection'));
      this.#onConnack = (frame) => {
        const { code, meaning, properties } = decodeConnack(frame, protocolVersion);
        if (code !== 0) return fail(`the broker refused the session: ${meaning}`);
        this.#startKeepAlive(properties?.serverKeepAlive);
        settle(resolve);
      };
      this.#stream.write(encodeConnect({ protocolVersion, clientId: randomClientId(), credentials }));
    });
  }

  #startKeepAlive(asked: unknown): void {
    // [MQTT-3.2.2-21]: the server's value replaces ours.
    const seconds = typeof asked === 'number' && asked > 0 ? asked : KEEP_ALIVE_S;
    const intervalMs = 500 * seconds;
    const patience = Math.max(2, Math.ceil(MIN_SILENCE_MS / intervalMs));
    this.#keepAlive = setInterval(() => {
      this.#silentPings = this.#heard ? 0 : this.#silentPings + 1;
      this.#heard = false;
      if (this.#silentPings > patience) this.#fail('the broker answers no more');
      // A peer that reads nothing is not written to without end.
      else if (this.#stream.writable && this.#stream.writableLength < 64) this.#stream.write(PINGREQ);
    }, intervalMs);
  }

  readonly #receive = (chunk: Buffer): void => {
    this.#heard = true;
    const isIdle = this.#pending.length === 0;
    this.#pending = isIdle ? chunk : Buffer.concat([this.#pending.subarray(this.#at), chunk]);
    this.#at = 0;
    // Who sends little is read at once; pausing and taking turns would cost more than his messages.
    if (isIdle && chunk.length <= SMALL_CHUNK_BYTES) this.#read();
    if (this.#gone || this.#pending.length === 0) return;
    this.#stream.pause();
    takeTurn(this.#turn);
  };

  readonly #turn = (): void => {
    if (this.#gone) return;
    this.#read();
    if (this.#gone) return;
    if (this.#pending.length > 0) takeTurn(this.#turn);
    else if (this.#ending) this.#ending();
    else this.#stream.resume();
  };

  /** Reads on in what is pending, as much as one turn may. */
  #read(): void {
    try {
      this.#at = this.#reader.push(this.#pending, this.#at, PACKETS_PER_TURN);
    } catch (thrown) {
      this.#fail(thrown instanceof WireError ? thrown.message : reasonOf(thrown));
    }
    if (this.#at < this.#pending.length) return;
    this.#pending = EMPTY;
    this.#at = 0;
  }

  readonly #onError = (error: Error): void => {
    this.#failure ??= reasonOf(error);
    this.#onEnd();
  };

  /** A stream may end and close behind its last bytes although it is paused. */
  readonly #onEnd = (): void => {
    if (this.#pending.length === 0) this.#over();
    else this.#ending = () => this.#over();
  };

  #control(frame: Frame): void {
    const isConnack = frame.type === PacketType.CONNACK;
    // [MQTT-3.2.0-1]: CONNACK comes first, and once. AUTH answers a method [MQTT-4.12.0-6]; ours names none.
    if (isConnack !== (this.#onConnack !== undefined) || frame.type === PacketType.AUTH) {
      throw new WireError('unexpected-packet', `packet type ${frame.type} at the wrong time`);
    }
    if (isConnack) this.#onConnack?.(frame);
    else if (frame.type === PacketType.SUBACK) this.#suback(frame);
    else if (frame.type === PacketType.DISCONNECT) {
      const code = frame.bytes[frame.bodyAt];
      this.#fail(`the broker disconnected${code ? `: ${connackMeaning(code, 5)}` : ''}`);
    }
  }

  #suback({ bytes, bodyAt }: Frame): void {
    if (bodyAt + 3 > bytes.length) return;
    const finish = this.#asked.get(bytes.readUInt16BE(bodyAt));
    if (!finish) return;
    let at = bodyAt + 2;
    if (this.#version === 5) {
      const [length, from] = readVarint(bytes, at, bytes.length);
      at = from + length;
    }
    finish(bytes[at]);
  }

  #fail(reason: string): void {
    this.#failure ??= reason;
    this.#over();
    this.#stream.destroy();
  }

  #over(): void {
    if (this.#gone) return;
    const listeners = this.#onClose;
    this.#end();
    this.#stream.destroy();
    for (const listener of listeners) listener();
  }

  /** Lets go of everything but the stream, whose errors are nobody's business any more. */
  #end(): void {
    this.#gone = true;
    clearInterval(this.#keepAlive);
    giveTurnUp(this.#turn);
    this.#reader.end();
    this.#pending = EMPTY;
    this.#onClose = [];
    for (const finish of [...this.#asked.values()]) finish(undefined);
    this.#asked.clear();
    const stream = this.#stream;
    stream
      .off('data', this.#receive)
      .off('error', this.#onError)
      .off('end', this.#onEnd)
      .off('close', this.#onEnd);
    stream.on('error', () => undefined);
  }
}
