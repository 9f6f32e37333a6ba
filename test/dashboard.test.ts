import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { startEmbeddedLab } from '../brokers/embedded';
import type { Lab } from '../brokers/lab-types';
import { type Browser, type OpenPage, openPage, type Page, startBrowser } from './support/browser';
import { type FlowNode, type Runtime, startNodeRed } from './support/node-red-runtime';
import { ROOT } from './support/packed-package';
import { removeFolder, temporaryFolder } from './support/temporary-folders';
import { orSkip } from './support/unavailable';

const PLAIN = '01 - Scan MQTT brokers.json';
const DASHBOARD = '02 - Dashboard (node-red-dashboard).json';
/** A password that is found wherever it turns up. */
const LOGIN = { username: 'labuser', password: 'Kj7-never-shown-92' };
/** What the dashboard itself complains about, with any flow. */
const OWN_NOISE = [/\/ui\/loading\.html/, /^SideNav 'left' is not available/];
const SCAN_MS = 20_000;
const POLL_MS = 50;

describe('the example flow with a dashboard', function () {
  this.timeout(60_000);

  let lab: Lab;
  let labFolder: string;
  let runtime: Runtime;
  let browser: Browser;
  let visitor: OpenPage;
  let page: Page;

  before(async function () {
    this.timeout(120_000);
    browser = await orSkip(this, startBrowser);
    labFolder = await temporaryFolder('lab');
    lab = await startEmbeddedLab({
      plainPort: 0,
      tlsPort: 0,
      directory: labFolder,
      credentials: LOGIN,
      intervalMs: 500,
    });
    const flows = [...example(PLAIN), ...example(DASHBOARD), ...caller('MQTT security scan')].map((node) =>
      node.type === 'tls-config' ? trusting(node, lab.ca) : node,
    );
    runtime = await startNodeRed({ version: '4.1', flows, packages: ['node-red-dashboard'] });
    visitor = await openPage(browser, `${runtime.url}/ui`);
    page = visitor.page;
    await page.locator('#mss-progress').waitFor();
  });

  after(async () => {
    await browser?.close();
    await runtime?.stop();
    await lab?.stop();
    if (labFolder) await removeFolder(labFolder);
  });

  /** Fills the form in and presses its button. */
  async function submit(target: string, ports: string, login?: typeof LOGIN): Promise<void> {
    await page.getByLabel('Target').fill(target);
    await page.getByLabel(/^Ports/).fill(ports);
    await page.getByLabel(/^User name/).fill(login?.username ?? '');
    await page.getByLabel('Password').fill(login?.password ?? '');
    await page.getByRole('button', { name: /start scan/i }).click();
  }

  const labPorts = (): string => `${lab.insecure.port}, ${lab.secure.port}`;

  it('is ready with the values of this machine in the form', async () => {
    await until(async () => (await page.getByLabel('Target').inputValue()) === '127.0.0.1', 5000);
    assert.equal(await page.getByLabel(/^Ports/).inputValue(), '1883, 8883');
    assert.equal(await text(page, '#mss-state'), 'Ready');
    assert.match(await text(page, '#mss-results'), /Nothing yet/);
  });

  it('scans what the form says, and shows rows before the scan has ended', async () => {
    await submit('127.0.0.1', labPorts(), LOGIN);
    await until(async () => (await rowsOf(page)).some((row) => row.includes('checking')), SCAN_MS);
    await waitForState(page, 'Done');
    assert.equal(await text(page, '#mss-scanned'), '2');
    assert.equal(await text(page, '#mss-open'), '2');
    assert.equal(await text(page, '#mss-failed'), '0');
    assert.equal(await page.getByRole('progressbar').getAttribute('aria-valuenow'), '100');
    assert.match(await text(page, '#mss-counts'), /^2 endpoints, 2 open ports, 3 sensors$/);
    assert.match(
      await text(page, '#mss-when'),
      /^Started \d+\/\d+\/\d{4}, \d+:\d\d:\d\d [AP]M \(Asia\/Kuala_Lumpur\)$/,
    );
  });

  it('lists one row per sensor, worst first', async () => {
    await until(async () => (await rowsOf(page)).length === 3, 2000);
    const [pir, dht, ldr] = await rowsOf(page);
    assert.deepEqual(pir?.slice(0, 3), [
      `127.0.0.1:${lab.insecure.port}`,
      'Plain',
      'PIR (Motion Sensor)sensors/faris/pir_insecure',
    ]);
    assert.match(pir?.[3] ?? '', /^(Motion|No motion)$/);
    assert.deepEqual(pir?.slice(4), ['Open / OK', 'CRITICAL']);
    assert.deepEqual(dht?.slice(0, 3), [
      `127.0.0.1:${lab.secure.port}`,
      'TLS',
      'DHT (Temp & Hum)sensors/faris/dht_secure',
    ]);
    assert.match(dht?.[3] ?? '', /^[\d.]+°C, [\d.]+%$/);
    assert.deepEqual(dht?.slice(4), ['Open / OK', 'LOW']);
    assert.equal(ldr?.[2], 'LDR (Light Sensor)sensors/faris/ldr_secure');
    assert.match(ldr?.[3] ?? '', /^[\d.]+% light$/);
    assert.deepEqual(ldr?.slice(4), ['Open / OK', 'LOW']);
  });

  it('shows the details of a row', async () => {
    await page.locator('tr.row').first().click();
    assert.match(await text(page, '.mss-details'), /Access without a login accepted.* CRITICAL /);
    await page.locator('tr.row').first().click();
    assert.equal(await page.locator('.mss-details').count(), 0);
  });

  it('filters the rows', async () => {
    await page.getByRole('button', { name: 'Auth failed' }).click();
    assert.equal((await rowsOf(page)).length, 0);
    await page.getByRole('button', { name: 'All', exact: true }).click();
    assert.equal((await rowsOf(page)).length, 3);
  });

  it('shows the live readings', async () => {
    const gauges = page.locator('.nr-dashboard-gauge');
    assert.equal(await gauges.count(), 3);
    for (const gauge of await gauges.all()) {
      const [value] = await gauge.locator('text').allTextContents();
      assert.match((await gauge.locator('text').allTextContents()).join(' '), /\d/, `gauge shows ${value}`);
      assert.ok(!(await gauge.textContent())?.includes('–'), 'every gauge must have had a reading');
    }
    assert.match(await text(page, '#mss-motion b'), /^(Motion|No motion)$/);
    assert.match(await text(page, '#mss-source'), /sensors\/faris\/.*\(Asia\/Kuala_Lumpur\)$/);
  });

  it('offers the reports, as they are on disk', async () => {
    await page.locator('.mss-report').first().waitFor();
    assert.match(await text(page, '#mss-reports'), /Report 001/);
    const types = { PDF: 'application/pdf', CSV: 'text/csv', JSON: 'application/json' };
    for (const [name, type] of Object.entries(types)) {
      const link = page.getByRole('link', { name, exact: true });
      const path = (await link.getAttribute('href')) ?? '';
      assert.equal(path, `/mqtt-scan-reports/mqtt_scan_report_001.${name.toLowerCase()}`);
      const response = await runtime.get(path);
      assert.equal(response.status, 200);
      assert.match(response.headers.get('content-type') ?? '', new RegExp(`^${type}`));
      const onDisk = await readFile(join(runtime.userDir, path));
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), onDisk);
    }
  });

  it('shows the same to a second visitor, and after a reload', async () => {
    const second = await openPage(browser, `${runtime.url}/ui`);
    await page.reload();
    for (const other of [second.page, page]) {
      await waitForState(other, 'Done');
      await until(async () => (await rowsOf(other)).length === 3, 5000);
      assert.equal(await text(other, '#mss-open'), '2');
      await until(async () => /Report 001/.test(await text(other, '#mss-reports')), 5000);
      assert.match(await text(other, '#mss-motion b'), /^(Motion|No motion)$/);
    }
    assert.deepEqual(await rowsOf(second.page), await rowsOf(page));
    await second.page.context().close();
    assert.deepEqual(unexpected(second), []);
  });

  it('says what is wrong with a target, and forgets it with the next scan', async () => {
    await submit('8.8.8.8', labPorts());
    await until(async () => (await text(page, '#mss-error')).includes('8.8.8.8'), 5000);
    assert.match(await text(page, '#mss-error'), /^OUT_OF_SCOPE: The target/);
    await submit('<img/src=x/onerror=window.__pwned=1>', labPorts());
    await until(async () => (await text(page, '#mss-error')).includes('<img/src'), 5000);
    assert.equal(await page.locator('#mss-error img').count(), 0);
  });

  it('stops a scan within a second', async () => {
    await submit('127.1.0.0/16', String(await unusedPort()));
    await waitForState(page, 'Scanning');
    assert.equal(await text(page, '#mss-error'), '', 'the error of the scan before is gone');
    await until(
      async () => Number(await page.getByRole('progressbar').getAttribute('aria-valuenow')) >= 1,
      SCAN_MS,
    );
    const pressedAt = Date.now();
    await page.getByRole('button', { name: /stop/i }).click();
    await waitForState(page, 'Stopped');
    assert.ok(Date.now() - pressedAt < 1000, `it took ${Date.now() - pressedAt} ms`);
    await until(async () => /not reached$/.test(await text(page, '#mss-counts')), 5000);
  });

  it('shows hostile topics as text', async () => {
    const image = 'a/<img src=x onerror=window.__pwned=1>/temp';
    const template = "b/{{constructor.constructor('window.__pwned=1')()}}/temp";
    const client = await connectAsync(lab.insecure.url);
    for (const topic of [image, template]) {
      await client.publishAsync(topic, JSON.stringify({ temp_c: 21.5, note: topic }), { retain: true });
    }
    await client.endAsync();
    await submit('127.0.0.1', String(lab.insecure.port));
    await until(async () => (await rowsOf(page)).length === 3, SCAN_MS);
    await waitForState(page, 'Done');
    const shown = await text(page, '#mss-results');
    assert.ok(shown.includes(image), shown);
    assert.ok(shown.includes(template), shown);
    assert.equal(await page.evaluate('window.__pwned'), undefined);
    assert.equal(await page.locator('img').count(), 0);
  });

  it('answers a link call to the example without a dashboard', async () => {
    const response = await runtime.get(`/call-scan?ports=${lab.insecure.port}`);
    const report = (await response.json()) as { number: number; summary: { openBrokers: number } };
    assert.equal(report.summary.openBrokers, 1);
    assert.ok(report.number > 1);
  });

  it('keeps the password to itself', async () => {
    const nodes = example(DASHBOARD);
    const ofType = (wanted: string): string[] =>
      nodes.filter(({ type }) => type === wanted).map(({ id }) => id);
    const contexts = [
      '/context/global',
      ...ofType('tab').map((id) => `/context/flow/${id}`),
      ...ofType('function').map((id) => `/context/node/${id}`),
    ];
    const kept = await Promise.all(contexts.map(async (path) => (await runtime.get(path)).text()));
    assert.ok(
      kept.some((content) => content.includes('127.0.0.1')),
      'the contexts were read',
    );
    for (const content of [...kept, runtime.log(), await page.content()]) {
      assert.ok(!content.includes(LOGIN.password), content.slice(0, 2000));
    }
    assert.equal(await page.getByLabel('Password').inputValue(), '');
  });

  it('logs nothing but its start', () => {
    const lines = runtime.log().split('\n');
    const problems = lines.filter((line) => /\[(error|warn)\]/.test(line) && !isExpected(line));
    assert.deepEqual(problems, []);
    assert.deepEqual(unexpected(visitor), []);
  });
});

