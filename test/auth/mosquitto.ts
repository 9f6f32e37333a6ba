import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findMosquitto } from '../../brokers/find-mosquitto';
import { runMosquitto } from '../../brokers/mosquitto-process';
import { claimPort } from '../../brokers/ports';
import { dial } from '../../brokers/test-client';
import { temporaryFolder } from '../support/temporary-folders';
import { UnavailableError } from '../support/unavailable';
import type { RunningBroker } from './row';

export interface MosquittoSetup {
  /** Lines of mosquitto.conf behind its listener; `@` stands for the folder of `files`. */
  readonly config: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly transport?: 'tcp' | 'tls' | 'ws';
  /** Topics with a retained message, published through a listener of which the scan knows nothing. */
  readonly retained?: readonly string[];
}

/** Starts a mosquitto of its own. */
export async function startMosquitto(setup: MosquittoSetup): Promise<RunningBroker> {
  const program = await findMosquitto();
  if (!program) throw new UnavailableError('mosquitto is not installed');
  const folder = await temporaryFolder('auth-mosquitto');
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(setup.files ?? {})) {
    await writeFile(join(folder, name), text, { mode: 0o600 });
  }
  const { transport = 'tcp' } = setup;
  const [port, seedPort] = [await claimPort('127.0.0.1', 0, 'none'), await claimPort('127.0.0.1', 0, 'none')];
  const config = [
    // Debian's mosquitto gives up its rights for a user who may not read the test's folder.
    'user root',
    'per_listener_settings true',
    `listener ${port} 127.0.0.1`,
    ...(transport === 'ws' ? ['protocol websockets'] : []),
    setup.config.replaceAll('@', folder),
    `listener ${seedPort} 127.0.0.1`,
    'allow_anonymous true',
  ];
  await writeFile(join(folder, 'mosquitto.conf'), `${config.join('\n')}\n`);
  // Its listeners open in the order in which they stand there; the last one tells that all are open.
  const broker = await runMosquitto(program, join(folder, 'mosquitto.conf'), '127.0.0.1', seedPort);
  try {
    await seed(seedPort, setup.retained ?? []);
  } catch (thrown) {
    await broker.stop();
    throw thrown;
  }
  const scheme = { tcp: 'mqtt', tls: 'mqtts', ws: 'ws' }[transport];
  return { target: `${scheme}://127.0.0.1:${port}`, stop: () => broker.stop() };
}

async function seed(port: number, topics: readonly string[]): Promise<void> {
  if (topics.length === 0) return;
  const client = await dial(`mqtt://127.0.0.1:${port}`);
  for (const topic of topics) await client.publishAsync(topic, '1', { retain: true, qos: 1 });
  await client.endAsync();
}
