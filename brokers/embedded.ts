import { createServer as createTcpServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { isBrokerTopic, isSensorTopic, loginCheck } from './access';
import { authenticator, createBroker, refusal, serve } from './aedes-broker';
import type { Lab, LabOptions } from './lab-types';
import { type Listener, listen } from './listener';
import { type BrokerSetup, openLab, type RunningBrokers } from './open-lab';

export type { Lab, LabOptions } from './lab-types';

/**
 * Starts the lab inside this process: an open broker on plain TCP, and one behind TLS, a login and an
 * access list, with the customer's sensors publishing to both. It speaks MQTT 3.1 and 3.1.1; MQTT 5 is
 * answered with return code 1 (unacceptable protocol version).
 */
export function startEmbeddedLab(options: LabOptions = {}): Promise<Lab> {
  return openLab(options, startBrokers);
}

async function startBrokers(setup: BrokerSetup): Promise<RunningBrokers> {
  const plain = await startPlain(setup);
  try {
    const secure = await startSecure(setup);
    return {
      plainPort: plain.port,
      tlsPort: secure.port,
      stop: async () => {
        await Promise.all([plain.close(), secure.close()]);
      },
    };
  } catch (error) {
    await plain.close();
    throw error;
  }
}

async function startPlain({ host, plainPort }: BrokerSetup): Promise<Listener> {
  const broker = await createBroker({
    authorizePublish: (_client, { topic }, done) => done(isBrokerTopic(topic) ? refusal(topic) : null),
  });
  const server = createTcpServer((socket) => broker.handle(socket));
  return serve(broker, () => listen(server, host, plainPort, 'LAB_PLAIN_PORT'));
}

async function startSecure({ host, tlsPort, certificates, credentials }: BrokerSetup): Promise<Listener> {
  const broker = await createBroker({
    authenticate: authenticator(loginCheck(credentials)),
    authorizePublish: (_client, { topic }, done) => done(isSensorTopic(topic) ? null : refusal(topic)),
    // Every subscription is granted and what it delivers is filtered, as Mosquitto's access list does,
    // so that `#` yields what may be read.
    authorizeSubscribe: (_client, subscription, done) => done(null, subscription),
    authorizeForward: (_client, packet) => (isSensorTopic(packet.topic) ? packet : null),
  });
  const { cert, key } = certificates;
  const server = createTlsServer({ cert, key, minVersion: 'TLSv1.2' }, (socket) => broker.handle(socket));
  return serve(broker, () => listen(server, host, tlsPort, 'LAB_TLS_PORT'));
}
