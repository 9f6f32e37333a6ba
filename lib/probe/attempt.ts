import {
  type Connack,
  type Credentials,
  type Endpoint,
  type ProtocolVersion,
  printable,
  reasonOf,
  type Transport,
} from '../model';
import {
  DialError,
  type MqttStream,
  openStream,
  type StageContext,
  TlsFailure,
  type WebSocketFacts,
  WebSocketFailure,
} from '../net';
import { type Answer, type ConnectOptions, handshake, type RawConnect, randomClientId } from '../wire';
import { type Property, readProperties } from './connack-properties';
import { serviceName } from './service-name';

/** What one connection to an endpoint brought to light. */
export type Attempt =
  | {
      readonly kind: 'mqtt';
      readonly connack: Connack;
      /** In the order in which they came; empty when the answer is not in the form of MQTT 5. */
      readonly properties: readonly Property[];
      readonly rttMs: number;
      /** Milliseconds from CONNECT to CONNACK. */
      readonly answerMs: number;
      readonly below: Below;
    }
  | { readonly kind: 'no-connection'; readonly failure: DialError['failure']; readonly reason: string }
  | {
      readonly kind: 'tls-failed';
      readonly spokeTls: boolean;
      /** What it did on the ClientHello, where that was no TLS; absent where it did nothing. */
      readonly declined?: 'answered' | 'closed';
      readonly reason: string;
    }
  | {
      readonly kind: 'not-mqtt';
      readonly service: string;
      readonly reason: string;
      /** The WebSocket that the peer has closed by a Close frame (RFC 6455 §5.5.1), rather than broken off. */
      readonly closedWebSocket?: WebSocketFacts;
      /** A web server has declined the upgrade. */
      readonly isHttp?: true;
      /** So may answer who speaks another version of MQTT than the one that was asked for. */
      readonly mayBeVersion?: true;
      /** The connection was reset inside of TLS, which may have taken an alert away. */
      readonly isTlsReset?: true;
    };

/** What the layers below MQTT tell about who is there. */
export interface Below {
  readonly webSocket?: WebSocketFacts;
  /** The first name in the server's certificate, whether it is to be believed or not. */
  readonly certificateName?: string;
}

export interface Login {
  readonly protocolVersion: ProtocolVersion;
  readonly credentials?: Credentials | undefined;
}

/** Names for peers that said nothing, in place of a service. */
export const CLOSED = 'closed without an answer';
export const SILENT = 'silent';

/**
 * One CONNECT over one transport, on a connection of its own.
 * @throws ScanError OUT_OF_SCOPE; the signal's reason when it is aborted
 */
export function attempt(
  endpoint: Endpoint,
  transport: Transport,
  login: Login,
  context: StageContext,
): Promise<Attempt> {
  return ask(endpoint, transport, { ...login, clientId: randomClientId() }, context);
}

/** As `attempt`, with any CONNECT. */
export async function ask(
  endpoint: Endpoint,
  transport: Transport,
  connect: ConnectOptions | RawConnect,
  context: StageContext,
): Promise<Attempt> {
  try {
    const carriesLogin = 'bytes' in connect ? connect.carriesLogin : connect.credentials !== undefined;
    const opened = await openStream(endpoint, transport, context, carriesLogin);
    const below = belowOf(opened);
    const askedAt = performance.now();
    const answer = await handshake(opened.stream, connect, context.phaseTimeoutMs, context.signal);
    const attempted = attemptFrom(answer, {
      rttMs: opened.rttMs,
      answerMs: performance.now() - askedAt,
      below,
    });
    if (attempted.kind !== 'not-mqtt' || answer.kind !== 'closed') return attempted;
    const { webSocket, webSocketEnding: { code = NO_CLOSE_FRAME } = {} } = opened;
    return {
      ...attempted,
      ...(webSocket && code !== NO_CLOSE_FRAME && { closedWebSocket: webSocket }),
      ...(opened.tls && answer.code === 'ECONNRESET' && { isTlsReset: true }),
    };
  } catch (thrown) {
    context.signal.throwIfAborted();
    return failedAttempt(thrown);
  }
}

