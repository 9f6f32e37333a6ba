import { type Endpoint, isEncrypted, type ProtocolVersion, type Transport } from '../model';
import { type StageContext, TLS_PORTS, WEB_SOCKET_PORTS, type WebSocketFacts, webSocketPaths } from '../net';
import { type Attempt, attempt, CLOSED, SILENT } from './attempt';
import { mayHaveLostAlert, withAlert } from './lost-alert';
import { FIRST_VERSION, OTHER_VERSIONS } from './versions';

const UPGRADES: ReadonlyMap<Transport, Transport> = new Map([
  ['tcp', 'ws'],
  ['tls', 'wss'],
]);

/** An attempt that did not come to MQTT. */
export type Failed = Exclude<Attempt, { kind: 'mqtt' }>;

/** What a stranger's CONNECT came to, over the transport on which something could be learnt. */
export interface Met {
  readonly transport: Transport;
  readonly result: Attempt;
  /** What came over this transport, by the version of the CONNECT. */
  readonly answers: ReadonlyMap<ProtocolVersion, Attempt>;
  /** Connections that this took. */
  readonly connections: number;
}

/** Looks for MQTT at an endpoint, and notes what it has tried. */
export class Search {
  readonly #endpoint: Endpoint;
  readonly #context: StageContext;
  readonly #made: Made[] = [];

  constructor(endpoint: Endpoint, context: StageContext) {
    this.#endpoint = endpoint;
    this.#context = context;
  }

