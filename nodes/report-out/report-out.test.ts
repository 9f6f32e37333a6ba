import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EndpointReport, ScanSummary } from '../../lib/model';
import { Flow, type FlowNode, sink } from '../../test/support/flow';

const SCAN = { id: 'abc', startedAt: '2025-12-08T17:22:13.000Z', targets: ['10.0.0.1'] };

function endpoint(overrides: Partial<EndpointReport> = {}): EndpointReport {
  return {
    target: '10.0.0.1',
    address: '10.0.0.1',
    port: 1883,
    transport: 'tcp',
    url: 'mqtt://10.0.0.1:1883',
    outcome: 'open',
    ...overrides,
  };
}

const TOPIC = {
  topic: 't',
  messages: 1,
  bytes: 1,
  retained: true,
  qos: 0,
  payload: '1',
  truncated: false,
  firstSeen: SCAN.startedAt,
  lastSeen: SCAN.startedAt,
};

const TRAFFIC = {
  listenedMs: 1,
  messages: 1,
  bytes: 1,
  topics: [TOPIC],
  listenedAs: 'anonymous',
  filters: [],
  endedBy: 'time',
  dropped: 0,
} as const;

function summary(scanId = SCAN.id): ScanSummary {
  return {
    scanId,
    startedAt: SCAN.startedAt,
    finishedAt: '2025-12-08T17:22:20.000Z',
    targets: SCAN.targets,
    endpointsScanned: 1,
    openPorts: 1,
    openBrokers: 1,
    authFailures: 0,
    sensors: 0,
    risk: { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, OK: 0 },
  };
}

