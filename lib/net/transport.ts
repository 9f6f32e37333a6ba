import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { type Endpoint, hostAndPort, isEncrypted, type Transport } from '../model';
import { openConnection, type StageContext } from './connector';
import { isHostName } from './host-name';
import { assertMayCarryLogin, assertTrusted } from './login-carriage';
import { DEFAULT_PORTS } from './ports';
import { secure } from './secure';
import {
  type UpgradeRequest,
  upgrade,
  type WebSocketEnding,
  type WebSocketFacts,
  WebSocketFailure,
  webSocketPaths,
} from './web-socket';

/** Where MQTT and HTTPS share a port, the name `mqtt` (IANA ALPN registry) asks for MQTT; a web server takes its own. */
const HTTPS_PORT = 443;

/** A byte stream on which MQTT can be spoken. */
export interface MqttStream {
  readonly stream: Duplex;
  /** Milliseconds until TCP was accepted. */
  readonly rttMs: number;
  /** Present when the stream is encrypted. */
  readonly tls?: TLSSocket;
  /** Present when the stream is inside a WebSocket. */
  readonly webSocket?: WebSocketFacts;
  readonly webSocketEnding?: WebSocketEnding;
}

/**
 * Opens a stream to an endpoint over one transport.
 * @param carriesLogin whether the login of the scan is to be sent over it
 * @throws LoginWithheld; DialError, TlsFailure, WebSocketFailure; ScanError OUT_OF_SCOPE; the signal's reason
 */
export async function openStream(
  endpoint: Endpoint,
  transport: Transport,
  context: StageContext,
  carriesLogin = false,
): Promise<MqttStream> {
  if (carriesLogin) assertMayCarryLogin(transport, context);
  const opened = await openAny(endpoint, transport, context);
  if (carriesLogin && opened.tls) assertTrusted(opened.tls, endpoint, context);
  return opened;
}

async function openAny(endpoint: Endpoint, transport: Transport, context: StageContext): Promise<MqttStream> {
  if (transport !== 'ws' && transport !== 'wss') return openSecured(endpoint, transport, context);
  let failure: unknown;
  for (const path of webSocketPaths(endpoint)) {
    try {
      return await openWebSocket(endpoint, transport, { path }, context);
    } catch (thrown) {
      if (!(thrown instanceof WebSocketFailure) || thrown.isSilence) throw thrown;
      failure ??= thrown;
    }
  }
  throw failure;
}

/**
 * As `openStream`, over a WebSocket whose path is known.
 * @throws as `openStream`
 */
export async function openWebSocket(
  endpoint: Endpoint,
  transport: Transport,
  request: Omit<UpgradeRequest, 'host'>,
  context: StageContext,
): Promise<MqttStream> {
  const below = await openSecured(endpoint, transport, context);
  const { phaseTimeoutMs, signal } = context;
  const host = hostField(endpoint, transport, context);
  const { stream, facts, ending } = await upgrade(below.stream, { host, ...request }, phaseTimeoutMs, signal);
  return { ...below, stream, webSocket: facts, webSocketEnding: ending };
}

/** The name by which the endpoint was called, as in its URL (RFC 9112 §3.2), and inside of TLS the same as the SNI. */
function hostField({ target, address, port }: Endpoint, transport: Transport, { tls }: StageContext): string {
  const name = (isEncrypted(transport) ? tls?.servername : undefined) ?? target;
  const field = hostAndPort(isHostName(name) ? name : address, port);
  return port === DEFAULT_PORTS[transport] ? field.slice(0, field.lastIndexOf(':')) : field;
}

async function openSecured(
  endpoint: Endpoint,
  transport: Transport,
  context: StageContext,
): Promise<MqttStream> {
  const { socket, rttMs } = await openConnection(endpoint, context);
  if (!isEncrypted(transport)) return { stream: socket, rttMs };
  const options = {
    target: endpoint.target,
    material: context.tls,
    alpn: endpoint.port === HTTPS_PORT && transport === 'tls' ? ['mqtt', 'http/1.1'] : undefined,
  };
  const tls = await secure(socket, options, context.phaseTimeoutMs, context.signal);
  return { stream: tls, rttMs, tls };
}
