import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MosquittoFailedError } from '../../brokers/errors';
import { findMosquitto } from '../../brokers/find-mosquitto';
import { runMosquitto } from '../../brokers/mosquitto-process';
import { freePort } from '../../brokers/ports';
import { dial } from '../../brokers/test-client';
import { temporaryFolder } from './temporary-folders';
import { UnavailableError } from './unavailable';

export interface MosquittoSetup {
  /** Lines of mosquitto.conf behind its listener; `@` stands for the folder of `files`. */
  readonly config: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly transport?: 'tcp' | 'tls' | 'ws';
  /** Where it listens; 0.0.0.0 answers on all of 127.0.0.0/8. */
  readonly host?: string;
  /** Topics with a retained message, published through a listener of which the scan knows nothing. */
  readonly retained?: readonly string[];
}

export interface RunningMosquitto {
  readonly port: number;
  /** `mqtt://127.0.0.1:1883`, `ws://127.0.0.1:9001`. */
  readonly target: string;
  stop(): Promise<void>;
}

/** Between the choice of a port and its use another program may take it. */
const ATTEMPTS = 3;

/** Starts a mosquitto of its own. @throws UnavailableError where it is not installed */
export async function startMosquitto(setup: MosquittoSetup): Promise<RunningMosquitto> {
  const program = await findMosquitto();
  if (!program) throw new UnavailableError('mosquitto is not installed');
  const folder = await temporaryFolder('mosquitto');
  for (const [name, text] of Object.entries(setup.files ?? {})) {
    await writeFile(join(folder, name), text, { mode: 0o600 });
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(program, folder, setup);
    } catch (thrown) {
      const isTaken = thrown instanceof MosquittoFailedError && /in use/i.test(thrown.message);
      if (!isTaken || attempt === ATTEMPTS) throw thrown;
    }
  }
}

async function start(
  program: string,
  folder: string,
  { config, transport = 'tcp', host = '127.0.0.1', retained = [] }: MosquittoSetup,
): Promise<RunningMosquitto> {
  const [port, seedPort] = [await freePort(), await freePort()];
  const lines = [
    // Debian's mosquitto gives up its rights for a user who may not read the test's folder.
    'user root',
    'per_listener_settings true',
    `listener ${port} ${host}`,
    ...(transport === 'ws' ? ['protocol websockets'] : []),
    config.replaceAll('@', folder),
    `listener ${seedPort} 127.0.0.1`,
    'allow_anonymous true',
  ];
  const configPath = join(folder, 'mosquitto.conf');
  await writeFile(configPath, `${lines.join('\n')}\n`);
  // Its listeners open in the order in which they stand there; the last one tells that all are open.
  const broker = await runMosquitto(program, configPath, '127.0.0.1', seedPort);
  try {
    await seed(seedPort, retained);
  } catch (thrown) {
    await broker.stop();
    throw thrown;
  }
  const scheme = { tcp: 'mqtt', tls: 'mqtts', ws: 'ws' }[transport];
  return { port, target: `${scheme}://127.0.0.1:${port}`, stop: () => broker.stop() };
}

async function seed(port: number, topics: readonly string[]): Promise<void> {
  if (topics.length === 0) return;
  const client = await dial(`mqtt://127.0.0.1:${port}`);
  for (const topic of topics) await client.publishAsync(topic, '1', { retain: true, qos: 1 });
  await client.endAsync();
}
