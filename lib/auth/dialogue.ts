import { generate } from 'mqtt-packet';
import { type Connack, MAX_TOPIC_CHARS, onStop, type ProtocolVersion, printable } from '../model';
import { openStream, type StageContext } from '../net';
import { numberOf, type Property, PropertyId, readProperties, textOf } from '../probe';
import {
  type ConnectForm,
  closeSoon,
  connackMeaning,
  DISCONNECT,
  decodeConnack,
  encodeForm,
  type Frame,
  FrameReader,
  GuardedStream,
  isConnectionFailure,
  PacketType,
  PINGREQ,
  WireError,
} from '../wire';
import { carriesLogin, type LoginTarget } from './login';

/**
 * Where a broker does not switch off Nagle's algorithm, and most do not, its second small packet waits until the first is
 * acknowledged, for which our system takes 40 ms. Packets of ours do it sooner: one each so many milliseconds, at most so
 * many after a request.
 */
const ACKNOWLEDGE = { everyMs: 4, times: 8 } as const;
/** Only that a message came matters here, not what it says. */
const MAX_PUBLISH_BYTES = 64 * 1024;
/** Bytes of a topic that are kept; a hundred topics of each filter are. */
const MAX_TOPIC_BYTES = 4 * MAX_TOPIC_CHARS;
/** Messages of one session that are looked at; a broker that sends more has proven what there was to prove. */
const MAX_MESSAGES = 5000;
/** Property of PUBLISH that names the subscriptions a message belongs to (5.0 §3.3.2.3.8). */
const SUBSCRIPTION_IDENTIFIER = 0x0b;

/** A message that came, without its payload. */
export interface Arrived {
  /** As it came, its first part where it is long; to be made printable before it is shown. */
  readonly topic: string;
  readonly retain: boolean;
  /** The subscriptions that it belongs to; empty where the broker does not tell. */
  readonly subscriptions: readonly number[];
  /** The last bytes of the payload. */
  readonly tail: string;
}

/** How a session ended that we did not mean to end. */
export interface Ending {
  readonly meaning: string;
  /** True when we ended it, because the broker broke the protocol. */
  readonly isViolation?: boolean;
  /** Reason code of DISCONNECT; MQTT 5 only. */
  readonly code?: number;
  readonly reasonString?: string;
}

/** The session did not come about; the CONNACK, when there was one, says why. */
export class NoSession extends Error {
  readonly connack: Connack | undefined;

  constructor(message: string, connack?: Connack) {
    super(message);
    this.name = 'NoSession';
    this.connack = connack;
  }
}

/**
 * A session in which every packet is our own decision: SUBSCRIBE with identifiers, several at once, and the broker's
 * codes and reasons for each, which MQTT.js does not pass on. It publishes nothing by itself.
 */
export class Dialogue {
  readonly protocolVersion: ProtocolVersion;
  connack!: Connack;
  /** The properties of CONNACK, in MQTT 5. */
  properties: readonly Property[] = [];
  /** Milliseconds from CONNECT to CONNACK. */
  rttMs = 0;
  messages = 0;
  ending: Ending | undefined;
  readonly #guard: GuardedStream;
  readonly #reader: FrameReader;
  readonly #signal: AbortSignal;
  readonly #codes = new Map<number, number>();
  readonly #wakers = new Set<() => void>();
  #listener: ((message: Arrived) => void) | undefined;
  #nextId = 1;
  #acknowledgements = 0;
  /** Something came that no packet of ours has acknowledged. */
  #isOwing = false;
  #connackFrame: Frame | undefined;