describe('report-out', () => {
  let directory: string;
  let flow: Flow;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'report-out-'));
  });

  afterEach(async () => {
    await flow.unload();
    await rm(directory, { recursive: true, force: true });
  });

  async function start(settings: object = {}): Promise<void> {
    const node: FlowNode = { id: 'report', type: 'report-out', directory, wires: [['out']], ...settings };
    flow = await Flow.load([node, sink('out')]);
  }

  function sendScan(scan = SCAN, properties: object = {}): void {
    flow.send('report', { payload: endpoint(), scan, parts: { id: 'p', index: 0 }, ...properties });
    flow.send('report', {
      payload: summary(scan.id),
      scan,
      complete: true,
      parts: { id: 'p', index: 1, count: 2 },
      ...properties,
    });
  }

  it('writes all formats under one number and says where they are', async () => {
    await start();
    sendScan(SCAN, { custom: 1 });
    const { payload, custom, parts, complete } = await flow.until('out');
    assert.equal(payload.number, 1);
    assert.deepEqual(
      payload.files.map(({ name }: { name: string }) => name),
      ['mqtt_scan_report_001.pdf', 'mqtt_scan_report_001.csv', 'mqtt_scan_report_001.json'],
    );
    for (const { path, bytes, url } of payload.files) {
      assert.equal((await readFile(path)).length, bytes);
      assert.equal(url, undefined);
    }
    assert.deepEqual(payload.summary, summary());
    assert.deepEqual([custom, parts, complete], [1, undefined, undefined]);
    const document = JSON.parse(await readFile(payload.files[2].path, 'utf8'));
    assert.equal(document.schema, 'mqtt-scan-report/1');
    assert.deepEqual(document.endpoints, [endpoint()]);
    assert.equal(flow.of('out').length, 1, 'endpoints are gathered, not passed on');
  });

  it('puts the sequence back in which the scan was asked for', async () => {
    await start();
    const outer = { id: 'outer', index: 2, count: 5 };
    flow.send('report', {
      payload: summary(),
      scan: SCAN,
      complete: true,
      parts: { id: 'p', index: 0, parts: outer },
    });
    assert.deepEqual((await flow.until('out')).parts, outer);
  });

  it('keeps two scans apart', async () => {
    await start({ formats: 'json' });
    const other = { ...SCAN, id: 'other' };
    flow.send('report', { payload: endpoint({ port: 1 }), scan: SCAN });
    flow.send('report', { payload: endpoint({ port: 2 }), scan: other });
    flow.send('report', { payload: summary('other'), scan: other, complete: true });
    flow.send('report', { payload: summary(), scan: SCAN, complete: true });
    await flow.until('out', () => flow.of('out').length === 2);
    for (const { payload } of flow.of('out')) {
      const { scan, endpoints } = JSON.parse(await readFile(payload.files[0].path, 'utf8'));
      assert.deepEqual(
        endpoints.map(({ port }: { port: number }) => port),
        [scan.id === 'other' ? 2 : 1],
      );
    }
    assert.deepEqual(
      flow
        .of('out')
        .map(({ payload }) => payload.number)
        .sort(),
      [1, 2],
    );
  });

  it('takes a whole scan that Join has collected', async () => {
    await start({ formats: 'csv' });
    flow.send('report', { payload: [endpoint(), endpoint({ port: 8883 }), summary()] });
    const { payload } = await flow.until('out');
    assert.equal((await readFile(payload.files[0].path, 'utf8')).trim().split('\r\n').length, 3);
  });

  const wrong: readonly (readonly [string, object, string])[] = [
    ['a folder that cannot be made', { directory: '/proc/nowhere/reports' }, 'REPORT_FOLDER'],
    ['a format that nobody knows', { formats: 'pdf,docx' }, 'REPORT_FORMAT'],
    ['a time zone that nobody knows', { timezone: 'Mars/Olympus' }, 'BAD_TIMEZONE'],
    ['a name with a path in it', { basename: '../x' }, 'BAD_OPTION'],
  ];
  for (const [what, settings, code] of wrong) {
    it(`gives ${code} for ${what}, and writes nothing`, async () => {
      await start(settings);
      sendScan();
      const { error } = await flow.until('caught', ({ payload }) => payload !== undefined);
      assert.equal(error.code, code);
      assert.doesNotMatch(error.message, /__\w+__/);
      assert.equal(flow.of('out').length, 0);
      assert.deepEqual(await readdir(directory), []);
    });
  }

  it('keeps a scan that it could not write, and writes it when asked again', async () => {
    const blocked = join(directory, 'blocked');
    await writeFile(blocked, 'a file where the folder should be');
    await start({ directory: blocked, formats: 'json' });
    sendScan();
    await flow.until('caught');
    await rm(blocked);
    flow.send('report', { payload: summary(), scan: SCAN, complete: true });
    const { payload } = await flow.until('out');
    assert.equal(JSON.parse(await readFile(payload.files[0].path, 'utf8')).endpoints.length, 1);
  });

  it('keeps a scan whose reports were stopped, and writes it when asked again', async () => {
    await start({ formats: 'csv,json' });
    const topics = Array.from({ length: 500 }, (_, index) => ({ ...TOPIC, topic: `t/${index}` }));
    for (let port = 1; port <= 60; port += 1) {
      flow.send('report', { payload: endpoint({ port, traffic: { ...TRAFFIC, topics } }), scan: SCAN });
    }
    const closing = () => flow.send('report', { payload: summary(), scan: SCAN, complete: true });
    closing();
    while (!(await readdir(directory)).some((name) => name.endsWith('.tmp'))) await delay(1);
    flow.send('report', { payload: undefined, stop: true });
    while ((await readdir(directory)).some((name) => name.endsWith('.tmp'))) await delay(1);
    assert.equal(flow.of('out').length, 0);
    assert.equal(flow.of('caught').length, 0);
    closing();
    const { payload } = await flow.until('out');
    assert.equal(payload.number, 2);
    assert.equal(JSON.parse(await readFile(payload.files[1].path, 'utf8')).endpoints.length, 60);
  });

  it('keeps the newest reports only, if it is told to', async () => {
    await start({ formats: 'csv,sarif', keep: '2' });
    for (let scan = 1; scan <= 4; scan += 1) {
      sendScan({ ...SCAN, id: `scan-${scan}` });
      await flow.until('out', () => flow.of('out').length === scan);
    }
    assert.deepEqual((await readdir(directory)).filter((name) => !name.startsWith('.')).sort(), [
      'mqtt_scan_report_003.csv',
      'mqtt_scan_report_003.sarif.json',
      'mqtt_scan_report_004.csv',
      'mqtt_scan_report_004.sarif.json',
    ]);
  });

  it('shows which format is being written, and how much of it is done', async () => {
    await start({ formats: 'json' });
    sendScan();
    await flow.until('out');
    assert.match(flow.everything(['report']), /writing/);
  });

  it('refuses what is no report', async () => {
    await start();
    flow.send('report', { payload: 'hello' });
    assert.equal((await flow.until('caught')).error.code, 'BAD_INPUT');
  });

  describe('serves its reports', () => {
    it('under the given path: the list, each file as it is on disk, and nothing else', async () => {
      await start({ serve: '/scan/reports' });
      sendScan();
      const { payload } = await flow.until('out');
      await writeFile(join(directory, 'secret.txt'), 'secret');
      await symlink(join(directory, 'secret.txt'), join(directory, 'mqtt_scan_report_777.json'));
      const types = { pdf: 'application/pdf', csv: 'text/csv', json: 'application/json' };
      for (const { url, path, format } of payload.files) {
        const response = await flow.get(url);
        assert.equal(response.status, 200);
        assert.deepEqual(response.body, await readFile(path));
        assert.match(response.headers['content-type'] ?? '', new RegExp(types[format as keyof typeof types]));
        assert.match(
          response.headers['content-disposition'] ?? '',
          /^attachment; filename="mqtt_scan_report_001\.\w+"$/,
        );
      }
      const list = JSON.parse((await flow.get('/scan/reports')).body.toString());
      assert.deepEqual(list.map(({ name }: { name: string }) => name).sort(), [
        'mqtt_scan_report_001.csv',
        'mqtt_scan_report_001.json',
        'mqtt_scan_report_001.pdf',
      ]);
      const others = [
        'secret.txt',
        '..%2fsecret.txt',
        '%2e%2e',
        'mqtt_scan_report_002.pdf',
        'mqtt_scan_report_777.json',
        'mqtt_scan_report_001.pdf%00',
      ];
      for (const name of others) assert.equal((await flow.get(`/scan/reports/${name}`)).status, 404, name);
    });

    it('one node for each path; a second one is told so, and serves nothing', async () => {
      const other = await mkdtemp(join(tmpdir(), 'report-other-'));
      try {
        const first = {
          id: 'report',
          type: 'report-out',
          directory,
          serve: 'same',
          formats: 'sarif',
          wires: [['out']],
        };
        const second = { ...first, id: 'second', directory: other, wires: [['out']] };
        flow = await Flow.load([first, second, sink('out')]);
        const told =
          /"id":"second","type":"report-out","msg":\{"code":"BAD_OPTION"[^}]*serves \/same already/;
        assert.match(flow.everything(['second']), told);
        sendScan();
        const { payload } = await flow.until('out');
        const response = await flow.get(payload.files[0].url);
        assert.match(response.headers['content-type'] ?? '', /application\/sarif\+json/);
        flow.send('second', { payload: [endpoint(), summary()] });
        await flow.until('out', () => flow.of('out').length === 2);
        assert.equal(flow.of('out')[1]?.payload.files[0].url, undefined);
      } finally {
        await rm(other, { recursive: true, force: true });
      }
    });

    it('only as long as the node is there', async () => {
      await start({ serve: 'gone' });
      sendScan();
      const { payload } = await flow.until('out');
      assert.equal((await flow.get(payload.files[0].url)).status, 200);
      await flow.unload();
      await start();
      assert.equal((await flow.get(payload.files[0].url)).status, 404);
    });

    it('not at all by default, and not under a path that is none', async () => {
      await start({ serve: '../etc' });
      assert.match(flow.everything(['report']), /"code":"BAD_OPTION","params":\{"option":"serve"/);
      sendScan();
      assert.equal((await flow.until('out')).payload.files[0].url, undefined);
    });
  });

  it('finishes a report that is being written when the node is closed, or leaves none', async () => {
    await start();
    sendScan();
    await flow.unload();
    await delay(50);
    const names = (await readdir(directory)).filter((name) => !name.startsWith('.'));
    assert.ok(names.length === 0 || names.length === 3, names.join());
    await start();
  });
});
