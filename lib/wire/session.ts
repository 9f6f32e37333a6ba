import { MqttClient } from 'mqtt';
import { type Credentials, type Endpoint, onStop, type ProtocolVersion, type Transport } from '../model';
import { DialError, openStream, type StageContext, TlsFailure, WebSocketFailure } from '../net';
import { randomClientId } from './client-id';
import { KEEP_ALIVE_S } from './connect-form';
import { GuardedStream } from './guarded-stream';

export interface SessionOptions {
  readonly protocolVersion: ProtocolVersion;
  readonly credentials?: Credentials | undefined;
  /** Largest PUBLISH body that is read, in bytes. */
  readonly maxPublishBytes: number;
}

/** What a broker said to one topic filter. */
export interface Subscription {
  readonly filter: string;
  readonly granted: boolean;
  /** SUBACK code; absent when there was no SUBACK. */
  readonly code?: number;
}

/** The session did not come about, or broke. */
export class SessionError extends Error {}

/** True for what `Session.open` throws when the target is to blame; anything else is a mistake of ours or the user's. */
export function isConnectionFailure(thrown: unknown): boolean {
  return [SessionError, DialError, TlsFailure, WebSocketFailure].some((kind) => thrown instanceof kind);
}

/** MQTT.js shows its packets, CONNECT with the login in it among them, to whoever switches its debug output on. */
const tellNobody = (): void => undefined;

/** A login as bytes, as packets hold it: the encoder of MQTT.js shows texts in its debug output, and bytes it does not. */
function hidden({ username, password }: Credentials): { username: string; password: Buffer } {
  return { username: Buffer.from(username) as unknown as string, password: Buffer.from(password) };
}

/**
 * One MQTT session that publishes: MQTT.js on a guarded stream. It never reconnects, publishes nothing by itself and
 * leaves no session at the broker.
 */
export class Session {
  readonly #client: MqttClient;
  readonly #guard: GuardedStream;
  readonly #timeoutMs: number;
  #failure: string | undefined;

  private constructor(client: MqttClient, guard: GuardedStream, timeoutMs: number) {
    this.#client = client;
    this.#guard = guard;
    this.#timeoutMs = timeoutMs;
    client.on('error', ({ message }) => {
      this.#failure ??= message;
      // After a packet that it cannot read MQTT.js stays connected and is deaf.
      guard.destroy();
    });
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
  ): Promise<Session> {
    const { stream } = await openStream(endpoint, transport, context, options.credentials !== undefined);
    const guard = new GuardedStream(stream, { ...options, takesPuback: true });
    const { protocolVersion, credentials } = options;
    const client = new MqttClient(() => guard, {
      protocolId: protocolVersion === 3 ? 'MQIsdp' : 'MQTT',
      protocolVersion,
      clientId: randomClientId(),
      clean: true,
      keepalive: KEEP_ALIVE_S,
      reconnectPeriod: 0,
      connectTimeout: context.phaseTimeoutMs,
      resubscribe: false,
      queueQoSZero: false,
      log: tellNobody,
      ...(credentials && hidden(credentials)),
    });
    const session = new Session(client, guard, context.phaseTimeoutMs);
    try {
      await session.#connected(context.signal);
      return session;
    } catch (thrown) {
      session.destroy();
      throw thrown;
    }
  }

  /** Why the connection broke, when the peer is to blame: it broke the protocol, refused, or reset. */
  get failure(): string | undefined {
    return this.#guard.violation?.message ?? this.#failure;
  }

  /** Calls back once when the connection is gone, whoever ended it; at once when it is gone already. */
  onClose(listener: () => void): void {
    if (this.#guard.destroyed) listener();
    else this.#client.once('close', listener);
  }

  /**
   * Publishes a retained message with QoS 1; an empty payload clears what is retained [MQTT-3.3.1-10].
   * @returns whether the broker said within the phase's deadline that it took it, which only MQTT 5 can deny
   */
  publishRetained(topic: string, payload: Buffer): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (taken: boolean): void => {
        clearTimeout(timer);
        this.#client.off('close', giveUp);
        resolve(taken);
      };
      const giveUp = (): void => finish(false);
      const timer = setTimeout(giveUp, this.#timeoutMs);
      // MQTT.js would keep the message of a dead connection for ever.
      if (this.#guard.destroyed) return giveUp();
      this.#client.once('close', giveUp);
      this.#client.publish(topic, payload, { qos: 1, retain: true }, (error) => finish(!error));
    });
  }

  /** Takes leave with DISCONNECT, then takes the connection down, within a quarter of a second. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.destroy();
        resolve();
      };
      const timer = setTimeout(finish, 250);
      this.#client.end(false, finish);
    });
  }

  /** Takes the connection down at once. */
  destroy(): void {
    this.#client.end(true);
    this.#guard.destroy();
  }

  #connected(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => (): void => {
        stopWaiting();
        clearTimeout(timer);
        this.#client.off('connect', onConnect).off('error', onError).off('close', onClose);
        finish();
      };
      const onAbort = settle(() => reject(signal.reason));
      const onConnect = settle(resolve);
      const onClose = settle(() =>
        reject(new SessionError(this.failure ?? 'the broker closed the connection')),
      );
      const onError = (error: Error): void => settle(() => reject(new SessionError(error.message)))();
      const timer = setTimeout(
        settle(() => reject(new SessionError(`no answer within ${this.#timeoutMs} ms`))),
        this.#timeoutMs,
      );
      const stopWaiting = onStop(signal, onAbort);
      if (signal.aborted) return onAbort();
      this.#client.once('connect', onConnect).once('error', onError).once('close', onClose);
    });
  }
}
