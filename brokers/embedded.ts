import type { EventEmitter } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { isBrokerTopic, isSensorTopic, type LoginCheck, loginCheck } from './access';
import type { Lab, LabOptions } from './lab-types';
import { type Listener, listen } from './listener';
import { type BrokerSetup, openLab, type RunningBrokers } from './open-lab';

export type { Lab, LabOptions } from './lab-types';

// aedes is an ES module, which CommonJS can only import while running, and whose types need to be told so.
type AedesModule = typeof import('aedes', { with: { 'resolution-mode': 'import' }});
type Aedes = InstanceType<AedesModule['Aedes']>;
type AedesOptions = NonNullable<ConstructorParameters<AedesModule['Aedes']>[0]>;

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

async function createBroker(options: AedesOptions): Promise<Aedes> {
  const { Aedes } = await import('aedes');
  const broker = await Aedes.createBroker(options);
  // A fault while storing or clearing wills must not end the process: the lab is there to be attacked.
  (broker as EventEmitter).on('error', (error: Error) => process.emitWarning(error));
  return broker;
}

/** Ties a broker to its listener: one ends with the other, also when listening fails. */
async function serve(broker: Aedes, open: () => Promise<Listener>): Promise<Listener> {
  const closeBroker = (): Promise<void> => new Promise((resolve) => broker.close(resolve));
  try {
    const listener = await open();
    return {
      port: listener.port,
      close: async () => {
        await Promise.all([listener.close(), closeBroker()]);
      },
    };
  } catch (error) {
    await closeBroker();
    throw error;
  }
}

function authenticator(check: LoginCheck): NonNullable<AedesOptions['authenticate']> {
  return (_client, username, password, done) => {
    const returnCode = check(username, password);
    if (returnCode === 0) return done(null, true);
    const error = Object.assign(new Error('login refused'), { returnCode });
    return done(error, false);
  };
}

/**
 * A refused PUBLISH ends the connection (MQTT 3.1.1 §3.3.5 leaves only this or a false success). For the
 * broker's own topics the refusal is vital: they steer aedes, one of them throws clients out
 * (moscajs/aedes #597).
 */
function refusal(topic: string): Error {
  return new Error(`publishing to ${topic} is not allowed`);
}
