import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { startEmbeddedLab } from '../brokers/embedded';
import type { Lab } from '../brokers/lab-types';
import type { EndpointReport, ScanSummary } from '../lib/model';
import { type FlowNode, NODE_RED_VERSIONS } from './support/node-red-runtime';
import {
  assertNoSecrets,
  assertScanWorks,
  type Bench,
  byNumber,
  deployObserved,
  documentOf,
  newMarker,
  newSecret,
  payloadOf,
  portsOf,
  post,
  type ReportPayload,
  scanned,
  startInstalledMosquitto,
  until,
  useBench,
} from './support/scan-bench';
import { callers, scanExample } from './support/scan-flows';
import { type CsvRow, pdfText, type ReadReport, reportPath, waitForReport } from './support/scan-reports';
import { type ScriptedServer, startScripted } from './support/scripted-server';

const HEADER =
  'Scan Date,Target IP,Port,Protocol,Topic,Sensor Type,Sensor Data (Summary),Raw Payload,Status,Risk Level,Message Count';
const SENSOR_TYPES = ['DHT (Temp & Hum)', 'LDR (Light Sensor)', 'PIR (Motion Sensor)'];
const FIRST_START_MS = 240_000;
const STOP_WITHIN_MS = 1000;
const REDEPLOY_WITHIN_MS = 2000;

interface ErrorCase {
  readonly payload: unknown;
  readonly code: string;
  readonly entry?: string;
}

const ERROR_CASES: readonly ErrorCase[] = [
  { payload: '', code: 'NO_TARGET' },
  { payload: '300.1.1.1', code: 'BAD_TARGET' },
  { payload: '10.0.0.0/33', code: 'BAD_TARGET' },
  { payload: '0177.0.0.1', code: 'BAD_TARGET' },
  { payload: 'no-such-host.invalid', code: 'NAME_NOT_RESOLVED' },
  { payload: '127.0.0.1:0', code: 'BAD_PORT' },
  { payload: '127.0.0.1:70000', code: 'BAD_PORT' },
  { payload: '8.8.8.8', code: 'OUT_OF_SCOPE' },
  { payload: { targets: ['127.0.0.1', 5] }, code: 'BAD_INPUT' },
  { payload: '127.0.0.1', code: 'REPORT_FOLDER', entry: 'no-folder' },
  { payload: '127.0.0.1', code: 'PROFILE_MISSING', entry: 'no-profile' },
];

for (const version of NODE_RED_VERSIONS) {
  describe(`scans in Node-RED ${version}`, function () {
    this.timeout(FIRST_START_MS);
    const bench = useBench(version, startEmbeddedLab);

    describe('the first example', () => testExample(bench));
    describe('called by other flows', () => testCalls(bench));
    describe('messages', () => testMessages(bench));
    describe('errors', () => testErrors(bench));
    describe('stop and redeploy', () => testEnds(bench));
    describe('after all this', () => testAftermath(bench));
  });
}

describe('scans of Mosquitto in Node-RED 4.1', function () {
  this.timeout(FIRST_START_MS);
  const bench = useBench('4.1', startInstalledMosquitto);
  describe('the first example', () => testExample(bench));
  describe('after all this', () => testAftermath(bench));
});

