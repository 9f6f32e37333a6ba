import assert from 'node:assert/strict';
import type { Lab } from '../brokers/lab-types';
import type { EndpointReport, Outcome } from '../lib/model';
import { scan } from '../lib/scan';
import { type Fault, startFaultProxy } from './support/fault-proxy';
import { newSecret, startInstalledMosquitto } from './support/scan-bench';
import { temporaryFolder } from './support/temporary-folders';
import { orSkip } from './support/unavailable';

const PHASE_MS = 300;
/** Every phase of a scan may run into its deadline, and still the scan must end. */
const ENDS_WITHIN_MS = 12_000;
/** CONNECT, CONNACK, two SUBSCRIBE and two SUBACK are some eighty bytes. */
const BYTES = Array.from({ length: 61 }, (_, n) => n);
/** Scans that run side by side. */
const AT_ONCE = 16;

const CLASSIFIED: readonly Outcome[] = [
  'open',
  'not-mqtt',
  'closed',
  'unreachable',
  'tls-error',
  'auth-failed',
];
const NOT_REACHED: readonly Outcome[] = ['not-mqtt', 'closed', 'unreachable'];

describe('a broker behind a faulty network', function () {
  this.timeout(120_000);
  let lab: Lab | undefined;
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => void rejections.push(reason);

  before(async function () {
    process.on('unhandledRejection', onRejection);
    const credentials = { username: 'labuser', password: newSecret() };
    const directory = await temporaryFolder('faults');
    lab = await orSkip(this, () =>
      startInstalledMosquitto({ plainPort: 0, tlsPort: 0, directory, credentials, intervalMs: 250, seed: 7 }),
    );
  });
  after(async () => {
    await lab?.stop();
    process.off('unhandledRejection', onRejection);
    assert.deepEqual(rejections, []);
  });

  const scanned = async (fault: Fault): Promise<EndpointReport> => {
    assert.ok(lab);
    const proxy = await startFaultProxy(lab.insecure.port, fault);
    try {
      return await scanOne(proxy.port);
    } finally {
      await proxy.stop();
    }
  };

  const gentle: readonly (readonly [string, Fault])[] = [
    ['delayed by 20 ms', { kind: 'delay', ms: 20 }],
    ['delayed by 100 ms', { kind: 'delay', ms: 100 }],
    ['cut into single bytes', { kind: 'split' }],
    ['collected for 50 ms', { kind: 'coalesce', ms: 50 }],
    ['dripping, a byte a millisecond', { kind: 'slow', msPerByte: 1 }],
  ];
  for (const [title, fault] of gentle) {
    it(`is found open when its bytes are ${title}`, async () => {
      const report = await scanned(fault);
      assert.equal(report.outcome, 'open', JSON.stringify(report));
      assert.equal(report.probe?.openedAs, 'anonymous');
    });
  }

  const severe: readonly (readonly [string, Fault])[] = [
    ['later than any deadline', { kind: 'delay', ms: 2 * PHASE_MS }],
    ['slower than any deadline', { kind: 'slow', msPerByte: 100 }],
  ];
  for (const [title, fault] of severe) {
    it(`is given up when its bytes come ${title}`, async () => {
      const report = await scanned(fault);
      assert.ok(NOT_REACHED.includes(report.outcome), JSON.stringify(report));
    });
  }

  for (const [title, kind] of [
    ['lost after byte', 'drop'],
    ['cut by a reset after byte', 'reset'],
  ] as const) {
    it(`gets a verdict when the exchange is ${title} 0 … ${BYTES.length - 1}`, async () => {
      const reports = await inGroups(BYTES, (after) => scanned({ kind, after }));
      for (const [after, report] of reports.entries()) {
        assert.ok(CLASSIFIED.includes(report.outcome), JSON.stringify(report));
        // Nothing came back: our own CONNECT is longer.
        if (after < 30)
          assert.ok(NOT_REACHED.includes(report.outcome), `${after}: ${JSON.stringify(report)}`);
      }
      // The whole CONNECT and its CONNACK have passed.
      assert.equal(reports.at(-1)?.outcome, 'open');
    });
  }
});

/** Scans one port and makes sure that it ends. */
async function scanOne(port: number): Promise<EndpointReport> {
  const reports: EndpointReport[] = [];
  const startedAt = performance.now();
  for await (const report of scan(`127.0.0.1:${port}`, {
    phaseTimeoutMs: PHASE_MS,
    connectTimeoutMs: PHASE_MS,
    auth: { authorisation: false },
    listen: { listenMs: 150 },
    signal: AbortSignal.timeout(ENDS_WITHIN_MS),
  })) {
    reports.push(report);
  }
  assert.ok(performance.now() - startedAt < ENDS_WITHIN_MS, 'it hangs');
  const [report] = reports;
  assert.ok(report && reports.length === 1);
  return report;
}

async function inGroups<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(i, i + AT_ONCE).map(work))));
  }
  return results;
}
