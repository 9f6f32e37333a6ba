import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startEmbeddedLab } from '../brokers/embedded';
import type { Lab } from '../brokers/lab-types';
import { dial } from '../brokers/test-client';
import { type FlowNode, type Runtime, startNodeRed } from './support/node-red-runtime';
import { ROOT } from './support/packed-package';
import { removeFolder, temporaryFolder } from './support/temporary-folders';
import { orSkip } from './support/unavailable';

const FILES = ['05 - Scan triggers.json', '06 - Subflow.json'];
const KEY = 'key-of-the-test-7261';
const LOGIN = { username: 'labuser', password: 'Kj7-never-shown-92' };
const PATH = '/mqtt-scanner/scans';
const WITHIN_MS = 20_000;

interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly id: string;
    readonly state: string;
    readonly error: { readonly code: string; readonly message: string };
    readonly scans: readonly { readonly id: string; readonly state: string }[];
    readonly number: number;
    readonly summary: { readonly openBrokers: number };
    readonly endpoints: readonly { readonly outcome: string; readonly risk: object }[];
  };
}

describe('the triggers', function () {
  this.timeout(60_000);

  let lab: Lab;
  let labFolder: string;
  let runtime: Runtime;

  before(async function () {
    this.timeout(120_000);
    labFolder = await temporaryFolder('lab');
    lab = await startEmbeddedLab({
      plainPort: 0,
      tlsPort: 0,
      directory: labFolder,
      credentials: LOGIN,
      intervalMs: 500,
    });
    runtime = await orSkip(this, () =>
      startNodeRed({ version: '4.1', flows: flowsFor(lab), env: { MQTT_SCANNER_API_KEY: KEY } }),
    );
  });

  after(async () => {
    await runtime?.stop();
    await lab?.stop();
    if (labFolder) await removeFolder(labFolder);
  });

  /** Scans count for a minute; each test starts with an empty minute. */
  beforeEach(async function () {
    this.timeout(30_000);
    await runtime.deploy(flowsFor(lab, Math.random()));
  });

  async function ask(path: string, options: RequestInit = {}, key: string = KEY): Promise<Reply> {
    const headers = { 'Content-Type': 'application/json', 'X-API-Key': key, ...options.headers };
    const response = await fetch(`${runtime.url}${path}`, { ...options, headers });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : {} };
  }

  const post = (body: unknown, key: string = KEY): Promise<Reply> =>
    ask(PATH, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }, key);
  const labScan = (): object => ({ targets: `127.0.0.1:${lab.insecure.port}`, listen: 0.5 });

  async function finished(id: string): Promise<Reply> {
    const deadline = Date.now() + WITHIN_MS;
    for (;;) {
      const reply = await ask(`${PATH}/${id}`);
      if (!['running', 'starting'].includes(reply.body.state)) return reply;
      assert.ok(Date.now() < deadline, 'the scan has not ended');
      await delay(100);
    }
  }

  it('scans for whoever has the key: 202, state, result, and the report as it is on disk', async () => {
    const started = await post({ ...labScan(), credentials: LOGIN, name: 'Hall 3' });
    assert.equal(started.status, 202);
    assert.equal(started.headers.get('location'), `${PATH}/${started.body.id}`);
    assert.equal((await ask(`${PATH}/${started.body.id}/result`)).status, 409);
    const { status, body } = await finished(started.body.id);
    assert.deepEqual([status, body.state, body.summary.openBrokers], [200, 'done', 1]);
    const result = await ask(`${PATH}/${started.body.id}/result`);
    assert.equal(result.status, 200);
    assert.deepEqual(
      result.body.endpoints.map(({ outcome }) => outcome),
      ['open'],
    );
    assert.ok(result.body.endpoints[0]?.risk);
    for (const format of ['pdf', 'csv', 'json']) {
      const response = await fetch(`${runtime.url}${PATH}/${body.id}/report?format=${format}`, {
        headers: { Authorization: `Bearer ${KEY}` },
      });
      assert.equal(response.status, 200);
      const name = `mqtt_scan_report_${String(body.number).padStart(3, '0')}.${format}`;
      assert.match(response.headers.get('content-disposition') ?? '', new RegExp(name));
      const onDisk = await readFile(join(runtime.userDir, 'mqtt-scan-reports', name));
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), onDisk);
    }
    assert.equal((await ask(`${PATH}/${body.id}/report?format=exe`)).status, 404);
    assert.equal((await ask(`${PATH}/${body.id}/other`)).status, 404);
    const csv = `mqtt_scan_report_${String(body.number).padStart(3, '0')}.csv`;
    await rm(join(runtime.userDir, 'mqtt-scan-reports', csv));
    const gone = await ask(`${PATH}/${body.id}/report?format=csv`);
    assert.deepEqual([gone.status, gone.body.error?.code], [410, 'NO_FILE']);
    assert.ok(!runtime.log().includes(LOGIN.password));
  });

  it('lists what it was asked to scan, and stops it: 202, then 409', async () => {
    const { body: started } = await post({ targets: '127.1.0.0/16', ports: '1', name: 'Too large' });
    const { body: list } = await ask(PATH);
    assert.deepEqual(
      list.scans.map(({ id, state }) => [id, state]),
      [[started.id, 'running']],
    );
    const stopping = await ask(`${PATH}/${started.id}`, { method: 'DELETE' });
    assert.deepEqual([stopping.status, stopping.body.state], [202, 'running']);
    const { body } = await finished(started.id);
    assert.equal(body.state, 'stopped');
    assert.ok(body.number >= 1, 'what was found until then is reported');
    const again = await ask(`${PATH}/${started.id}`, { method: 'DELETE' });
    assert.deepEqual([again.status, again.body.error.code], [409, 'NOT_RUNNING']);
    assert.equal((await ask(`${PATH}/nobody`, { method: 'DELETE' })).status, 404);
  });

  it('refuses whoever has not: 401', async () => {
    for (const key of ['', 'wrong', `${KEY}x`, KEY.slice(1)]) {
      const { status, headers, body } = await post(labScan(), key);
      assert.deepEqual([status, headers.get('www-authenticate'), body.error.code], [401, 'Bearer', 'NO_KEY']);
    }
    assert.equal((await ask(`${PATH}/1`, {}, 'wrong')).status, 401);
  });

  it('takes the key that the properties of the flow hold, in place of the environment', async () => {
    const key = 'key-of-the-flow-8812';
    const flows = flowsFor(lab, Math.random()).map((node) =>
      node.type === 'tab' && node.env ? { ...node, credentials: { API_KEY: key } } : node,
    );
    await runtime.deploy(flows);
    assert.equal((await ask(`${PATH}/nobody`, {}, key)).status, 404);
    assert.equal((await ask(`${PATH}/nobody`)).status, 401);
    const stored = await readFile(join(runtime.userDir, 'flows.json'), 'utf8');
    assert.ok(!stored.includes(key), 'it is kept among the credentials, encrypted');
    // Credentials live as long as their flow.
    await runtime.deploy([]);
  });

  const REFUSED: readonly (readonly [number, string, unknown])[] = [
    [403, 'OUT_OF_SCOPE', { targets: '8.8.8.8' }],
    [422, 'BAD_TARGET', { targets: '300.1.1.1' }],
    [422, 'BAD_PORT', { targets: '127.0.0.1', ports: '70000' }],
    [422, 'BAD_INPUT', {}],
    [422, 'BAD_INPUT', []],
    [422, 'BAD_INPUT', { targets: 7 }],
    [422, 'BAD_INPUT', { targets: 'x', listen: 'long' }],
    [422, 'BAD_INPUT', { targets: 'x', what: 1 }],
    [422, 'BAD_INPUT', { targets: '127.0.0.1', credentials: 'auditor' }],
    [422, 'BAD_INPUT', { targets: '127.0.0.1', credentials: { user: 'auditor', password: 'x' } }],
    [422, 'BAD_INPUT', { targets: '127.0.0.1', credentials: { password: 'x' } }],
    [422, 'BAD_INPUT', { targets: 'x'.repeat(30_000) }],
    [422, 'BAD_OPTION', { targets: '127.0.0.1', credentials: { username: 'x'.repeat(70_000) } }],
  ];
  const BROKEN: readonly (readonly [string, RegExp])[] = [
    ['{"targets": ', /not valid JSON: it ends too early\. Send an object, such as \{"targets"/],
    ['{"targets": "x",\n "credentials": {"password": "secret" "x"}}', /look at line 2, column 39\./],
    ['secret', /not valid JSON/],
    ['', /it ends too early/],
  ];
  it('says what is wrong with a request: 400, 403, 413, 422, 404', async () => {
    for (const [i, [status, code, body]] of REFUSED.entries()) {
      if (i % 4 === 0) await runtime.deploy(flowsFor(lab, Math.random()));
      const reply = await post(body);
      assert.deepEqual(
        [reply.status, reply.body.error?.code],
        [status, code],
        JSON.stringify(body).slice(0, 60),
      );
    }
    for (const [broken, expected] of BROKEN) {
      const { status, body } = await post(broken);
      assert.deepEqual([status, body.error?.code], [400, 'BAD_JSON'], broken);
      assert.match(body.error.message, expected);
      assert.ok(!body.error.message.includes('secret'), 'what was sent is not repeated');
    }
    const large = await post(JSON.stringify({ targets: 'x'.repeat(6_000_000) }));
    assert.deepEqual([large.status, large.body.error?.code], [413, 'TOO_LARGE']);
    assert.equal((await post('{"targets": ', 'wrong')).status, 401);
    const shouted = await ask(PATH.toUpperCase(), { method: 'POST', body: '{"targets": "8.8.8.8"}' });
    assert.deepEqual([shouted.status, shouted.body.error?.code], [403, 'OUT_OF_SCOPE']);
    assert.equal((await ask(`${PATH}/nobody`)).status, 404);
  });

  it('takes five scans a minute, also of those who ask at once: 429', async () => {
    const replies = await Promise.all(Array.from({ length: 8 }, () => post(labScan())));
    const codes = replies.map(({ status }) => status).sort();
    assert.deepEqual(codes, [202, 202, 202, 202, 202, 429, 429, 429]);
    const ids = replies.filter(({ status }) => status === 202).map(({ body }) => body.id);
    assert.equal(new Set(ids).size, 5);
    assert.ok(Number(replies.find(({ status }) => status === 429)?.headers.get('retry-after')) > 0);
    for (const id of ids) assert.equal((await finished(id)).body.state, 'done');
  });

  it('takes commands by MQTT, and answers with the result or the error', async () => {
    const connecting = Date.now() + WITHIN_MS;
    while (runtime.log().lastIndexOf('Connected to broker') < runtime.log().lastIndexOf('Stopped flows')) {
      assert.ok(Date.now() < connecting, 'the MQTT nodes have not connected');
      await delay(50);
    }
    await delay(300);
    const client = await dial(lab.insecure.url);
    const answers: { id: string; summary?: { openBrokers: number }; error?: { code: string } }[] = [];
    client.on('message', (_topic, payload) => answers.push(JSON.parse(payload.toString())));
    await client.subscribeAsync('mqtt-scanner/scan/result');
    const target = `127.0.0.1:${lab.insecure.port}`;
    const commands = [
      { ...labScan(), id: 'a' },
      { targets: '8.8.8.8', id: 'b' },
      { targets: target, scope: '10.0.0.0/8', id: 'narrowed' },
      { targets: target, credentials: LOGIN, id: 'login' },
      { target, id: 'misspelt' },
    ];
    for (const command of commands) {
      await client.publishAsync('mqtt-scanner/scan/start', JSON.stringify(command));
    }
    await client.publishAsync('mqtt-scanner/scan/start', '{"targets": ');
    const deadline = Date.now() + WITHIN_MS;
    while (answers.length < 6 && Date.now() < deadline) await delay(50);
    await client.endAsync();
    const codes = new Map(answers.map(({ id, error }) => [id, error?.code]));
    assert.deepEqual(Object.fromEntries(codes), {
      a: undefined,
      b: 'OUT_OF_SCOPE',
      narrowed: 'OUT_OF_SCOPE',
      login: 'BAD_INPUT',
      misspelt: 'BAD_INPUT',
      '': 'BAD_JSON',
    });
    assert.equal(answers.find(({ id }) => id === 'a')?.summary?.openBrokers, 1);
  });

  for (const path of ['link', 'subflow']) {
    it(`gives a report to a flow that asks by ${path}`, async () => {
      const { body } = await ask(`/by-${path}?target=127.0.0.1:${lab.insecure.port}`);
      assert.ok(body.number >= 1);
      assert.equal(body.summary.openBrokers, 1);
    });
  }

  it('answers a link call with the error where no report will come, and with the report where one will', async () => {
    const refused = await ask('/by-link?target=8.8.8.8');
    assert.equal(refused.body.error?.code, 'OUT_OF_SCOPE');
    const partly = await ask(`/by-link?target=no-such-host.invalid,127.0.0.1:${lab.insecure.port}`);
    assert.equal(partly.body.summary?.openBrokers, 1);
  });

  it('scans a device that has joined, once', async () => {
    const target = `127.0.0.1:${lab.insecure.port}`;
    const before = await reports();
    for (let i = 0; i < 3; i++) await ask(`/joined?target=${target}`);
    const deadline = Date.now() + WITHIN_MS;
    while ((await reports()) === before && Date.now() < deadline) await delay(100);
    await delay(500);
    assert.equal((await reports()) - before, 1);
  });

  /** How many reports were written so far. */
  async function reports(): Promise<number> {
    const files = await readdir(join(runtime.userDir, 'mqtt-scan-reports')).catch(() => []);
    return files.filter((file) => file.endsWith('.pdf')).length;
  }
});

