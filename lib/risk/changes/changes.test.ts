import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EndpointReport, ScanChanges, ScanDocument } from '../../model';
import { classify } from '../classify';
import { policyNamed } from '../policy';
import { auth, CERTIFICATE, open, probe, product, secure, tls, topic, traffic } from '../testing';
import { ChangeTracker, type PreviousReport } from './change-tracker';
import { lastReport } from './last-report';

const POLICY = policyNamed('default');
const SAME = { targets: ['10.0.0.0/24'] };
const START = '2026-11-24T00:00:00.000Z';

function judged(report: EndpointReport): EndpointReport {
  return { ...report, risk: classify(report, POLICY) };
}

const at = (address: string, parts: Parameters<typeof secure>[0] = {}): EndpointReport =>
  judged(secure({ target: address, address, url: `mqtts://${address}:8883`, ...parts }));

const sensor = { type: 'PIR (Motion Sensor)', readings: [], text: '', summary: '', confidence: 1 } as const;
const beating = topic('s/pir', {
  sensor,
  retained: false,
  live: 5,
  firstSeen: START,
  lastSeen: '2026-11-24T00:00:04.500Z',
});
const hearing = (...topics: ReturnType<typeof topic>[]): EndpointReport =>
  at('10.0.0.1', { traffic: traffic('credentials', topics) });

