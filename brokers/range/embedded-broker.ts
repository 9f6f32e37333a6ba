import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { type LoginCheck, loginCheck, NOT_AUTHORIZED } from '../access';
import { type Aedes, authenticator, createBroker, refusal, serve } from '../aedes-broker';
import type { IssuedCertificate } from '../create-certificate';
import { listen } from '../listener';
import type { EmbeddedRecipe, RangeCard, RangeMessage } from './card';
import { matchesFilter } from './topic-filter';

/** A broker that runs until it is stopped. */
export interface RunningCard {
  stop(): Promise<void>;
}

/** Live topics are told again so often: a look at what a filter delivers may be as short as 100 ms. */
const LIVE_MS = 50;

/** Runs a card on aedes. It speaks MQTT 3.1 and 3.1.1 only. */
export async function startEmbeddedCard(
  card: RangeCard & { readonly embedded: EmbeddedRecipe },
  host: string,
  port: number,
  certificate: IssuedCertificate | undefined,
): Promise<RunningCard> {
  const { embedded: recipe, messages = [] } = card;
  const broker = await createBroker({
    authenticate: authenticator(checkOf(recipe)),
    authorizePublish: (_client, { topic }, done) => {
      // Topics of the broker itself steer aedes: never from outside.
      const may = !topic.startsWith('$') && isAllowed(recipe.writable, topic);
      done(may ? null : refusal(topic));
    },
    authorizeSubscribe: (_client, subscription, done) =>
      done(null, recipe.refusedFilters?.includes(subscription.topic) ? null : subscription),
    authorizeForward: (_client, packet) => (isAllowed(recipe.readable, packet.topic) ? packet : null),
  });
  const server = serverOf(card, { ...certificate, ...recipe.tls }, (stream) => broker.handle(stream));
  const listener = await serve(broker, () => listen(server, host, port, 'LAB_RANGE_NETWORK'));
  const timer = await tell(broker, messages);
  return {
    stop: async () => {
      clearInterval(timer);
      await listener.close();
    },
  };
}

function checkOf({ logins, anonymous = false }: EmbeddedRecipe): LoginCheck {
  if (logins === undefined) return () => 0;
  if (logins === 'any') return (name) => (name === undefined ? NOT_AUTHORIZED : 0);
  const checks = logins.map(loginCheck);
  return (name, word) => {
    if (name === undefined && anonymous) return 0;
    const answers = checks.map((check) => check(name, word));
    return answers.includes(0) ? 0 : (answers[0] ?? NOT_AUTHORIZED);
  };
}

function isAllowed(filters: readonly string[] | undefined, topic: string): boolean {
  return filters === undefined || filters.some((filter) => matchesFilter(filter, topic));
}

function serverOf({ transport }: RangeCard, tls: TlsOptions, handle: (stream: Duplex) => void): Server {
  switch (transport) {
    case 'tcp':
      return createTcpServer(handle);
    case 'tls':
      return createTlsServer(tls, handle);
    case 'ws':
      return withWebSockets(createHttpServer(), handle);
    case 'wss':
      return withWebSockets(createHttpsServer(tls), handle);
  }
}

/** The subprotocol must be `mqtt` (MQTT 3.1.1 §6). */
function withWebSockets(
  server: ReturnType<typeof createHttpServer>,
  handle: (stream: Duplex) => void,
): Server {
  const sockets = new WebSocketServer({
    server,
    handleProtocols: (names) => (names.has('mqtt') ? ('mqtt' as const) : false),
  });
  sockets.on('connection', (socket) => {
    const stream = createWebSocketStream(socket);
    // A client that leaves without a farewell is an error of the stream and no news to a broker.
    stream.on('error', () => undefined);
    handle(stream);
  });
  return server;
}

async function tell(broker: Aedes, messages: readonly RangeMessage[]): Promise<NodeJS.Timeout | undefined> {
  const publish = ({ topic, payload, live = false }: RangeMessage): Promise<void> =>
    new Promise((resolve, reject) => {
      const packet = { cmd: 'publish', topic, payload, retain: !live, qos: 0, dup: false } as const;
      broker.publish(packet, (error) => (error ? reject(error) : resolve()));
    });
  for (const message of messages) await publish(message);
  const live = messages.filter((message) => message.live);
  if (live.length === 0) return undefined;
  const again = (): void => {
    for (const message of live) publish(message).catch(() => undefined);
  };
  return setInterval(again, LIVE_MS);
}
