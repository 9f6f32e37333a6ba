import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { dialHost } from './addresses';
import { MosquittoFailedError } from './errors';
import { accepts } from './ports';

/** A Mosquitto that accepts connections. */
export interface MosquittoProcess {
  stop(): Promise<void>;
}

const START_MS = 5000;
const POLL_MS = 20;
const TERM_MS = 3000;
const OUTPUT_CHARACTERS = 2000;

/** Children of this process; none of them outlives it. */
const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Runs Mosquitto with a configuration file until its port accepts connections. */
export async function runMosquitto(
  program: string,
  configPath: string,
  host: string,
  port: number,
): Promise<MosquittoProcess> {
  // A group of its own: Ctrl-C reaches the lab alone, which ends devices before brokers.
  const child = spawn(program, ['-c', configPath], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  children.add(child);

  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-OUTPUT_CHARACTERS);
  });
  child.once('error', (error) => {
    output += error.message;
  });

  const stop = async (): Promise<void> => {
    await endChild(child);
    children.delete(child);
  };
  const deadline = Date.now() + START_MS;
  while (isRunning(child) && Date.now() < deadline) {
    // The port alone is no proof: it may be another broker's, while this one is about to give up.
    if ((await accepts(dialHost(host), port)) && isRunning(child)) return { stop };
    await delay(POLL_MS);
  }
  await stop();
  throw new MosquittoFailedError(output);
}

/** A program that could not be started has no process id. */
function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

async function endChild(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), TERM_MS);
  await closed;
  clearTimeout(hard);
}