describe('changes since the last report', () => {
  let folder: string;
  let number = 0;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'changes-'));
    number = 0;
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** One scan as it passes: compares with what is in the folder, and writes its report there. */
  async function scanned(
    endpoints: readonly EndpointReport[],
    summary: { stopped?: boolean; notReached?: number } = {},
  ): Promise<{ changes: ScanChanges; alerts: string[] }> {
    const tracker = new ChangeTracker(await lastReport(folder, SAME));
    const alerts = endpoints.flatMap((report) => tracker.add(report).map(({ id }) => id));
    number++;
    const finishedAt = `2026-11-24T0${number}:00:00.000Z`;
    const changes = tracker.changes({ finishedAt, ...summary });
    await write(number, endpoints, { finishedAt, changes, ...summary });
    return { changes, alerts };
  }

  async function write(
    n: number,
    endpoints: readonly EndpointReport[],
    summary: object = {},
    name?: string,
  ): Promise<string> {
    const document = {
      schema: 'mqtt-scan-report/1',
      number: n,
      scan: { id: `s${n}`, startedAt: START, targets: SAME.targets },
      summary: { scanId: `s${n}`, targets: SAME.targets, finishedAt: START, ...summary },
      endpoints,
    } as unknown as ScanDocument;
    const path = join(folder, name ?? `mqtt_scan_report_${String(n).padStart(3, '0')}.json`);
    await writeFile(path, JSON.stringify(document, null, 2));
    return path;
  }

  const kinds = ({ items }: ScanChanges): string[] => items.map(({ kind, findingId }) => findingId ?? kind);

  it('knows nothing at first: every finding is news, and nothing has changed', async () => {
    const { changes, alerts } = await scanned([at('10.0.0.1', { auth: open() })]);
    assert.ok(alerts.includes('AUTH-ANON'));
    assert.deepEqual([changes.comparedWith, changes.items], [undefined, []]);
  });

  it('tells nothing of three scans without a change', async () => {
    const endpoints = [at('10.0.0.2', { auth: open() }), hearing(beating)];
    await scanned(endpoints);
    for (let i = 0; i < 2; i++) {
      const { changes, alerts } = await scanned(endpoints);
      assert.deepEqual([changes.items, alerts], [[], []]);
      assert.ok(changes.findings.unchanged > 0);
    }
  });

  const table: readonly (readonly [
    string,
    readonly EndpointReport[],
    readonly EndpointReport[],
    readonly string[],
  ])[] = [
    [
      'a broker that is new',
      [at('10.0.0.1')],
      [at('10.0.0.1'), at('10.0.0.2')],
      ['endpoint-new', 'INFO-VERSION'],
    ],
    ['a broker that is gone', [at('10.0.0.1'), at('10.0.0.2')], [at('10.0.0.1')], ['endpoint-gone']],
    [
      'a broker that is closed now',
      [at('10.0.0.1')],
      [at('10.0.0.1', { outcome: 'closed' })],
      ['endpoint-gone'],
    ],
    ['a broker that was hardened', [at('10.0.0.1', { auth: open() })], [at('10.0.0.1')], ['AUTH-ANON']],
    ['a broker that was opened', [at('10.0.0.1')], [at('10.0.0.1', { auth: open() })], ['AUTH-ANON']],
    [
      'a certificate that was renewed',
      [at('10.0.0.1')],
      [at('10.0.0.1', { tls: tls({ certificate: { ...CERTIFICATE, fingerprint256: 'BB' } }) })],
      ['certificate-changed'],
    ],
    [
      'another version of the product',
      [at('10.0.0.1')],
      [at('10.0.0.1', { probe: probe({ product: product('HiveMQ', '4.45.0') }) })],
      ['product-changed'],
    ],
    [
      'a version that is not told this time',
      [at('10.0.0.1', { probe: probe({ product: product('HiveMQ', '4.44.0') }) })],
      [at('10.0.0.1', { probe: probe({ product: product('HiveMQ') }) })],
      ['INFO-VERSION'],
    ],
    ['a sensor that is gone', [hearing(topic('a'), beating)], [hearing(topic('a'))], ['sensor-stopped']],
    [
      'a sensor of which only the retained message is left',
      [hearing(topic('a'), { ...beating, retained: true })],
      [hearing(topic('a'), { ...beating, retained: true, live: 0 })],
      ['DATA-RETAINED-STALE', 'sensor-stopped'],
    ],
    ['a topic that appeared', [hearing(topic('a'))], [hearing(topic('a'), topic('b'))], ['topics-appeared']],
    ['a topic that vanished', [hearing(topic('a'), topic('b'))], [hearing(topic('a'))], ['topics-vanished']],
    [
      'a message now and then, which says nothing',
      [hearing(topic('a'), topic('b', { retained: false, live: 1 }))],
      [hearing(topic('a'), topic('c', { retained: false, live: 1 }))],
      [],
    ],
    [
      'a burst of a sensor, which is no beat',
      [hearing(topic('a'), { ...beating, lastSeen: '2026-11-24T00:00:00.100Z' })],
      [hearing(topic('a'))],
      [],
    ],
    [
      'topics that could not be heard this time',
      [hearing(topic('a'), topic('b'))],
      [at('10.0.0.1', { traffic: traffic('credentials', [topic('a')], { dropped: 3 }) })],
      [],
    ],
    [
      'a part of the scan that was left out: nothing is fixed by that',
      [at('10.0.0.1', { tls: tls({}, 'old-protocol') })],
      [at('10.0.0.1', { tls: undefined })],
      [],
    ],
  ];
  for (const [what, before, after, expected] of table) {
    it(`tells of ${what}: ${expected.join(', ') || 'nothing'}, once`, async () => {
      await scanned(before);
      assert.deepEqual(kinds((await scanned(after)).changes), expected);
      assert.deepEqual(kinds((await scanned(after)).changes), []);
    });
  }

  it('tells of a broker that is back, and not of the findings that it had', async () => {
    const both = [at('10.0.0.1'), at('10.0.0.2', { auth: open() })];
    await scanned(both);
    assert.deepEqual(kinds((await scanned([at('10.0.0.1')])).changes), ['endpoint-gone']);
    assert.deepEqual(kinds((await scanned([at('10.0.0.1')])).changes), []);
    const { changes, alerts } = await scanned(both);
    assert.deepEqual([kinds(changes), alerts], [['endpoint-back'], []]);
  });

  it('takes nothing for gone that a scan did not come to, and nothing for new afterwards', async () => {
    const both = [at('10.0.0.1'), at('10.0.0.2')];
    await scanned(both);
    assert.deepEqual(kinds((await scanned([at('10.0.0.1')], { stopped: true })).changes), []);
    assert.deepEqual(kinds((await scanned([at('10.0.0.1')], { notReached: 5 })).changes), []);
    assert.deepEqual(kinds((await scanned(both)).changes), []);
  });

  it('tells of a broker that is gone since a scan that did not come to it', async () => {
    await scanned([at('10.0.0.1'), at('10.0.0.2')]);
    await scanned([at('10.0.0.1')], { stopped: true });
    assert.deepEqual(kinds((await scanned([at('10.0.0.1')])).changes), ['endpoint-gone']);
    assert.deepEqual(kinds((await scanned([at('10.0.0.1')])).changes), []);
  });

  it('neither takes a silenced finding for fixed, nor tells of it while it is silent', async () => {
    const open1 = at('10.0.0.1', { auth: open() });
    const mute = { rule: 'AUTH-ANON', endpoints: ['*'], reason: 'known', until: '2026-12-31' };
    const silenced = { ...open1, risk: classify(open1, { ...POLICY, mutes: [mute] }, START) };
    await scanned([open1]);
    assert.deepEqual(kinds((await scanned([silenced])).changes), []);
    const { alerts } = await scanned([open1]);
    assert.deepEqual(alerts, ['AUTH-ANON'], 'it speaks again');
  });

  it('gives the same whatever the order of the endpoints', () => {
    const previous: PreviousReport = {
      number: 1,
      scanId: 's',
      finishedAt: START,
      endpoints: new Map(),
      absent: new Map(),
      scanFindings: new Set(),
    };
    const endpoints = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) => at(address, { auth: auth() }));
    const told = (order: readonly EndpointReport[]) => {
      const tracker = new ChangeTracker(previous);
      for (const report of order) tracker.add(report);
      return JSON.stringify(tracker.changes({ finishedAt: START }));
    };
    assert.equal(told(endpoints), told(endpoints.toReversed()));
  });

  describe('reads the folder', () => {
    const numberOf = async (): Promise<number | undefined> => (await lastReport(folder, SAME))?.number;

    it('that is not there: no report', async () => {
      assert.equal(await lastReport(join(folder, 'gone'), SAME), undefined);
    });

    it('and takes the newest of the same targets', async () => {
      await write(1, []);
      await write(2, []);
      await write(3, [], { targets: ['10.9.9.9'] });
      assert.equal(await numberOf(), 2);
    });

    it('and takes no report of other ports for one of the same', async () => {
      await write(1, [], { ports: '1883' });
      assert.equal((await lastReport(folder, { ...SAME, ports: '8883' }))?.number, undefined);
      assert.equal((await lastReport(folder, { ...SAME, ports: '1883' }))?.number, 1);
    });

    it('and passes over what is broken, what is no report, links and folders', async () => {
      await write(1, [at('10.0.0.1')]);
      const later = new Date(Date.now() + 60_000);
      const odd: Readonly<Record<string, string>> = {
        'mqtt_scan_report_002.json':
          '{"schema":"mqtt-scan-report/1","summary":{"targets":["10.0.0.0/24"]},"endpoints":[{',
        'mqtt_scan_report_003.json': 'no JSON at all',
        'mqtt_scan_report_004.json': '[]',
        'mqtt_scan_report_005.json':
          '{"schema":"other/9","summary":{"targets":["10.0.0.0/24"]},"endpoints":[]}',
        'mqtt_scan_report_006.json': '',
        'mqtt_scan_report_007.sarif.json': '{}',
        'mqtt_scan_report_008.json':
          '{"schema":"mqtt-scan-report/1","summary":{"targets":["10.0.0.0/24"]},"endpoints":[x]}',
      };
      for (const [name, text] of Object.entries(odd)) {
        await writeFile(join(folder, name), text);
        await utimes(join(folder, name), later, later);
      }
      await symlink('/dev/zero', join(folder, 'mqtt_scan_report_009.json'));
      await mkdir(join(folder, 'mqtt_scan_report_010.json'));
      assert.equal(await numberOf(), 1);
    });

    it('and believes nothing that stands there', async () => {
      const hostile = {
        ...at('10.0.0.1'),
        target: `x\n${'y'.repeat(5000)}`,
        url: '\u202e',
        risk: {
          findings: [
            null,
            7,
            { id: 'A\u0000', severity: 'CRITICAL', title: 'x'.repeat(9999) },
            { id: 'B', severity: 'ODD' },
          ],
        },
        traffic: { listenedMs: 1, listenedAs: 'anonymous', endedBy: 'time', topics: [{ topic: 5 }, 'x'] },
      };
      await write(1, [hostile as never, null as never, 5 as never, [] as never, { port: 'x' } as never]);
      const previous = await lastReport(folder, SAME);
      const [only, ...others] = [...(previous?.endpoints.values() ?? [])];
      assert.equal(others.length, 0);
      const text = JSON.stringify([only, [...(only?.findings ?? [])]]);
      assert.doesNotMatch(text, /[\p{Cc}\p{Cf}]/u);
      assert.ok(text.length < 5000);
      assert.equal(only?.findings.size, 1);
    });

    it('and stops when it is told to', async () => {
      await write(1, []);
      await assert.rejects(lastReport(folder, SAME, AbortSignal.abort(new Error('enough'))), /enough/);
    });
  });
});
