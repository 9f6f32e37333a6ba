import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { orSkip, UnavailableError } from './support/unavailable';

const run = promisify(execFile);
const PROGRAM = join(__dirname, 'support', 'scan-and-tell.ts');

/** Runs a scan in a process that may open so many files and no more. */
async function scanWith(files: number, ...args: string[]): Promise<Record<string, unknown>> {
  const command = `ulimit -n ${files} && exec "$0" "$@"`;
  const node = [process.execPath, '--require', 'tsx/cjs', PROGRAM, ...args];
  const { stdout } = await run('/bin/sh', ['-c', command, ...node], { timeout: 50_000 });
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** How large the window is, and how many addresses: those below 256 are probed without a sweep. */
const CASES: readonly (readonly [string, string, number])[] = [
  ['a small scan', '127.13.0.0/25', 128],
  ['a sweep in two threads', '127.16.0.0/20', 4096],
];

describe('a machine with few descriptors', function () {
  this.timeout(60_000);

  before(async function () {
    await orSkip(this, () => {
      return process.platform === 'win32'
        ? Promise.reject(new UnavailableError('this system has no ulimit'))
        : Promise.resolve();
    });
  });

  for (const [what, targets, count] of CASES) {
    it(`${what} loses no target, though its window is wider than the limit`, async () => {
      assert.deepEqual(await scanWith(72, targets, '1', String(count)), {
        endpointsScanned: count,
        notReached: 0,
        outcomes: { 'closed ECONNREFUSED': count },
      });
    });
  }
});
