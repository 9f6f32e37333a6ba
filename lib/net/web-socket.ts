import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import WebSocket, { createWebSocketStream } from 'ws';
import { type Endpoint, onStop, printable } from '../model';
import { ignoreErrors } from './dial';
import { PacedStream } from './paced-stream';

/** Most brokers take any path, or the first of these; RabbitMQ takes `/ws` alone unless told otherwise. */
const PATHS: readonly string[] = ['/mqtt', '/', '/ws'];
const PATHS_OF_RABBITMQ: readonly string[] = ['/ws', '/mqtt', '/'];
/** Where RabbitMQ puts MQTT over WebSocket (rabbitmq.com, "Web MQTT Plugin"). */
const PORTS_OF_RABBITMQ: ReadonlySet<number> = new Set([15_675, 15_676]);

/** Where MQTT over WebSocket is looked for: where it was found before, or at one path after the other, the likeliest first. */
export function webSocketPaths({
  port,
  webSocketPath,
}: Pick<Endpoint, 'port' | 'webSocketPath'>): readonly string[] {
  const paths = PORTS_OF_RABBITMQ.has(port) ? PATHS_OF_RABBITMQ : PATHS;
  // An endpoint may come from a message, and its path be any text.
  return webSocketPath !== undefined && paths.includes(webSocketPath) ? [webSocketPath] : paths;
}

/** Largest message that is taken; MQTT packets are bounded once more behind it. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

/** `ws` would keep 131,072 fragments of a message, empty ones too, and a million chunks of the network. */
const MAX_PIECES = { maxFragments: 64, maxBufferedChunks: 1024 } as const;

/** What the answer to an upgrade tells beside the upgrade itself. */
export interface WebSocketFacts {
  /** The path that was accepted. */
  readonly path: string;
  /** What the server calls itself (RFC 9110 §10.2.4). */
  readonly server?: string;
  /**
   * The names of the header fields as they were written, in their order; the field `Upgrade` with its value.
   * Servers differ in both, though they mean the same (RFC 9110 §5.1, §5.3).
   */
  readonly headerFields: string;
}

export interface WebSocketConnection {
  readonly stream: Duplex;
  readonly facts: WebSocketFacts;
  readonly ending: WebSocketEnding;
}

/** How a WebSocket ended; empty while it lasts. */
export interface WebSocketEnding {
  /** The code of its Close frame (RFC 6455 §7.4); 1006 where none came. */
  code?: number;
}

/** The upgrade was refused or not understood; the message says how. */
export class WebSocketFailure extends Error {
  /** The server said nothing in time: other paths are not worth as long again. */
  readonly isSilence: boolean;
  /** The status by which the server declined in HTTP (RFC 6455 §4.2.2); undefined where it did not. */
  readonly status: number | undefined;

  constructor(message: string, { isSilence = false, status }: { isSilence?: boolean; status?: number } = {}) {
    super(message);
    this.isSilence = isSilence;
    this.status = status;
  }
}

/** What is asked for by an upgrade. */
export interface UpgradeRequest {
  /** The Host field (RFC 9110 §7.2), by which a web server tells its sites apart. */
  readonly host: string;
  readonly path: string;
  /** Where the client says it comes from (RFC 6454 §7); programs that are no browsers do not say it. */
  readonly origin?: string | undefined;
}

/**
 * Upgrades an open connection to WebSocket with the subprotocol `mqtt` [MQTT-6.0.0-3].
 * @param timeoutMs wall-clock limit
 * @throws WebSocketFailure; the signal's reason when it is aborted
 */
export function upgrade(
  connection: Duplex,
  request: UpgradeRequest,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<WebSocketConnection> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = ask(connection, request);
    const fail = (error: unknown): void => {
      settle();
      socket.terminate();
      connection.destroy();
      reject(error);
    };
    const onError = (error: Error): void => fail(new WebSocketFailure(error.message));
    const onClose = (): void => fail(new WebSocketFailure('closed during the upgrade'));
    const onDeclined = (_request: unknown, { statusCode: status = 0 }: IncomingMessage): void =>
      fail(new WebSocketFailure(`the server answered ${status}`, { status }));
    const onAbort = (): void => fail(signal.reason);
    const timer = setTimeout(
      () => fail(new WebSocketFailure(`no upgrade within ${timeoutMs} ms`, { isSilence: true })),
      timeoutMs,
    );
    const settle = (): void => {
      clearTimeout(timer);
      stopWaiting();
      socket.off('error', onError).off('close', onClose).off('unexpected-response', onDeclined);
    };
    const stopWaiting = onStop(signal, onAbort);
    socket.once('error', onError).once('close', onClose).once('unexpected-response', onDeclined);
    let facts: WebSocketFacts = { path: request.path, headerFields: '' };
    socket.once('upgrade', (response) => {
      facts = factsOf(request.path, response);
    });
    socket.once('open', () => {
      settle();
      resolve({ facts, ...streamOf(socket) });
    });
  });
}

/** Sends the request for the upgrade. */
function ask(connection: Duplex, { host, path, origin }: UpgradeRequest): WebSocket {
  // Always ws://: where TLS is wanted, the connection that is handed in is the encrypted one. Nothing is dialled.
  const socket = new WebSocket(`ws://localhost${path}`, ['mqtt'], {
    headers: { Host: host },
    ...(origin !== undefined && { origin }),
    // A chunk of 64 KB may hold 20,000 frames, and ws looks at all of them in one go.
    createConnection: () => new PacedStream(connection),
    perMessageDeflate: false,
    maxPayload: MAX_MESSAGE_BYTES,
    ...MAX_PIECES,
    followRedirects: false,
    autoPong: false,
  });
  ignoreErrors(socket);
  // RFC 6455 §5.5.3: of several pings the last may be answered alone, so a flood does not pile up answers.
  socket.on('ping', (data: Buffer) => {
    if (socket.bufferedAmount === 0) socket.pong(data);
  });
  return socket;
}

/** The open WebSocket as a stream of bytes. */
function streamOf(socket: WebSocket): Pick<WebSocketConnection, 'stream' | 'ending'> {
  // Who breaks the protocol is cut off, not waited for (RFC 6455 §7.1.7).
  socket.once('error', () => socket.terminate());
  const ending: WebSocketEnding = {};
  // Before the stream ends, which is told of it later.
  socket.once('close', (code) => {
    ending.code = code;
  });
  const stream = createWebSocketStream(socket);
  ignoreErrors(stream);
  return { stream, ending };
}

/** Enough to tell servers apart; an honest upgrade has some six. */
const MAX_HEADER_FIELDS = 12;

function factsOf(path: string, { rawHeaders, headers }: IncomingMessage): WebSocketFacts {
  const fields: string[] = [];
  for (let i = 0; i < rawHeaders.length && fields.length < MAX_HEADER_FIELDS; i += 2) {
    const name = rawHeaders[i] ?? '';
    fields.push(name.toLowerCase() === 'upgrade' ? `${name}=${rawHeaders[i + 1]}` : name);
  }
  return {
    path,
    ...(headers.server !== undefined && { server: printable(String(headers.server)) }),
    headerFields: printable(fields.join(' ')),
  };
}
