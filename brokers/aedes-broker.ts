import type { EventEmitter } from 'node:events';
import type { LoginCheck } from './access';
import type { Listener } from './listener';

// aedes is an ES module, which CommonJS can only import while running, and whose types need to be told so.
type AedesModule = typeof import('aedes', { with: { 'resolution-mode': 'import' }});
export type Aedes = InstanceType<AedesModule['Aedes']>;
export type AedesOptions = NonNullable<ConstructorParameters<AedesModule['Aedes']>[0]>;

/** A broker without a listener; streams of clients are handed to it. */
export async function createBroker(options: AedesOptions): Promise<Aedes> {
  const { Aedes } = await import('aedes');
  const broker = await Aedes.createBroker(options);
  // A fault while storing or clearing wills must not end the process: the lab is there to be attacked.
  (broker as EventEmitter).on('error', (error: Error) => process.emitWarning(error));
  return broker;
}

/** Ties a broker to its listener: one ends with the other, also when listening fails. */
export async function serve(broker: Aedes, open: () => Promise<Listener>): Promise<Listener> {
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

/** Answers a CONNECT as the check says. */
export function authenticator(check: LoginCheck): NonNullable<AedesOptions['authenticate']> {
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
export function refusal(topic: string): Error {
  return new Error(`publishing to ${topic} is not allowed`);
}