/** Warnings of a start in a new user directory. */
function isExpected(line: string): boolean {
  return /Projects disabled|Encrypted credentials not found/.test(line);
}

/** The nodes of an example flow. */
function example(name: string): FlowNode[] {
  return JSON.parse(readFileSync(join(ROOT, 'examples', name), 'utf8')) as FlowNode[];
}

/** The TLS configuration as if the user had uploaded the CA. */
function trusting(node: FlowNode, ca: string): FlowNode {
  const credentials = { cadata: ca, certdata: '', keydata: '', passphrase: '' };
  return { ...node, caname: 'ca.crt', credentials };
}

/** `GET /call-scan?ports=…` answers with the report of a scan of this machine. */
function caller(linkName: string): FlowNode[] {
  const z = 'caller';
  const func = `
    msg.payload = { targets: '127.0.0.1', ports: msg.req.query.ports, listen: 1 };
    msg.target = ${JSON.stringify(linkName)};
    return msg;`;
  return [
    { id: z, type: 'tab', label: 'Caller' },
    { id: 'call-in', type: 'http in', z, url: '/call-scan', method: 'get', wires: [['call-prepare']] },
    { id: 'call-prepare', type: 'function', z, func, outputs: 1, wires: [['call-link']] },
    {
      id: 'call-link',
      type: 'link call',
      z,
      links: [],
      linkType: 'dynamic',
      timeout: '20',
      wires: [['call-out']],
    },
    { id: 'call-out', type: 'http response', z, wires: [] },
  ];
}

/** The cells of the table's rows; details are no rows. */
function rowsOf(page: Page): Promise<string[][]> {
  return page
    .locator('tr.row')
    .evaluateAll((rows) =>
      rows.map((row) => [...row.children].map((cell) => (cell.textContent ?? '').trim())),
    );
}

/** What an element shows; nothing when it is not there. */
async function text(page: Page, selector: string): Promise<string> {
  const [found = ''] = await page.locator(selector).allInnerTexts();
  return found.replace(/\s+/g, ' ').trim();
}

async function waitForState(page: Page, state: string): Promise<void> {
  await until(async () => (await text(page, '#mss-state')) === state, SCAN_MS);
}

/** @throws Error when it has not become true in time */
async function until(test: () => Promise<boolean>, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await test())) {
    if (Date.now() > deadline) throw new Error(`not so within ${withinMs} ms: ${test}`);
    await delay(POLL_MS);
  }
}

/** What went wrong in a page and is not the dashboard's own habit. */
function unexpected({ errors }: OpenPage): string[] {
  return errors.filter((error) => !OWN_NOISE.some((noise) => noise.test(error)));
}

/** A port on which nothing listens. */
function unusedPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