  /** A stranger's CONNECT, over the transports in turn until MQTT answers. */
  async meet(): Promise<Met> {
    const tried: Tried[] = [];
    for (const transport of transportsToTry(this.#endpoint)) {
      const result = await this.#connect(transport, FIRST_VERSION);
      if (result.kind === 'mqtt') return this.#met(transport, result);
      tried.push({ transport, result });
      if (result.kind === 'no-connection') break;
    }
    const decisive = tried.reduce((best, next) => (weight(next) > weight(best) ? next : best));
    const inWebSocket = await this.#meetInWebSocket(decisive, tried);
    if (inWebSocket) return inWebSocket;
    const { transport, result } = decisive;
    return isVersionOpen(result)
      ? this.#meetInOtherVersion(transport, result)
      : this.#met(transport, asHeard(result, tried));
  }

  /** MQTT inside of WebSocket, where no transport was named and what answers may be a web server. */
  async #meetInWebSocket({ transport, result }: Tried, tried: readonly Tried[]): Promise<Met | undefined> {
    const upgraded = this.#endpoint.transport ? undefined : UPGRADES.get(transport);
    if (!upgraded || !mayUpgrade(this.#endpoint, { transport, result }, tried)) return undefined;
    const inside = await this.#connect(upgraded, FIRST_VERSION);
    if (inside.kind === 'mqtt' || shutDoor(inside)) return this.#met(upgraded, inside);
    const isHttp = inside.kind === 'not-mqtt' && inside.isHttp === true && result.kind === 'not-mqtt';
    return isHttp ? this.#met(transport, { ...result, service: 'HTTP', reason: inside.reason }) : undefined;
  }

  /** The other versions, over a transport on which the first may have been the wrong one. */
  async #meetInOtherVersion(transport: Transport, first: Failed): Promise<Met> {
    for (const version of OTHER_VERSIONS) {
      const result = await this.#connect(transport, version);
      if (result.kind === 'mqtt' && result.connack.protocolVersion === version)
        return this.#met(transport, result);
    }
    return this.#met(transport, first);
  }

  async #connect(transport: Transport, version: ProtocolVersion): Promise<Attempt> {
    const first = await attempt(this.#endpoint, transport, { protocolVersion: version }, this.#context);
    // A server that misses a client certificate does so whatever the version.
    const isAlertLost = version === FIRST_VERSION && mayHaveLostAlert(first);
    const connections = connectionsOf(this.#endpoint, transport, first) * (isAlertLost ? 2 : 1);
    const result = isAlertLost ? await withAlert(first, this.#endpoint, transport, this.#context) : first;
    this.#made.push({ transport, version, result, connections });
    return result;
  }

  /** @param result the one that decides */
  #met(transport: Transport, result: Attempt): Met {
    const here = this.#made.filter((made) => made.transport === transport);
    return {
      transport,
      result,
      answers: new Map(here.map((made) => [made.version, made.result])),
      connections: this.#made.reduce((sum, made) => sum + made.connections, 0),
    };
  }
}

/** One attempt of a search. */
interface Made {
  readonly transport: Transport;
  readonly version: ProtocolVersion;
  readonly result: Attempt;
  readonly connections: number;
}

/** Over WebSocket an attempt takes one for each path up to the one that is accepted. */
function connectionsOf(endpoint: Endpoint, transport: Transport, result: Attempt): number {
  if (transport !== 'ws' && transport !== 'wss') return 1;
  const paths = webSocketPaths(endpoint);
  const accepted = result.kind === 'mqtt' ? result.below.webSocket : shutDoor(result);
  return accepted ? paths.indexOf(accepted.path) + 1 : paths.length;
}

/**
 * Present where a WebSocket with the subprotocol `mqtt` was accepted and then closed, as is proper, on a CONNECT without
 * a login: it is a broker that does not answer strangers, as RabbitMQ does not.
 */
export function shutDoor(result: Attempt): WebSocketFacts | undefined {
  return result.kind === 'not-mqtt' ? result.closedWebSocket : undefined;
}

/**
 * A broker that does not speak MQTT 3.1.1 may close on it, as brokers of MQTT 3.1 alone do on a protocol name that they do
 * not know, or refuse it in the form of MQTT 5 [MQTT-3.1.2-2].
 */
function isVersionOpen(result: Failed): boolean {
  return result.kind === 'not-mqtt' && result.mayBeVersion === true && !shutDoor(result);
}

/**
 * Whether MQTT inside of WebSocket is worth asking for: where HTTP has answered, and where a web server may be that did
 * not. On bytes that are no HTTP some web servers close, and others wait for the end of a line. A CONNECT has none; a
 * ClientHello, which is longer, mostly has one by chance, and such a server then answers it by an error, or closes.
 */
function mayUpgrade({ port }: Endpoint, { transport, result }: Tried, tried: readonly Tried[]): boolean {
  if (result.kind !== 'not-mqtt') return false;
  const declined = declinedBy(tried);
  switch (result.service) {
    case 'HTTP':
      return true;
    case CLOSED:
      return WEB_SOCKET_PORTS.has(port) || declined === 'answered';
    case SILENT:
      // Of the protocols inside of TLS in which the client speaks first, HTTP is the likeliest.
      return WEB_SOCKET_PORTS.has(port) || declined !== undefined || isEncrypted(transport);
    default:
      return false;
  }
}

/** The same result, unless it says "silent" of a peer that reacted to the ClientHello of another attempt. */
function asHeard(result: Failed, tried: readonly Tried[]): Failed {
  const declined = declinedBy(tried);
  if (result.kind !== 'not-mqtt' || result.service !== SILENT || !declined) return result;
  const what = declined === 'closed' ? 'closes on a ClientHello' : 'answers a ClientHello in something else';
  return { ...result, service: 'unknown', reason: `it says nothing to a CONNECT, and ${what}` };
}

/** What came of the handshake among some attempts, where there was no TLS. */
function declinedBy(tried: readonly Tried[]): 'answered' | 'closed' | undefined {
  const shaken = tried.map(({ result }) => result).find(({ kind }) => kind === 'tls-failed');
  return shaken?.kind === 'tls-failed' ? shaken.declined : undefined;
}

/** The transports that are tried, the likeliest first; what answers decides all the same. */
export function transportsToTry(endpoint: Endpoint): readonly Transport[] {
  if (endpoint.transport) return [endpoint.transport];
  return TLS_PORTS.has(endpoint.port) ? ['tls', 'tcp'] : ['tcp', 'tls'];
}

interface Tried {
  readonly transport: Transport;
  readonly result: Failed;
}

/** How much an attempt tells about an endpoint at which none found MQTT: the attempt that tells most is reported. */
function weight({ transport, result }: Tried): number {
  switch (result.kind) {
    case 'tls-failed':
      return result.spokeTls ? 4 : 1;
    case 'not-mqtt':
      // Whoever has come through a handshake speaks TLS, and closes on anything else.
      if (isEncrypted(transport)) return 4;
      // Where TLS answered in plain text, or nobody did, the attempt over TLS tells more.
      return result.service === 'TLS' || result.service === 'silent' ? 2 : 3;
    case 'no-connection':
      return 0;
  }
}
