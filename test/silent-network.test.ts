import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inSilentNetwork } from './support/silent-network';
import { orSkip, UnavailableError } from './support/unavailable';

const run = promisify(execFile);
const PROGRAM = join(__dirname, 'support', 'scan-and-tell.ts');

interface Told {
  readonly endpointsScanned: number;
  readonly notReached: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

async function scanned(...args: string[]): Promise<Told> {
  const program = inSilentNetwork(process.execPath, '--require', 'tsx/cjs', PROGRAM, ...args);
  const { stdout } = await run('unshare', program, { timeout: 50_000 });
  return JSON.parse(stdout) as Told;
}

describe('a silent network', function () {
  this.timeout(60_000);

  before(async function () {
    await orSkip(this, () =>
      run('unshare', inSilentNetwork('true')).catch(() => {
        throw new UnavailableError('no network namespace can be made here');
      }),
    );
  });

  it('is told as unreachable, endpoint by endpoint', async () => {
    const { endpointsScanned, notReached, outcomes } = await scanned(
      '10.77.1.0/28',
      '1883,8883',
      '100',
      '100',
    );
    assert.deepEqual([endpointsScanned, notReached], [32, 0]);
    assert.deepEqual(outcomes, { 'unreachable no answer within 100 ms': 32 });
  });

  /** Fewer ports than a sweep is made for, and more. */
  for (const ports of [100, 400]) {
    it(`a host that answers on none of ${ports} ports is given up, and what was left out is told`, async () => {
      const { endpointsScanned, notReached, outcomes } = await scanned(
        '10.77.1.1',
        `1-${ports}`,
        '100',
        '100',
      );
      assert.equal(endpointsScanned + notReached, ports);
      assert.ok(endpointsScanned >= 15 && endpointsScanned <= 70, `${endpointsScanned} scanned`);
      assert.deepEqual(outcomes, { 'unreachable no answer within 100 ms': endpointsScanned });
    });
  }
});
