import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Milliseconds that a program took; undefined when it is not installed. */
export async function timeOf(program: string, args: readonly string[]): Promise<number | undefined> {
  const startedAt = performance.now();
  const child = spawn(program, args, { stdio: 'ignore' });
  try {
    await once(child, 'exit');
    return Math.round(performance.now() - startedAt);
  } catch {
    return undefined;
  }
}