function testExample(bench: () => Bench): void {
  const scan = async (number: number): Promise<ReadReport> => {
    const { lab, runtime } = bench();
    await runtime.inject(buttonOf(scanExample(lab)));
    return waitForReport(runtime.userDir, number);
  };

  describe('with the login', () => {
    let report: ReadReport;

    before(async () => {
      const { lab, runtime } = bench();
      await runtime.deploy(scanExample(lab, lab.credentials));
      report = await scan(1);
    });

    it('finds two brokers and three sensors', () => {
      const { schema, number, scan: info, summary, endpoints } = report.json;
      assert.equal(schema, 'mqtt-scan-report/1');
      assert.equal(number, 1);
      assert.equal(summary.scanId, info.id);
      assert.deepEqual(info.targets, ['127.0.0.1']);
      assert.equal(summary.endpointsScanned, 2);
      assert.equal(summary.openPorts, 2);
      assert.equal(summary.openBrokers, 2);
      assert.equal(summary.authFailures, 0);
      assert.equal(summary.sensors, 3);
      assert.equal(summary.stopped, undefined);
      assert.deepEqual(summary.risk, { CRITICAL: 1, HIGH: 0, MEDIUM: 0, LOW: 1, OK: 0 });
      const { insecure, secure } = bench().lab;
      assert.deepEqual(portsOf(endpoints), [insecure.port, secure.port].sort(byNumber));
    });

    it('writes the CSV with the contracted columns', () => {
      const { insecure, secure } = bench().lab;
      assert.equal(report.csv.header, HEADER);
      assert.deepEqual(report.csv.rows.map(fixedColumns).sort(bySensor), [
        ['DHT (Temp & Hum)', secure.port, 'MQTT over TLS', 'sensors/faris/dht_secure', 'Open / OK', 'LOW'],
        ['LDR (Light Sensor)', secure.port, 'MQTT over TLS', 'sensors/faris/ldr_secure', 'Open / OK', 'LOW'],
        [
          'PIR (Motion Sensor)',
          insecure.port,
          'MQTT (Plain)',
          'sensors/faris/pir_insecure',
          'Open / OK',
          'CRITICAL',
        ],
      ]);
    });

    it('writes readings, address and date into the CSV as people read them', () => {
      const date = inKualaLumpur(report.json.scan.startedAt);
      const patterns: Readonly<Record<string, RegExp>> = {
        'DHT (Temp & Hum)': /^\d+(\.\d+)?C; \d+(\.\d+)?%$/,
        'LDR (Light Sensor)': /^\d+(\.\d+)?% light$/,
        'PIR (Motion Sensor)': /^(Motion|No motion)$/,
      };
      for (const row of report.csv.rows) {
        assert.equal(row['Scan Date'], date);
        assert.equal(row['Target IP'], '127.0.0.1');
        assert.match(row['Sensor Data (Summary)'] ?? '', patterns[row['Sensor Type'] ?? ''] ?? /never/);
        assert.match(row['Raw Payload'] ?? '', /^\{".+\}$/);
        assert.ok(Number(row['Message Count']) >= 1);
      }
    });

    it('writes a PDF with all sensors', async () => {
      assert.equal(report.pdf.subarray(0, 4).toString(), '%PDF');
      const text = await pdfText(report.pdfPath);
      if (text === undefined) return;
      for (const words of [...SENSOR_TYPES, 'Executive Summary', 'Scan Overview', 'Detailed Findings']) {
        assert.ok(text.includes(words), words);
      }
    });

    it('gives the next scan the next number, and leaves the first report alone', async () => {
      const before = readFileSync(reportPath(bench().runtime.userDir, 1, 'json'), 'utf8');
      const second = await scan(2);
      assert.equal(second.json.number, 2);
      assert.equal(second.json.summary.sensors, 3);
      assert.notEqual(second.json.scan.id, report.json.scan.id);
      assert.equal(readFileSync(reportPath(bench().runtime.userDir, 1, 'json'), 'utf8'), before);
    });
  });

  describe('without the login', () => {
    it('says Auth Failed and MEDIUM', async () => {
      const { lab, runtime } = bench();
      await runtime.deploy(scanExample(lab));
      const { json, csv } = await scan(3);
      assert.equal(json.summary.openBrokers, 1);
      assert.equal(json.summary.authFailures, 1);
      assert.equal(json.summary.sensors, 1);
      assert.deepEqual(csv.rows.map(fixedColumns).sort(bySensor), [
        ['', lab.secure.port, 'MQTT over TLS', '', 'Auth Failed', 'MEDIUM'],
        [
          'PIR (Motion Sensor)',
          lab.insecure.port,
          'MQTT (Plain)',
          'sensors/faris/pir_insecure',
          'Open / OK',
          'CRITICAL',
        ],
      ]);
    });
  });
}

/** The example is called by its Link In node from another tab. */
function testCalls(bench: () => Bench): void {
  before(async () => {
    const { lab, runtime, collector } = bench();
    const example = scanExample(lab, lab.credentials);
    await runtime.deploy([...example, ...callers({ lab, collector }, linkInOf(example))]);
  });

  it('answers a link call, with all other properties of the message as they were', async () => {
    const { collector, runtime } = bench();
    const own = {
      topic: 'my topic',
      marker: 'a call',
      nested: { deep: [1, { two: 'three' }] },
      parts: { id: 'outer', type: 'array', index: 0, count: 7 },
    };
    await post(runtime, 'call', { payload: '127.0.0.1', ...own });
    const called = await collector.waitFor('called', ({ marker }) => marker === own.marker);
    assert.deepEqual(Object.fromEntries(Object.keys(own).map((name) => [name, called[name]])), own);
    assert.equal(payloadOf(called).summary.sensors, 3);
  });

  it('answers an HTTP request', async () => {
    const { runtime } = bench();
    const response = await runtime.get('/scan-now?target=127.0.0.1');
    assert.equal(response.status, 200);
    const { number, summary, files } = (await response.json()) as ReportPayload;
    assert.ok(number > 0);
    assert.equal(summary.openBrokers, 2);
    assert.equal(summary.sensors, 3);
    assert.deepEqual(files.map(({ format }) => format).sort(), ['csv', 'json', 'pdf']);
  });

  it('answers two callers at once, each with its own report', async () => {
    const { runtime, lab } = bench();
    const ask = async (url: string): Promise<ReportPayload> => {
      const response = await runtime.get(`/scan-now?target=${encodeURIComponent(url)}`);
      return (await response.json()) as ReportPayload;
    };
    const [plain, encrypted] = await Promise.all([ask(lab.insecure.url), ask(lab.secure.url)]);
    assert.notEqual(plain.number, encrypted.number);
    assert.deepEqual(portsOf(documentOf(plain).endpoints), [lab.insecure.port]);
    assert.deepEqual(portsOf(documentOf(encrypted).endpoints), [lab.secure.port]);
  });
}

function testMessages(bench: () => Bench): void {
  before(() => deployObserved(bench(), bench().lab.credentials));
  beforeEach(() => bench().collector.clear());

  it('gives two scans at once two reports, each with its own endpoints', async () => {
    const { runtime, lab } = bench();
    const scans = await Promise.all([
      scanned(bench(), { targets: lab.insecure.url, listen: 1 }),
      scanned(bench(), { targets: lab.secure.url, listen: 1 }),
    ]);
    const [plain, encrypted] = scans.map(payloadOf);
    assert.ok(plain && encrypted);
    assert.notEqual(plain.number, encrypted.number);
    assert.notEqual(plain.summary.scanId, encrypted.summary.scanId);
    assert.deepEqual(portsOf(documentOf(plain).endpoints), [lab.insecure.port]);
    assert.deepEqual(portsOf(documentOf(encrypted).endpoints), [lab.secure.port]);
    assert.deepEqual([plain.summary.sensors, encrypted.summary.sensors], [1, 2]);
    assert.ok(runtime.isRunning());
  });

  it('lets the core Join node collect a scan without settings', async () => {
    const { collector, lab } = bench();
    await scanned(bench(), { targets: [lab.insecure.url, lab.secure.url], listen: 0 });
    const { payload } = await collector.waitFor('joined', () => true);
    assert.ok(Array.isArray(payload));
    const endpoints = payload.slice(0, -1) as EndpointReport[];
    const summary = payload.at(-1) as ScanSummary;
    assert.deepEqual(portsOf(endpoints), [lab.insecure.port, lab.secure.port].sort(byNumber));
    assert.ok(endpoints.every(({ risk }) => risk !== undefined));
    assert.equal(summary.endpointsScanned, 2);
    assert.equal(collector.received('joined').length, 1);
  });

  it('sends endpoints as they are found, and the closing message last', async () => {
    const { collector, lab } = bench();
    await scanned(bench(), { targets: [lab.insecure.url, lab.secure.url], listen: 0 });
    const messages = collector.received('risks');
    assert.deepEqual(
      messages.map(({ complete }) => complete),
      [undefined, undefined, true],
    );
    const topics = messages.slice(0, -1).map(({ topic }) => topic);
    assert.deepEqual(topics.sort(), [lab.insecure.url, lab.secure.url].sort());
    const ids = messages.map(({ scan }) => scan?.id);
    assert.equal(new Set(ids).size, 1);
  });

  it('sends progress, readings and alerts beside them', async () => {
    const { collector, lab } = bench();
    // Written in a way of their own: what a report of the same targets has already is no news.
    const targets = [lab.insecure.url, lab.secure.url].map((url) => url.replace(/^\w+:\/\//, ''));
    await scanned(bench(), { targets, listen: 1 });
    assert.ok(collector.received('progress').length >= 2);
    const topics = new Set(collector.received('readings').map(({ topic }) => topic));
    assert.deepEqual(
      [...topics].sort(),
      ['dht_secure', 'ldr_secure', 'pir_insecure'].map((name) => `sensors/faris/${name}`),
    );
    const alerts = collector.received('alerts');
    assert.ok(alerts.length > 0);
    assert.ok(alerts.every(({ topic }) => topic === lab.insecure.url));
  });

  it('takes a login from the message, for this scan only', async () => {
    const { collector, lab } = bench();
    const targets = lab.secure.url;
    await deployObserved(bench());
    const wrong = { username: lab.credentials.username, password: newSecret() };
    const openBrokers = async (more: object): Promise<number> =>
      payloadOf(await scanned(bench(), { targets, listen: 0, ...more })).summary.openBrokers;
    assert.equal(await openBrokers({}), 0);
    assert.equal(await openBrokers({ credentials: lab.credentials }), 1);
    assert.equal(await openBrokers({ credentials: wrong }), 0);
    assert.equal(await openBrokers({}), 0);
    assert.equal(collector.received('errors-scan').length, 0);
  });
}

function testErrors(bench: () => Bench): void {
  before(() => deployObserved(bench()));
  beforeEach(() => bench().collector.clear());

  for (const { payload, code, entry = 'scan' } of ERROR_CASES) {
    it(`${JSON.stringify(payload)} to /${entry} reaches the Catch node as ${code}`, async () => {
      const { collector, runtime, lab } = bench();
      const marker = newMarker();
      const tag = entry === 'scan' ? 'errors-scan' : 'errors-broken';
      await post(runtime, entry, { payload: withPort(payload, lab), marker, topic: 'kept' });
      const caught = await collector.waitFor(tag, (message) => message.marker === marker);
      assert.equal(caught.error?.code, code);
      assert.match(caught.error?.message ?? '', /\w{3}/);
      assert.doesNotMatch(caught.error?.message ?? '', /__\w+__|[a-z]+\.[a-z]+\.[A-Z_]+/);
      await assertScanWorks(bench());
      assert.equal(collector.received('errors-scan').length + collector.received('errors-broken').length, 1);
    });
  }

  it('a login in a message does not come back with its error', async () => {
    const { collector, runtime } = bench();
    const credentials = { username: 'someone', password: newSecret() };
    await post(runtime, 'scan', { payload: { targets: '300.1.1.1', credentials } });
    const { payload } = await collector.waitFor('errors-scan', ({ error }) => error?.code === 'BAD_TARGET');
    assert.deepEqual(payload, { targets: '300.1.1.1' });
  });

  /** Scans that get as far as a report would otherwise visit the default ports. */
  function withPort(payload: unknown, lab: Lab): unknown {
    return payload === '127.0.0.1' ? { targets: lab.insecure.url, listen: 0 } : payload;
  }
}

function testEnds(bench: () => Bench): void {
  let silent: ScriptedServer;
  let counted: ScriptedServer;

  before(async () => {
    await deployObserved(bench(), bench().lab.credentials);
    const { port } = bench().lab.insecure;
    silent = await startScripted((socket) => socket.resume());
    // The lab's broker behind a door that counts.
    counted = await startScripted((socket) => {
      const broker = connect({ host: '127.0.0.1', port });
      broker.on('error', () => socket.destroy());
      broker.on('close', () => socket.destroy());
      socket.on('close', () => broker.destroy());
      socket.pipe(broker).pipe(socket);
    });
  });
  beforeEach(() => bench().collector.clear());
  after(async () => {
    await silent.stop();
    await counted.stop();
  });

  const urlOf = ({ port }: ScriptedServer): string => `mqtt://127.0.0.1:${port}`;

  it('msg.stop ends the scan of a silent target', async () => {
    const { runtime, collector } = bench();
    const marker = newMarker();
    await post(runtime, 'scan', { payload: urlOf(silent), marker });
    await until(() => silent.open() > 0, 'the scan reaches its target');
    await assertStops(marker);
    await until(() => silent.open() === 0, 'the connection ends');
    assert.equal(collector.received('errors-scan').length, 0);
  });

  it('msg.stop ends listening, and what was heard is in the report', async () => {
    const { runtime, collector } = bench();
    const marker = newMarker();
    await post(runtime, 'scan', { payload: { targets: urlOf(counted), listen: 60 }, marker });
    await collector.waitFor('readings', () => true);
    const { summary } = await assertStops(marker);
    assert.equal(summary.sensors, 1);
    await until(() => counted.open() === 0, 'the connection ends');
  });

  /** Stops all scans; the report must come at once and say so in all formats. */
  async function assertStops(marker: string): Promise<ReportPayload> {
    const { runtime, collector } = bench();
    const stoppedAt = performance.now();
    await post(runtime, 'scan', { stop: true });
    const message = await collector.waitFor('reports', (report) => report.marker === marker);
    const elapsed = performance.now() - stoppedAt;
    assert.ok(elapsed < STOP_WITHIN_MS, `the report came after ${Math.round(elapsed)} ms`);
    const report = payloadOf(message);
    assert.equal(report.summary.stopped, true);
    assert.equal(documentOf(report).summary.stopped, true);
    const text = await pdfText(reportPath(runtime.userDir, report.number, 'pdf'));
    if (text !== undefined) assert.match(text, /stopped/i);
    return report;
  }

  it('a redeploy ends running scans and all of their connections', async () => {
    const { runtime, collector } = bench();
    const marker = newMarker();
    const targets = [urlOf(counted), urlOf(silent)];
    await post(runtime, 'scan', { payload: { targets, listen: 60 }, marker });
    await collector.waitFor('readings', () => true);
    await until(() => silent.open() > 0 && counted.open() > 0, 'both targets are being examined');

    const deployedAt = performance.now();
    await deployObserved(bench(), bench().lab.credentials);
    const elapsed = performance.now() - deployedAt;
    assert.ok(elapsed < REDEPLOY_WITHIN_MS, `the deploy took ${Math.round(elapsed)} ms`);
    await until(() => silent.open() + counted.open() === 0, 'all connections end');
    assert.ok(runtime.isRunning());

    collector.clear();
    const connections = silent.connections() + counted.connections();
    await delay(1500);
    assert.equal(silent.connections() + counted.connections(), connections, 'nothing connects again');
    for (const tag of ['progress', 'readings', 'risks', 'reports', 'errors-scan']) {
      assert.deepEqual(collector.received(tag), [], `nothing of the old scan reaches "${tag}"`);
    }
    await assertScanWorks(bench());
  });

  it('a redeploy ends the threads that sweep a large network', async function () {
    if (process.platform !== 'linux') this.skip();
    const { runtime } = bench();
    const threads = (): number => readdirSync(`/proc/${runtime.pid}/task`).length;
    const before = threads();
    await post(runtime, 'scan', { payload: { targets: '127.64.0.0/10', ports: '1', listen: 0 } });
    await until(() => threads() > before + 1, 'two threads sweep');
    const deployedAt = performance.now();
    await deployObserved(bench(), bench().lab.credentials);
    assert.ok(performance.now() - deployedAt < REDEPLOY_WITHIN_MS);
    await until(() => threads() <= before, 'the threads end');
    await assertScanWorks(bench());
  });

  it('ten redeploys during scans leave nothing behind', async () => {
    const { runtime } = bench();
    for (let i = 0; i < 10; i++) {
      await post(runtime, 'scan', { payload: { targets: [urlOf(counted), urlOf(silent)], listen: 60 } });
      await delay(i * 20);
      await deployObserved(bench(), bench().lab.credentials);
    }
    await until(() => silent.open() + counted.open() === 0, 'all connections end');
    await assertScanWorks(bench());
  });
}

type FixedColumns = readonly [string, number, string, string, string, string];

/** The columns that are the same in every scan of the lab. */
function fixedColumns(row: CsvRow): FixedColumns {
  const column = (name: string): string => row[name] ?? '(missing)';
  return [
    column('Sensor Type'),
    Number(column('Port')),
    column('Protocol'),
    column('Topic'),
    column('Status'),
    column('Risk Level'),
  ];
}

function bySensor([a]: FixedColumns, [b]: FixedColumns): number {
  return a < b ? -1 : 1;
}

/** `12/9/2025, 1:22:13 AM`, worked out by other means than the report does. */
function inKualaLumpur(iso: string): string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: 'Asia/Kuala_Lumpur',
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const { month, day, hour, minute, second, dayPeriod } = Object.fromEntries(
    format.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]),
  );
  const year = new Date(Date.parse(iso) + 8 * 3_600_000).getUTCFullYear();
  return `${month}/${day}/${year}, ${hour}:${minute}:${second} ${dayPeriod}`;
}

/** The inject node that scans this machine. */
function buttonOf(example: readonly FlowNode[]): string {
  const button = example.find(({ type, payload }) => type === 'inject' && payload === '127.0.0.1');
  assert.ok(button, 'the example has a button that scans this machine');
  return button.id;
}

function linkInOf(example: readonly FlowNode[]): string {
  const node = example.find(({ type }) => type === 'link in');
  assert.ok(node, 'the example can be called');
  return node.id;
}

/** Comes last, since it looks back on everything. */
function testAftermath(bench: () => Bench): void {
  it('every password was kept secret', () => assertNoSecrets(bench()));

  it('the process has neither died nor been in trouble', () => {
    const { runtime } = bench();
    assert.ok(runtime.isRunning());
    assert.doesNotMatch(runtime.log(), /uncaught|unhandled|MaxListenersExceeded|INTERNAL/i);
  });
}
