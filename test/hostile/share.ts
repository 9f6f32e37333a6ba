import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { childEnvironment } from '../support/programs';
import type { Measured } from './measured';

/** Little enough that anything which grows with what a peer sends ends the process. */
const HEAP_LIMIT = '--max-old-space-size=256';

/** A scanner and the hostile broker that it scans, at work. */
export interface Share {
  /** What one scan came to. @throws Error when the scanner ended before */
  measured(name: string, count: number): Promise<Measured>;
  /** The scanner's exit code and what it wrote to standard error. */
  readonly ended: Promise<{ readonly code: number | null; readonly errors: string }>;
  stop(): void;
}

export async function startShare(share: number): Promise<Share> {
  const broker = program('broker', []);
  const [ports] = (await once(createInterface(broker.stdout), 'line')) as [string];
  const scanner = program('scanner', [String(share)], [HEAP_LIMIT, '--expose-gc']);
  scanner.stdin.end(ports);

  const results = new Map<string, Measured>();
  const waiting = new Map<string, (result: Measured | undefined) => void>();
  createInterface(scanner.stdout).on('line', (line) => {
    const result = JSON.parse(line) as Measured;
    const key = keyOf(result.name, result.count);
    results.set(key, result);
    waiting.get(key)?.(result);
  });
  let errors = '';
  for (const child of [scanner, broker]) {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-4000);
    });
  }
  let hasEnded = false;
  const ended = once(scanner, 'close').then(([code]) => {
    hasEnded = true;
    for (const resolve of waiting.values()) resolve(undefined);
    return { code: code as number | null, errors };
  });

  return {
    ended,
    measured: async (name, count) => {
      const key = keyOf(name, count);
      const isComing = !results.has(key) && !hasEnded;
      const result = isComing
        ? await new Promise<Measured | undefined>((resolve) => waiting.set(key, resolve))
        : results.get(key);
      if (!result) throw new Error(`The scanner ended before this scan did. ${errors}`);
      return result;
    },
    stop: () => {
      scanner.kill('SIGKILL');
      broker.stdin.end();
    },
  };
}

function program(name: string, args: string[], options: string[] = []): ChildProcessWithoutNullStreams {
  const file = join(__dirname, `${name}.ts`);
  return spawn(process.execPath, [...options, '--import=tsx', file, ...args], { env: childEnvironment() });
}

const keyOf = (name: string, count: number): string => `${count} ${name}`;