/** The examples, with the broker of the lab and ways to ask by link and by subflow. */
function flowsFor(lab: Lab, variation = 0): FlowNode[] {
  const nodes = FILES.flatMap(
    (file) => JSON.parse(readFileSync(join(ROOT, 'examples', file), 'utf8')) as FlowNode[],
  ).map((node) => {
    const { d, ...enabled } = node;
    if (node.type === 'mqtt-broker')
      return { ...node, broker: '127.0.0.1', port: String(lab.insecure.port), protocolVersion: '4' };
    if (/^mqtt (in|out)$/.test(node.type)) return { ...enabled, id: node.id, type: node.type };
    // A changed node starts with an empty context.
    if (node.type === 'function') return { ...node, func: `${String(node.func)}// ${variation}` };
    return node;
  });
  const scan = nodes.find(({ type }) => type.startsWith('subflow:'));
  const joined = nodes.find(({ name }) => name === 'new device joined');
  const ask = `
    msg.payload = { targets: msg.req.query.target, listen: 0.5 };
    msg.target = 'MQTT security scan (triggers)';
    return msg;`;
  const z = 'asking';
  const entry = (name: string, next: string): FlowNode[] => [
    { id: `${name}-in`, type: 'http in', z, url: `/${name}`, method: 'get', wires: [[`${name}-ask`]] },
    { id: `${name}-ask`, type: 'function', z, func: ask, outputs: 1, wires: [[next]] },
  ];
  return [
    ...nodes,
    { id: z, type: 'tab', label: 'Asking' },
    { id: 'asking-out', type: 'http response', z, wires: [] },
    ...entry('by-link', 'by-link-call'),
    {
      id: 'by-link-call',
      type: 'link call',
      z,
      linkType: 'dynamic',
      links: [],
      timeout: '20',
      wires: [['by-link-answer']],
    },
    {
      id: 'by-link-answer',
      type: 'function',
      z,
      func: 'return msg.error ? { ...msg, payload: { error: msg.error, isEmpty: msg.payload === undefined } } : msg;',
      outputs: 1,
      wires: [['asking-out']],
    },
    ...entry('by-subflow', 'by-subflow-scan'),
    { id: 'by-subflow-scan', type: String(scan?.type), z, x: 200, y: 100, wires: [['asking-out']] },
    {
      id: 'joined-in',
      type: 'http in',
      z,
      url: '/joined',
      method: 'get',
      wires: [['joined-tell', 'asking-out']],
    },
    {
      id: 'joined-tell',
      type: 'function',
      z,
      func: 'return { payload: { ip: msg.req.query.target } };',
      outputs: 1,
      wires: [['joined-out']],
    },
    { id: 'joined-out', type: 'link out', z, mode: 'link', links: [String(joined?.id)], wires: [] },
  ];
}