  private constructor(guard: GuardedStream, protocolVersion: ProtocolVersion, signal: AbortSignal) {
    this.#guard = guard;
    this.protocolVersion = protocolVersion;
    this.#signal = signal;
    // The guard has bounded every packet already.
    this.#reader = new FrameReader(
      { limitOf: () => Number.POSITIVE_INFINITY, oversize: 'reject' },
      { frame: (frame) => this.#take(frame), skipped: () => undefined },
    );
    const onEnd = (): void => this.#end({ meaning: 'the broker closed the connection' });
    guard
      .on('data', (chunk: Buffer) => {
        this.#isOwing = true;
        this.#reader.push(chunk);
        this.#wake();
      })
      .on('error', ({ message }) =>
        this.#end({ meaning: printable(message), ...(guard.violation && { isViolation: true }) }),
      )
      .on('end', onEnd)
      .on('close', onEnd);
  }

  /**
   * Connects and logs in.
   * @throws NoSession when the broker does not let us in; DialError, TlsFailure, WebSocketFailure; the signal's reason
   */
  static async open(
    { endpoint, transport }: LoginTarget,
    form: ConnectForm,
    context: StageContext,
  ): Promise<Dialogue> {
    const { stream } = await openStream(endpoint, transport, context, carriesLogin(form, context));
    const guard = new GuardedStream(stream, { maxPublishBytes: MAX_PUBLISH_BYTES });
    const dialogue = new Dialogue(guard, form.protocolVersion, context.signal);
    try {
      await dialogue.#connect(form, context.phaseTimeoutMs);
      return dialogue;
    } catch (thrown) {
      dialogue.drop();
      throw thrown;
    }
  }

  get isOver(): boolean {
    return this.ending !== undefined;
  }

  /** Hands over every message; to be set before subscribing, since messages may come before SUBACK. */
  onMessage(listener: (message: Arrived) => void): void {
    this.#listener = listener;
  }