/** True for what OpenSSL has made of bytes of the peer. */
export const isAlert = ({ code }: { readonly code?: string | undefined }): boolean =>
  code?.startsWith('ERR_SSL_') === true;

/** CONNACK and DISCONNECT: in its own form, MQTT 5 may refuse another version by the one [MQTT-3.1.2-2]. */
const REFUSALS_OF_FIVE: ReadonlySet<number> = new Set([0x20, 0xe0]);

/** Who closes later than this has waited for more bytes, and not decided on the version in those that came. */
const AT_ONCE_MS = 500;

/** No Close frame came (RFC 6455 §7.1.5). */
const NO_CLOSE_FRAME = 1006;

function belowOf({ tls, webSocket }: MqttStream): Below {
  const { subject, subjectaltname } = tls?.getPeerCertificate() ?? {};
  const name = /^DNS:([^,]+)/.exec(subjectaltname ?? '')?.[1] ?? subject?.CN;
  return {
    ...(webSocket && { webSocket }),
    // A subject may have several common names; Node gives a list then.
    ...(typeof name === 'string' && { certificateName: printable(name) }),
  };
}

function attemptFrom(
  answer: Answer,
  facts: { readonly rttMs: number; readonly answerMs: number; readonly below: Below },
): Attempt {
  switch (answer.kind) {
    case 'connack': {
      const { connack, frame } = answer;
      const properties = connack.protocolVersion === 5 ? readProperties(frame) : [];
      return { kind: 'mqtt', connack, properties, ...facts };
    }
    case 'garbage': {
      const { head, reason } = answer;
      const attempted = { kind: 'not-mqtt', service: serviceName(head), reason: printable(reason) } as const;
      return REFUSALS_OF_FIVE.has(head[0] ?? 0) ? { ...attempted, mayBeVersion: true } : attempted;
    }
    case 'closed':
      // In TLS 1.3 a server that misses a client certificate says so after the handshake (RFC 8446 §4.4.2.4).
      if (isAlert(answer)) {
        return { kind: 'tls-failed', spokeTls: true, reason: printable(answer.reason) };
      }
      return {
        kind: 'not-mqtt',
        service: CLOSED,
        reason: printable(answer.reason),
        ...(facts.answerMs <= AT_ONCE_MS + facts.rttMs && { mayBeVersion: true }),
      };
    case 'silent':
      return { kind: 'not-mqtt', service: SILENT, reason: 'it accepted the connection and said nothing' };
  }
}

/** What kept a connection from coming about, as an attempt. @throws what is none of the layers' own errors */
export function failedAttempt(thrown: unknown): Attempt {
  if (thrown instanceof DialError) {
    return { kind: 'no-connection', failure: thrown.failure, reason: thrown.message };
  }
  if (thrown instanceof TlsFailure) {
    const { code, message, isShaken } = thrown;
    // An alert says more: a client certificate is missed.
    if (isShaken && !isAlert(thrown)) {
      return { kind: 'not-mqtt', service: CLOSED, reason: printable(message) };
    }
    const failed = {
      kind: 'tls-failed',
      spokeTls: spokeTls(thrown),
      reason: printable(reasonOf(thrown)),
    } as const;
    if (NOT_TLS.has(code)) return { ...failed, declined: 'answered' };
    return CLOSINGS.has(code) ? { ...failed, declined: 'closed' } : failed;
  }
  if (thrown instanceof WebSocketFailure) {
    const { message, status } = thrown;
    const failed = { kind: 'not-mqtt', service: 'no WebSocket', reason: printable(message) } as const;
    return status === undefined ? failed : { ...failed, isHttp: true };
  }
  throw thrown;
}

/** The system's words for the end of a connection. */
const CLOSINGS: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/** OpenSSL's words for "these bytes are no TLS record". */
const NOT_TLS: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
  // As of an echo, which sends a ClientHello where a ServerHello should come.
  'ERR_SSL_UNEXPECTED_MESSAGE',
]);

/** A handshake that failed by OpenSSL's judgement, alerts included, was one with a TLS server. */
function spokeTls(failure: TlsFailure): boolean {
  return isAlert(failure) && !NOT_TLS.has(failure.code);
}
