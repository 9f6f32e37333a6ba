import {
  type Connack,
  type Credentials,
  type Endpoint,
  type ProtocolVersion,
  printable,
  reasonOf,
  type Transport,
} from '../model';
import { DialError, openStream, type StageContext, TlsFailure, WebSocketFailure } from '../net';
import { handshake, randomClientId } from '../wire';
import { serviceName } from './service-name';

/** What one connection to an endpoint brought to light. */
export type Attempt =
  | { readonly kind: 'mqtt'; readonly connack: Connack; readonly rttMs: number }
  | { readonly kind: 'no-connection'; readonly failure: DialError['failure']; readonly reason: string }
  | { readonly kind: 'tls-failed'; readonly spokeTls: boolean; readonly reason: string }
  | { readonly kind: 'not-mqtt'; readonly service: string; readonly reason: string };

export interface Login {
  readonly protocolVersion: ProtocolVersion;
  readonly credentials?: Credentials | undefined;
}

/**
 * One CONNECT over one transport, on a connection of its own.
 * @throws ScanError OUT_OF_SCOPE; the signal's reason when it is aborted
 */
export async function attempt(
  endpoint: Endpoint,
  transport: Transport,
  login: Login,
  context: StageContext,
): Promise<Attempt> {
  try {
    const { stream, rttMs } = await openStream(endpoint, transport, context);
    const options = { ...login, clientId: randomClientId() };
    const answer = await handshake(stream, options, context.phaseTimeoutMs, context.signal);
    switch (answer.kind) {
      case 'connack':
        return { kind: 'mqtt', connack: answer.connack, rttMs };
      case 'garbage':
        return { kind: 'not-mqtt', service: serviceName(answer.head), reason: printable(answer.reason) };
      case 'closed':
        return { kind: 'not-mqtt', service: 'closed without an answer', reason: printable(answer.reason) };
      case 'silent':
        return { kind: 'not-mqtt', service: 'silent', reason: 'it accepted the connection and said nothing' };
    }
  } catch (thrown) {
    context.signal.throwIfAborted();
    return failedAttempt(thrown);
  }
}

function failedAttempt(thrown: unknown): Attempt {
  if (thrown instanceof DialError) {
    return { kind: 'no-connection', failure: thrown.failure, reason: thrown.message };
  }
  if (thrown instanceof TlsFailure) {
    return { kind: 'tls-failed', spokeTls: spokeTls(thrown), reason: printable(reasonOf(thrown)) };
  }
  if (thrown instanceof WebSocketFailure) {
    return { kind: 'not-mqtt', service: 'no WebSocket', reason: printable(thrown.message) };
  }
  throw thrown;
}

/** OpenSSL's words for "these bytes are no TLS record". */
const NOT_TLS: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
]);

/** A handshake that failed by OpenSSL's judgement, alerts included, was one with a TLS server. */
function spokeTls(failure: TlsFailure): boolean {
  return failure.code.startsWith('ERR_SSL_') && !NOT_TLS.has(failure.code);
}