  /**
   * Asks for one filter with QoS 0 and does not wait for the answer.
   * @param identified whether the broker is to tell, with each message, that it belongs to this subscription
   * @returns the packet identifier, which is the subscription's as well
   */
  subscribe(filter: string, identified = false): number {
    const id = this.#nextId++;
    this.#acknowledgements = ACKNOWLEDGE.times;
    const properties = identified ? { properties: { subscriptionIdentifier: id } } : {};
    this.#send(
      generate(
        { cmd: 'subscribe', messageId: id, subscriptions: [{ topic: filter, qos: 0 }], ...properties },
        { protocolVersion: this.protocolVersion },
      ),
    );
    return id;
  }

  /** The SUBACK code for a subscription; undefined while there is none. */
  codeOf(id: number): number | undefined {
    return this.#codes.get(id);
  }

  /** Publishes with QoS 0, not retained. */
  publish(topic: string, payload: string): void {
    this.#send(
      generate(
        { cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false },
        { protocolVersion: this.protocolVersion },
      ),
    );
  }

  /**
   * Waits until something holds, which packets or the end of the session bring about.
   * @returns false when it did not come to it in time
   * @throws the signal's reason when it is aborted
   */
  until(isDone: () => boolean, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        clearTimeout(timer);
        clearInterval(acknowledging);
        stopWaiting();
        this.#wakers.delete(look);
        if (this.#signal.aborted) reject(this.#signal.reason);
        else resolve(isDone());
      };
      const look = (): void => {
        if (isDone() || this.isOver) finish();
      };
      // Where this machine was busy, what is waited for may be here already and not read yet.
      const timer = setTimeout(() => setImmediate(finish), Math.max(0, timeoutMs));
      const acknowledging = setInterval(() => this.#acknowledge(), ACKNOWLEDGE.everyMs);
      const stopWaiting = onStop(this.#signal, finish);
      this.#wakers.add(look);
      if (this.#signal.aborted) finish();
      else look();
    });
  }

  /** Takes leave with DISCONNECT. */
  leave(): void {
    // Whoever floods us with what nobody asked for is not waited for.
    if (this.#guard.ignored > 0) {
      this.drop();
      return;
    }
    if (!this.isOver) this.#guard.end(DISCONNECT);
    this.#reader.end();
    closeSoon(this.#guard);
  }

  /** Closes without a word, which makes the broker send a will. */
  drop(): void {
    this.#reader.end();
    this.#guard.destroy();
  }

  /** Resolves once the connection is gone and its place is free; soon after `leave` or `drop`. */
  closed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#guard.closed) resolve();
      else this.#guard.once('close', () => resolve());
    });
  }

  async #connect(form: ConnectForm, timeoutMs: number): Promise<void> {
    const askedAt = performance.now();
    this.#send(encodeForm(form).bytes);
    await this.until(() => this.#connackFrame !== undefined, timeoutMs);
    const frame = this.#connackFrame;
    if (!frame) throw new NoSession(this.ending?.meaning ?? `no answer within ${timeoutMs} ms`);
    this.rttMs = performance.now() - askedAt;
    this.connack = decodeConnack(frame, form.protocolVersion);
    if (this.connack.protocolVersion === 5) this.properties = readProperties(frame);
    if (this.connack.code !== 0) throw new NoSession(this.connack.meaning, this.connack);
  }

  #send(bytes: Buffer): void {
    this.#isOwing = false;
    if (!this.isOver) this.#guard.write(bytes);
  }

  #acknowledge(): void {
    if (!this.#isOwing || this.#acknowledgements === 0) return;
    this.#acknowledgements--;
    this.#send(PINGREQ);
  }

  #take(frame: Frame): void {
    if (frame.type === PacketType.CONNACK) this.#connackFrame = frame;
    else if (frame.type === PacketType.PUBLISH) this.#takeMessage(frame);
    else if (frame.type === PacketType.SUBACK) this.#takeSuback(frame);
    else if (frame.type === PacketType.DISCONNECT) this.#takeDisconnect(frame);
  }

  #takeSuback({ bytes, bodyAt }: Frame): void {
    const code = bytes.at(-1);
    if (bytes.length < bodyAt + 3 || code === undefined) return;
    const id = bytes.readUInt16BE(bodyAt);
    // Answers to what was never asked would fill the map.
    if (id > 0 && id < this.#nextId) this.#codes.set(id, code);
  }

  #takeMessage({ bytes, bodyAt, flags }: Frame): void {
    this.messages++;
    if (this.messages > MAX_MESSAGES) return;
    const topicBytes = bytes.readUInt16BE(bodyAt);
    const topicAt = bodyAt + 2;
    // The properties are read from two bytes behind where they are told to start.
    const properties =
      this.protocolVersion === 5 ? readProperties({ bytes, bodyAt: topicAt + topicBytes - 2 }) : [];
    this.#listener?.({
      topic: bytes.toString('utf8', topicAt, topicAt + Math.min(topicBytes, MAX_TOPIC_BYTES)),
      retain: (flags & 1) === 1,
      subscriptions: properties.flatMap(({ id, value }) =>
        id === SUBSCRIPTION_IDENTIFIER && typeof value === 'number' ? [value] : [],
      ),
      tail: bytes.toString('latin1', Math.max(topicAt + topicBytes, bytes.length - 32)),
    });
  }

  #takeDisconnect({ bytes, bodyAt }: Frame): void {
    const code = bytes[bodyAt] ?? 0;
    const reasonString = textOf(readProperties({ bytes, bodyAt: bodyAt - 1 }), PropertyId.REASON_STRING);
    this.#end({
      code,
      meaning: `the broker ended the session: ${connackMeaning(code, 5)}`,
      ...(reasonString !== undefined && { reasonString }),
    });
  }

  #end(ending: Ending): void {
    this.ending ??= ending;
    this.#wake();
  }

  #wake(): void {
    for (const look of [...this.#wakers]) look();
  }
}

/** What a CONNACK of MQTT 5 announces about one thing. */
export function announced(dialogue: Dialogue, id: number): number | undefined {
  return numberOf(dialogue.properties, id);
}

/** True for what `Dialogue.open` throws when the target is to blame. */
export function isNoSession(thrown: unknown): boolean {
  return thrown instanceof NoSession || thrown instanceof WireError || isConnectionFailure(thrown);
}
