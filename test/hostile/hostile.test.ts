import assert from 'node:assert/strict';
import { scan } from '../../lib/scan';
import { startScripted } from '../support/scripted-server';
import { excesses } from './bounds';
import { MANY, type Measured, rowsOf, SHARES } from './measured';
import type { Row } from './row';
import { type Share, startShare } from './share';

describe('hostile peers', function () {
  this.timeout(180_000);
  let shares: Share[] = [];
  const all: Measured[] = [];

  before(async () => {
    shares = await Promise.all(Array.from({ length: SHARES }, (_, share) => startShare(share)));
  });
  after(() => {
    for (const share of shares) share.stop();
  });

  const shareAt = (index: number): Share => {
    const share = shares[index];
    assert.ok(share);
    return share;
  };

  for (const count of [1, MANY]) {
    describe(count === 1 ? 'one target' : `${count} targets at once`, () => {
      before(function () {
        // Elsewhere the loopback network has one address, unless somebody sets up more.
        if (count > 1 && process.platform !== 'linux') this.skip();
      });
      for (let share = 0; share < SHARES; share++) {
        for (const [name, row] of rowsOf(share)) {
          it(name, async () => {
            const measured = await shareAt(share).measured(name, count);
            all.push(measured);
            assertHeld(row, count, measured);
          });
        }
      }
    });
  }

  // Tests of a suite run before the suites in it: these come last.
  describe('afterwards', () => {
    it('ends by itself once all is scanned', async () => {
      for (const count of [1, MANY]) console.info(`    ${worst(all.filter((one) => one.count === count))}`);
      for (const share of shares) assert.deepEqual(await share.ended, { code: 0, errors: '' });
    });

    it('holds at most two connections to a host at any moment', async () => {
      let most = 0;
      const server = await startScripted(() => {
        most = Math.max(most, server.open());
      });
      try {
        for await (const _ of scan(`127.0.0.1:${server.port}`, { phaseTimeoutMs: 100 }));
        assert.ok(most <= 2, `${most} connections`);
      } finally {
        await server.stop();
      }
    });
  });
});

function assertHeld(row: Row, count: number, measured: Measured): void {
  assertOutcome(row, count, measured);
  assert.equal(measured.withoutEvidence, 0, `${row.evidence} is missing in ${measured.sample}`);
  assert.deepEqual(excesses(row, measured), []);
  assert.deepEqual(measured.handles, [], 'nothing is left open');
  assert.deepEqual(measured.unexpected, []);
}

function assertOutcome({ expect, names }: Row, count: number, measured: Measured): void {
  const { outcomes, error, sample } = measured;
  if ('error' in expect) {
    assert.equal(error, expect.error);
    return;
  }
  assert.equal(error, undefined);
  const unforeseen = Object.keys(outcomes).filter((outcome) => !expect.some((one) => one === outcome));
  assert.deepEqual(unforeseen, [], `${JSON.stringify(outcomes)}, for example ${sample}`);
  const expected = count * (names?.addresses ?? 1);
  const reported = Object.values(outcomes).reduce((sum, n) => sum + n, 0);
  assert.equal(reported, expected, 'every target has its report');
}

/** The largest numbers of many scans, for whoever reads the log. */
function worst(measured: readonly Measured[]): string {
  const of = (quantity: 'rssGrowthMb' | 'heapMb' | 'loopDelayMs' | 'elapsedMs'): string => {
    const [most] = [...measured].sort((a, b) => b[quantity] - a[quantity]);
    return `${quantity} ${most?.[quantity]} (${most?.name})`;
  };
  const count = measured[0]?.count;
  return `${count} target(s), worst: ${[of('rssGrowthMb'), of('heapMb'), of('loopDelayMs'), of('elapsedMs')].join(', ')}`;
}
