import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { EndpointReport, ScanSummary } from '../../lib/model';
import { type AnyMessage, Flow, type FlowNode, profile, sink } from '../../test/support/flow';
import { answer, type ScriptedServer, startScripted } from '../../test/support/scripted-server';

const ACCEPTED = Buffer.from([0x20, 2, 0, 0]);
const REFUSED = Buffer.from([0x20, 2, 0, 5]);

function probe(overrides: object = {}): FlowNode {
  return {
    id: 'probe',
    type: 'mqtt-probe',
    profile: 'profile',
    targets: '',
    ports: '1883',
    reportClosed: 'auto',
    wires: [['out'], ['progress']],
    ...overrides,
  };
}

describe('mqtt-probe', () => {
  let flow: Flow;
  const servers: ScriptedServer[] = [];

  async function start(node: object = {}, profileSettings: object = {}, credentials = {}): Promise<void> {
    const nodes = [profile(profileSettings), probe(node), sink('out'), sink('progress')];
    flow = await Flow.load(nodes, credentials);
  }

  async function serve(...script: Parameters<typeof startScripted>): Promise<ScriptedServer> {
    const server = await startScripted(...script);
    servers.push(server);
    return server;
  }

  afterEach(async () => {
    await flow.unload();
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  const endpoints = (): AnyMessage[] => flow.of('out').filter(({ complete }) => !complete);

  it('sends one message for each endpoint and then the summary, as a sequence that Join understands', async () => {
    const open = await serve(answer(ACCEPTED));
    const locked = await serve(answer(REFUSED));
    await start();
    flow.send('probe', {
      payload: `127.0.0.1:${open.port}, 127.0.0.1:${locked.port}`,
      custom: { kept: true },
    });
    const closing = await flow.closing('out');

    const reports: EndpointReport[] = endpoints().map(({ payload }) => payload);
    assert.deepEqual(reports.map(({ outcome }) => outcome).sort(), ['auth-failed', 'open']);
    for (const message of flow.of('out')) {
      assert.deepEqual(message.custom, { kept: true });
      assert.equal(message.parts?.id, closing.parts?.id);
      assert.equal(message.scan.id, closing.scan.id);
    }
    assert.deepEqual(
      flow.of('out').map(({ parts }) => parts?.index),
      [0, 1, 2],
    );
    assert.equal(closing.parts?.count, 3);
    assert.equal(flow.of('out').at(-1), closing, 'the summary comes last');

    const summary: ScanSummary = closing.payload;
    const { endpointsScanned, openPorts, openBrokers, authFailures, sensors } = summary;
    assert.deepEqual(
      { endpointsScanned, openPorts, openBrokers, authFailures, sensors },
      { endpointsScanned: 2, openPorts: 2, openBrokers: 1, authFailures: 1, sensors: 0 },
    );
    assert.equal(summary.scanId, closing.scan.id);
    assert.equal(endpoints()[0]?.topic, endpoints()[0]?.payload.url);
  });

  it('stacks the parts of the message that started it', async () => {
    await start();
    const parts = { id: 'outer', index: 3, count: 9, type: 'array' };
    flow.send('probe', { payload: '127.0.0.1:1', parts });
    const closing = await flow.closing('out');
    assert.deepEqual(closing.parts.parts, parts);
  });

  it('is done exactly once for each message', async () => {
    await start();
    flow.send('probe', { payload: '127.0.0.1:1' });
    flow.send('probe', { payload: '127.0.0.1:2' });
    await flow.until('completed', () => flow.of('completed').length === 2);
    await delay(50);
    assert.equal(flow.of('completed').length, 2);
    assert.equal(flow.of('caught').length, 0);
  });

  it('takes targets, ports and a name from an object, and what is missing from its settings', async () => {
    const open = await serve(answer(ACCEPTED));
    await start({ targets: '127.0.0.1', ports: String(open.port) });
    flow.send('probe', { payload: { name: 'Night scan' } });
    const closing = await flow.closing('out');
    assert.equal(closing.scan.name, 'Night scan');
    assert.deepEqual(closing.payload.targets, ['127.0.0.1']);
    assert.equal(closing.payload.openBrokers, 1);
  });

  it('looks for targets and ports where its settings say', async () => {
    process.env.PROBE_TEST_PORT = '1';
    const places = [
      ['msg', 'deep.hosts', { deep: { hosts: ['127.0.0.1', '127.0.0.2'] } }],
      ['flow', 'hosts', {}],
      ['global', 'hosts', {}],
    ] as const;
    for (const [targetsType, targets, message] of places) {
      await start({ targets, targetsType, ports: 'PROBE_TEST_PORT', portsType: 'env' });
      if (targetsType !== 'msg') flow.keep('probe', targetsType, 'hosts', '127.0.0.1, 127.0.0.2');
      flow.send('probe', { payload: Date.now(), ...message });
      const { payload } = await flow.closing('out');
      assert.equal(payload.endpointsScanned, 2, targetsType);
      assert.deepEqual(payload.targets, ['127.0.0.1', '127.0.0.2'], targetsType);
      if (targetsType !== 'global') await flow.unload();
    }
    delete process.env.PROBE_TEST_PORT;
  });

  it('says what is wrong with what it finds there', async () => {
    await start({ targets: 'hosts', targetsType: 'msg', ports: 'ports', portsType: 'msg' });
    const cases = [
      [{}, 'NO_TARGET'],
      [{ hosts: 7 }, 'BAD_INPUT'],
      [{ hosts: 'mqtt://user:hidden-71@127.0.0.1' }, 'BAD_TARGET'],
      [{ hosts: '127.0.0.1', ports: {} }, 'BAD_INPUT'],
      [{ hosts: '127.0.0.1', ports: 70_000 }, 'BAD_PORT'],
    ] as const;
    for (const [index, [message, code]] of cases.entries()) {
      flow.send('probe', { payload: 0, ...message });
      await flow.until('caught', () => flow.of('caught').length === index + 1);
      const { error } = flow.of('caught')[index] ?? {};
      assert.equal(error.code, code);
      assert.ok(!error.message.includes('hidden-71'));
    }
    assert.equal(flow.of('out').length, 0);
  });

  it('starts what it is set to when the payload is a time stamp', async () => {
    await start({ targets: '127.0.0.1', ports: '1' });
    flow.send('probe', { payload: Date.now() });
    assert.equal((await flow.closing('out')).payload.endpointsScanned, 1);
  });

  it('tells progress while it works and when it is done', async () => {
    await start();
    flow.send('probe', { payload: '127.0.0.1-20' });
    await flow.closing('out');
    await delay(20);
    const last = flow.of('progress').at(-1)?.payload;
    assert.equal(last.state, 'done');
    assert.equal(last.percent, 100);
    assert.equal(last.total, last.scanned);
    assert.equal(flow.of('progress')[0]?.payload.state, 'running');
  });

  describe('reports endpoints behind which nothing listens', () => {
    const cases: readonly (readonly [string, string, number])[] = [
      ['auto', '127.0.0.1', 1],
      ['auto', '127.0.0.0/30', 0],
      ['always', '127.0.0.0/30', 4],
      ['never', '127.0.0.1', 0],
    ];
    for (const [reportClosed, target, expected] of cases) {
      it(`${reportClosed}: ${expected} for ${target}`, async () => {
        await start({ reportClosed, ports: '1' });
        flow.send('probe', { payload: target });
        await flow.closing('out');
        assert.equal(endpoints().length, expected);
        assert.ok(endpoints().every(({ payload }) => payload.outcome === 'closed'));
      });
    }
  });

  describe('gives one catchable error with a code, sends nothing, and goes on working', () => {
    const cases: readonly (readonly [unknown, string])[] = [
      ['', 'NO_TARGET'],
      [[], 'NO_TARGET'],
      ['300.1.1.1', 'BAD_TARGET'],
      ['10.0.0.0/33', 'BAD_TARGET'],
      ['0177.0.0.1', 'BAD_TARGET'],
      ['no-such-host.invalid', 'NAME_NOT_RESOLVED'],
      ['127.0.0.1:0', 'BAD_PORT'],
      [{ targets: '127.0.0.1', ports: '70000' }, 'BAD_PORT'],
      ['8.8.8.8', 'OUT_OF_SCOPE'],
      ['127.0.0.1, 8.8.8.0/24', 'OUT_OF_SCOPE'],
      [[1, 2], 'BAD_INPUT'],
      [{ targets: 7 }, 'BAD_INPUT'],
      [{ target: '127.0.0.1' }, 'BAD_INPUT'],
      [Buffer.from('300.1.1.1'), 'BAD_TARGET'],
      [{ targets: '127.0.0.1', credentials: 'admin' }, 'BAD_INPUT'],
    ];
    for (const [payload, code] of cases) {
      it(`${code} for ${JSON.stringify(payload)}`, async () => {
        await start();
        flow.send('probe', { payload });
        const { error } = await flow.until('caught');
        assert.equal(error.code, code);
        assert.match(error.message, /^[A-Z].*[a-z] [a-z].*\./, 'a sentence');
        assert.doesNotMatch(error.message, /^\w+Error/);
        assert.doesNotMatch(error.message, /__\w+__/);
        assert.equal(flow.of('out').length, 0);

        flow.send('probe', { payload: '127.0.0.1:1' });
        await flow.closing('out');
        assert.equal(flow.of('caught').length, 1);
        assert.equal(flow.of('completed').length, 1);
      });
    }

    it('PROFILE_MISSING without a profile', async () => {
      await start({ profile: 'gone' });
      flow.send('probe', { payload: '127.0.0.1' });
      assert.equal((await flow.until('caught')).error.code, 'PROFILE_MISSING');
    });

    it('BAD_OPTION for a setting of the profile, BAD_SCOPE for its scope', async () => {
      await start({}, { window: 'many' });
      flow.send('probe', { payload: '127.0.0.1' });
      assert.equal((await flow.until('caught')).error.code, 'BAD_OPTION');
      await flow.unload();
      await start({}, { scope: '10.0.0.0/99' });
      flow.send('probe', { payload: '127.0.0.1' });
      assert.equal((await flow.until('caught')).error.code, 'BAD_SCOPE');
    });
  });

  it('scans the rest when one of several names does not resolve, and then tells it', async () => {
    await start();
    flow.send('probe', { payload: '127.0.0.1:1, no-such-host.invalid' });
    assert.equal((await flow.closing('out')).payload.endpointsScanned, 1);
    assert.equal((await flow.until('caught')).error.code, 'NAME_NOT_RESOLVED');
  });

  it('lets a message narrow the scope and never widen it', async () => {
    await start({}, { scope: '127.0.0.0/30' });
    flow.send('probe', { payload: { targets: '127.0.0.2:1', scope: '127.0.0.1' } });
    assert.equal((await flow.until('caught')).error.code, 'OUT_OF_SCOPE');
    flow.send('probe', { payload: { targets: '127.0.0.9:1', scope: 'any' }, asked: 'wider' });
    const { error } = await flow.until('caught', ({ asked }) => asked === 'wider');
    assert.equal(error.code, 'OUT_OF_SCOPE');
    flow.send('probe', { payload: { targets: '127.0.0.1:1', scope: ['127.0.0.1'] } });
    assert.equal((await flow.closing('out')).payload.endpointsScanned, 1);
  });

  it('stops within a second, with a summary of what was done', async () => {
    const silent = await serve(() => undefined);
    await start({}, { phaseTimeout: '30000' });
    flow.send('probe', { payload: `127.0.0.1:${silent.port}, 127.0.0.2:${silent.port}, 127.0.0.1:1` });
    await flow.until('out');
    const stoppedAt = Date.now();
    flow.send('probe', { stop: true });
    const { payload } = await flow.closing('out', 1000);
    assert.ok(Date.now() - stoppedAt < 1000);
    assert.equal(payload.stopped, true);
    assert.equal(payload.endpointsScanned + payload.notReached, 3);
  });

  it('stops only the scan that is named', async () => {
    const silent = await serve(() => undefined, '0.0.0.0');
    await start({}, { phaseTimeout: '1500' });
    for (const address of ['127.0.0.1', '127.0.0.2']) {
      flow.send('probe', { payload: `${address}:${silent.port}`, asked: address });
    }
    const { scan } = await flow.until('progress', ({ scan: info }) =>
      info.targets[0].startsWith('127.0.0.1'),
    );
    flow.send('probe', { stop: true, scan });
    const first = await flow.closing('out', 1000);
    assert.equal(first.asked, '127.0.0.1');
    await flow.until('out', ({ complete, asked }) => complete === true && asked === '127.0.0.2');
    const second = flow.of('out').find(({ complete, asked }) => complete && asked === '127.0.0.2');
    assert.equal(second?.payload.stopped, undefined);
  });

  it('keeps two scans at once apart', async () => {
    const open = await serve(answer(ACCEPTED), '0.0.0.0');
    await start();
    for (const address of ['127.0.0.1', '127.0.0.2']) {
      flow.send('probe', { payload: `${address}:1, ${address}:2, ${address}:${open.port}`, asked: address });
    }
    await flow.until('out', () => flow.of('out').filter(({ complete }) => complete).length === 2);
    for (const message of flow.of('out')) {
      assert.deepEqual(message.scan.targets[0], `${message.asked}:1`);
      if (message.complete) assert.equal(message.payload.endpointsScanned, 3);
      else assert.equal(message.payload.address, message.asked);
    }
  });

  it('refuses a sixth scan at once', async () => {
    const silent = await serve(() => undefined);
    await start({}, { phaseTimeout: '30000' });
    for (let i = 1; i <= 6; i++) flow.send('probe', { payload: `127.0.0.${i}:${silent.port}` });
    assert.equal((await flow.until('caught')).error.code, 'BUSY');
    flow.send('probe', { stop: true });
    await flow.until('out', () => flow.of('out').filter(({ complete }) => complete).length === 5);
  });

  it('ends every connection when it is closed during a scan, and sends nothing afterwards', async () => {
    const silent = await serve(() => undefined, '0.0.0.0');
    await start({}, { phaseTimeout: '30000' });
    flow.send('probe', { payload: Array.from({ length: 9 }, (_, i) => `127.0.0.${i + 1}:${silent.port}`) });
    while (silent.open() === 0) await delay(10);
    const closedAt = Date.now();
    await flow.unload();
    assert.ok(Date.now() - closedAt < 1000, `${Date.now() - closedAt} ms`);
    const sent = flow.of('out').length;
    await delay(100);
    assert.equal(silent.open(), 0);
    assert.equal(flow.of('out').length, sent);
    assert.ok(!flow.of('out').some(({ complete, payload }) => complete && payload.targets.length === 9));
    await start();
  });

  it('uses the login of the message, and shows it nowhere', async () => {
    const secret = 'correct-horse-battery';
    const open = await serve((socket) =>
      socket.once('data', (bytes) => socket.write(bytes.includes(secret) ? ACCEPTED : REFUSED)),
    );
    await start();
    flow.send('probe', {
      payload: { targets: `127.0.0.1:${open.port}`, credentials: { username: 'u', password: secret } },
    });
    await flow.closing('out');
    assert.equal(endpoints()[0]?.payload.outcome, 'open');
    assert.equal(endpoints()[0]?.payload.probe.openedAs, 'credentials');
    flow.send('probe', {
      payload: { targets: '300.1.1.1', credentials: { username: 'u', password: secret } },
    });
    await flow.until('caught');
    assert.ok(!flow.everything(['probe']).includes(secret));
  });

  it('takes the login out of the request too that a message came with, and out of wherever it was put by mistake', async () => {
    const secret = 'correct-horse-battery';
    await start();
    const body = { targets: '127.0.0.1:1', credentials: { username: 'u', password: secret } };
    flow.send('probe', { payload: body, req: { body } });
    await flow.closing('out');
    flow.send('probe', { payload: { targets: { credentials: { password: secret } } } });
    flow.send('probe', { payload: [{ credentials: { password: secret } }] });
    await flow.until('caught', () => flow.of('caught').length === 2);
    assert.ok(!flow.everything(['probe']).includes(secret));
  });

  it('does not pass on what an earlier scan said of itself', async () => {
    await start();
    flow.send('probe', {
      payload: '127.0.0.1:1',
      complete: true,
      scan: { id: 'earlier', startedAt: '', targets: [] },
    });
    const closing = await flow.until('out', ({ payload }) => payload.endpointsScanned === 1);
    assert.notEqual(closing.scan.id, 'earlier');
    assert.equal(endpoints().length, 1);
  });

  it('uses the login of the profile when the message has none', async () => {
    const open = await serve((socket) =>
      socket.once('data', (bytes) => socket.write(bytes.includes('from-profile') ? ACCEPTED : REFUSED)),
    );
    await start({}, {}, { profile: { username: 'u', password: 'from-profile' } });
    flow.send('probe', { payload: `127.0.0.1:${open.port}` });
    await flow.closing('out');
    assert.equal(endpoints()[0]?.payload.outcome, 'open');
    assert.ok(!flow.everything(['probe']).includes('from-profile'));
  });

  it('takes ports and limits from environment variables', async () => {
    const open = await serve(answer(ACCEPTED));
    process.env.TEST_SCAN_PORT = String(open.port);
    process.env.TEST_SCAN_WINDOW = '5';
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how Node-RED names environment variables
    await start({ ports: '${TEST_SCAN_PORT}' }, { window: '${TEST_SCAN_WINDOW}' });
    flow.send('probe', { payload: '127.0.0.1' });
    assert.equal((await flow.closing('out')).payload.openBrokers, 1);
  });
});
