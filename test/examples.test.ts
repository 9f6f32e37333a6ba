import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, Script } from 'node:vm';
import { parseTargets } from '../lib/net';
import { generatedExamples } from '../scripts/examples/examples';
import type { FlowNode } from './support/node-red-runtime';
import { ROOT } from './support/packed-package';

interface Example {
  readonly file: string;
  readonly nodes: readonly FlowNode[];
}

/** What flows, users and other programs rely on; `profile`, `tls` and the like are references. */
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  'mqtt-scan-profile': ['scope', 'window', 'rate', 'connectTimeout', 'phaseTimeout', 'tls'],
  'mqtt-probe': ['profile', 'targets', 'ports', 'reportClosed', 'strictness'],
  'tls-inspect': ['profile', 'depth', 'expiryDays'],
  'anon-auth-test': ['profile', 'defaultCredentials', 'authorisation', 'writeTest'],
  'topic-sniffer': ['profile', 'filters', 'listen', 'maxMessages', 'maxTopics', 'maxPayload'],
  'risk-classify': ['policy', 'policyTable', 'alertFrom', 'directory'],
  'report-out': ['directory', 'basename', 'formats', 'timezone', 'serve'],
  'retained-clear': ['profile', 'filters', 'dryRun'],
};
const OUTPUTS: Readonly<Record<string, number>> = {
  'mqtt-probe': 2,
  'tls-inspect': 1,
  'anon-auth-test': 1,
  'topic-sniffer': 2,
  'risk-classify': 2,
  'report-out': 1,
  'retained-clear': 1,
};
/** What every node of a flow has. */
const COMMON = ['id', 'type', 'z', 'name', 'x', 'y', 'wires'];
const CORE = [
  ...['tab', 'comment', 'inject', 'debug', 'catch', 'link in', 'link out', 'function', 'switch', 'change'],
  ...[
    'trigger',
    'tls-config',
    'http in',
    'http response',
    'file in',
    'mqtt in',
    'mqtt out',
    'mqtt-broker',
    'subflow',
  ],
];
const DASHBOARD = /^ui[_-][a-z]+$/;
/** Properties in which a node names another one. */
const REFERENCES = ['z', 'profile', 'tls', 'group', 'tab', 'page', 'theme', 'ui', 'broker'];
/** Words that name a secret in a stored flow. */
const SECRET = /^(credentials|password|passphrase|cadata|certdata|keydata|token)$/i;

/** What the form lets through, and the scanner too. */
const RIGHT_TARGETS = [
  ...[
    '127.0.0.1',
    '10.0.0.0/24',
    '10.0.0.1-50',
    '10.0.0.1-10.0.1.9',
    'broker.lan',
    'broker.lan.',
    'a_b.lan:1883',
  ],
  ...[
    '[fd00::1]',
    'fd00::1',
    '[fd00::1]:8883',
    'fd00::/120',
    'mqtts://host:8883',
    'ws://10.0.0.1:80/',
    'local',
  ],
  ...['10.0.0.0/24, !10.0.0.5', 'a b;c,d', '192.168.1.10:1883'],
];
/** What the form refuses; the last property is what is wrong. */
const WRONG_TARGETS = [
  ...[
    '',
    '   ',
    '300.1.1.1',
    '10.0.0.0/33',
    '0177.0.0.1',
    '10.0.0.1:0',
    'a..b',
    'mqtt://user:secret@host',
    '-a.lan',
  ],
  ...['<img/src=x/onerror=alert(1)>', '{{constructor}}', '1.2.3', '10.0.0.1-300', `${'x'.repeat(100_000)}`],
];
const WRONG_FORMS: readonly Record<string, string>[] = [
  ...WRONG_TARGETS.map((target) => ({ target })),
  ...['0', '70000', 'x', '20-10', '1883/udp'].map((ports) => ({ target: 'h', ports })),
  ...['-1', 'soon', '3601'].map((listen) => ({ target: 'h', listen })),
];

const examples: readonly Example[] = readdirSync(join(ROOT, 'examples'))
  .filter((file) => file.endsWith('.json'))
  .map((file) => ({
    file,
    nodes: JSON.parse(readFileSync(join(ROOT, 'examples', file), 'utf8')) as FlowNode[],
  }));

describe('the example flows', () => {
  it('cover every node type of this package', () => {
    const used = new Set(examples.flatMap(({ nodes }) => nodes.map(({ type }) => type)));
    const missing = ownTypes().filter((type) => !used.has(type));
    assert.deepEqual(missing, []);
  });

  it('have ids that are theirs alone', () => {
    const ids = examples.flatMap(({ nodes }) => nodes.map(({ id }) => id));
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^[0-9a-f]{16}$/);
  });

  it('can be called by names that are theirs alone', () => {
    const names = examples.flatMap(({ nodes }) =>
      nodes.filter(({ type }) => type === 'link in').map(({ name }) => name),
    );
    assert.ok(names.includes('MQTT security scan'));
    assert.equal(new Set(names).size, names.length);
  });

  for (const { file, nodes } of examples) {
    describe(file, () => {
      const byId = new Map(nodes.map((node) => [node.id, node]));

      it('needs only what it says', () => {
        const foreign = [...new Set(nodes.map(({ type }) => type))].filter((type) => !isKnownType(type));
        const needed = nodes.find(({ type }) => type === 'global-config')?.modules as
          | Readonly<Record<string, string>>
          | undefined;
        if (needed === undefined) assert.deepEqual(foreign, []);
        else {
          const { devDependencies } = packageJson();
          const [[module = '', version] = []] = Object.entries(needed);
          assert.match(module, /^(@flowfuse\/)?node-red-dashboard$/);
          assert.equal(`^${version}`, devDependencies[module]);
          assert.equal(Object.keys(needed).length, 1);
          const unknown = foreign.filter((type) => !DASHBOARD.test(type) && type !== 'global-config');
          assert.deepEqual(unknown, []);
        }
      });

      it('refers to nothing outside of itself', () => {
        for (const node of nodes) {
          for (const id of wiresOf(node).flat()) {
            assert.equal(byId.get(id)?.z, node.z, `${nameOf(node)} is wired to ${id}`);
          }
          for (const property of REFERENCES) {
            const id = node[property];
            if (id === undefined || id === '' || node.type === 'mqtt-broker') continue;
            assert.ok(byId.has(String(id)), `${nameOf(node)} has the ${property} ${id}`);
          }
          for (const id of linksOf(node)) {
            const other = byId.get(id);
            assert.ok(other && linksOf(other).includes(node.id), `${nameOf(node)} is linked to ${id}`);
          }
        }
      });

      it('uses every configuration node that it brings along', () => {
        const referred = new Set(nodes.flatMap((node) => REFERENCES.map((property) => node[property])));
        const configs = nodes.filter(({ id, type, x }) => x === undefined && type !== 'global-config' && id);
        assert.deepEqual(configs.filter(({ id }) => !referred.has(id)).map(nameOf), []);
      });

      it('sets exactly the properties that our nodes have', () => {
        for (const node of nodes) {
          const settings = SETTINGS[node.type];
          if (!settings) continue;
          const found = Object.keys(node).filter((property) => !COMMON.includes(property));
          assert.deepEqual(found.sort(), [...settings].sort(), nameOf(node));
          assert.equal(wiresOf(node).length, OUTPUTS[node.type] ?? 0, nameOf(node));
        }
      });

      it('reaches a report from every entry, and a caller from there', () => {
        for (const type of ['inject', 'link in']) {
          for (const node of nodes.filter((candidate) => candidate.type === type)) {
            if (node.once === true || linksOf(node).length > 0) continue;
            const reached = [...reachedFrom(node, byId)];
            assert.ok(
              reached.some((reachedType) => /^(report-out|subflow:.*)$/.test(reachedType)),
              nameOf(node),
            );
          }
        }
        const answers = nodes.filter(({ type, mode }) => type === 'link out' && mode === 'return');
        assert.equal(answers.length, nodes.some(({ type }) => type === 'subflow') ? 0 : 1);
      });

      it('tells about errors and about permission', () => {
        assert.ok(nodes.some(({ type, scope }) => type === 'catch' && scope === null));
        const [comment] = nodes.filter(({ type }) => type === 'comment');
        assert.match(
          String(comment?.info),
          /Scan only networks that are yours, or for which you have permission/,
        );
      });

      it('contains no secret', () => {
        const found: string[] = [];
        JSON.stringify(nodes, (key, value: unknown) => {
          if (SECRET.test(key) && value !== '') found.push(key);
          return value;
        });
        assert.deepEqual(found, []);
      });

      it('shows what comes from a target as text only', () => {
        for (const { type, format } of nodes) {
          if (/^ui[_-](text|markdown|table)$/.test(type)) assert.fail(`${type} renders markup`);
          if (!/^ui[_-]template$/.test(type)) continue;
          assert.doesNotMatch(String(format), /ng-bind-html|ng-include|trusted|v-html|innerHTML|\{\{\{/);
          if (type === 'ui_template') assert.doesNotMatch(String(format), /<script/);
        }
      });

      it('starts no scan by itself', () => {
        // What a page sends, its user has done.
        for (const node of nodes.filter(({ type, once }) => type === 'inject' && once === true)) {
          assert.ok(!reachedFrom(node, byId, ['ui_template', 'ui-template']).has('mqtt-probe'), nameOf(node));
        }
        assert.ok(
          nodes.every(
            ({ type, repeat, crontab, d }) =>
              type !== 'inject' || (repeat === '' && (crontab === '' || d === true)),
          ),
        );
      });

      it('is laid out on the grid, and no node covers another', () => {
        const placed = nodes.filter(({ x }) => x !== undefined);
        for (const node of placed) {
          const { x, y } = centreOf(node);
          assert.ok(x - widthOf(node) / 2 >= 20 && y >= 40, `${nameOf(node)} leaves the sheet`);
          assert.equal(y % 20, 0, `${nameOf(node)} is not in a row`);
        }
        for (const [i, a] of placed.entries()) {
          for (const b of placed.slice(i + 1)) assert.ok(!overlaps(a, b), `${nameOf(a)} covers ${nameOf(b)}`);
        }
      });
    });
  }
});

describe('the dashboards', () => {
  it('are what their shared parts make', () => {
    for (const [file, text] of Object.entries(generatedExamples())) {
      const path = join(ROOT, 'examples', file);
      assert.equal(readFileSync(path, 'utf8'), text, `${file} is out of date: npm run examples`);
    }
  });

  it('have the same widgets and the same code', () => {
    const [first, second] = Object.keys(generatedExamples())
      .filter((file) => file.includes('Dashboard'))
      .map((file) => examples.find((example) => example.file === file)?.nodes ?? []);
    const code = (nodes: readonly FlowNode[] = []): unknown[] =>
      nodes.filter(({ type }) => type === 'function').map(({ name, func }) => [name, func]);
    assert.deepEqual(code(first), code(second));
    const widgets = (nodes: readonly FlowNode[] = []): number =>
      nodes.filter(({ type }) => /^ui[_-](template|gauge)$/.test(type)).length;
    assert.equal(widgets(first), widgets(second));
  });
});

describe('the function nodes of the dashboards', () => {
  const browser = { socketid: 's' };

  it('send the login to the scanner only, and only what was filled in', () => {
    const { run } = functionNode('form to scan');
    const form = {
      target: ' 10.0.0.0/24 ',
      ports: '1883',
      username: 'me',
      password: 'hidden-1',
      depth: 'quick',
    };
    const [scan, answer] = run({ topic: 'start', payload: form, ...browser }) as Sent[];
    const credentials = { username: 'me', password: 'hidden-1' };
    assert.deepEqual(scan, {
      payload: { targets: '10.0.0.0/24', listen: 5, ports: '1883', credentials },
      depth: 'quick',
    });
    assert.equal(answer?.socketid, 's');
    assert.ok(!JSON.stringify(answer).includes('hidden-1'));
    const bare = { target: 'host', ports: '', username: '', password: '', listen: '0' };
    const [plain] = run({ topic: 'start', payload: bare }) as Sent[];
    assert.deepEqual(plain?.payload, { targets: 'host', listen: 0 });
    const [none, nameless] = run({ topic: 'start', payload: { ...bare, password: 'hidden-1' } }) as Sent[];
    assert.equal(none, null);
    assert.ok(!JSON.stringify(nameless).includes('hidden-1'));
  });

  for (const target of RIGHT_TARGETS) {
    it(`take the target ${target} as the scanner does`, () => {
      parseTargets(target);
      const { run } = functionNode('form to scan');
      const [, answer] = run({ topic: 'check', payload: { target }, ...browser }) as Sent[];
      assert.deepEqual(answer?.payload, { running: false, problems: {}, isWrong: false });
    });
  }

  for (const form of WRONG_FORMS) {
    it(`start nothing with ${JSON.stringify(form).slice(0, 60)}`, () => {
      const { run } = functionNode('form to scan');
      const [scan, answer] = run({ topic: 'start', payload: form, ...browser }) as Sent[];
      assert.equal(scan, null);
      const { problems = {} } = (answer?.payload ?? {}) as { problems?: Record<string, string> };
      assert.deepEqual(Object.keys(problems), [Object.keys(form).at(-1)]);
      assert.ok(JSON.stringify(problems).length < 300);
    });
  }

  it('give a browser pages of 50 rows out of 10,000 endpoints, as it asks for them', () => {
    const { run } = functionNode('results, page by page');
    for (let i = 0; i < 10_000; i++) run(endpointMessage(i, i < 9000 ? 'LOW' : 'CRITICAL'));
    const ask = (payload: object): Page =>
      (run({ topic: 'view', payload, ...browser }) as { payload: Page }).payload;
    const first = ask({});
    assert.deepEqual([first.rows.length, first.pages, first.rows[0]?.level], [50, 200, 'CRITICAL']);
    assert.equal(ask({ show: 'LOW', page: 7 }).rows.length, 50);
    assert.equal(ask({ page: 7 }).page, 7);
    const found = ask({ show: 'all', search: '10.0.39.15' });
    assert.deepEqual(
      found.rows.map(({ target }) => target),
      ['10.0.39.15:1883'],
    );
    const opened = ask({ open: found.rows[0]?.key });
    assert.ok(opened.rows[0]?.details);
    assert.ok(JSON.stringify(ask({ search: '' })).length < 50_000);
  });

  it('say which logins were not tried, and why', () => {
    const { run } = functionNode('results, page by page');
    const leftOut = { verdict: 'not-tested', meaning: 'left out, so that the broker locks nobody out' };
    const refused = { verdict: 'refused', meaning: 'not authorised' };
    const message = endpointMessage(0, 'MEDIUM') as { payload: object };
    Object.assign(message.payload, {
      auth: {
        anonymous: refused,
        credentials: { verdict: 'not-tested', meaning: 'no login was given' },
        defaultCredentials: leftOut,
        authorisation: [],
        anonymousVersions: [refused, { ...leftOut, protocolVersion: 5 }],
        anonymousVariants: [{ ...leftOut, variant: 'empty-password' }],
        randomLogin: refused,
      },
    });
    run(message);
    const { rows } = (run({ topic: 'view', payload: {}, ...browser }) as { payload: Page }).payload;
    const { details } = (
      run({ topic: 'view', payload: { open: rows[0]?.key }, ...browser }) as { payload: Page }
    ).payload.rows[0] as { details: { sections: { title: string; facts: [string, string[]][] }[] } };
    const facts = details.sections.find(({ title }) => title === 'Access control')?.facts ?? [];
    const told = facts.find(([name]) => name === 'Not tried')?.[1].join('');
    assert.equal(told, 'none in MQTT 5.0, empty password: left out, so that the broker locks nobody out');
  });

  it('keep what each of two browsers looks at', () => {
    const { run } = functionNode('results, page by page');
    for (let i = 0; i < 3; i++) run(endpointMessage(i, i < 2 ? 'LOW' : 'CRITICAL'));
    const ask = (socketid: string, payload: object): number =>
      (run({ topic: 'view', payload, socketid }) as { payload: Page }).payload.rows.length;
    assert.equal(ask('a', { show: 'CRITICAL' }), 1);
    assert.equal(ask('b', {}), 3);
    assert.equal(ask('a', {}), 1);
  });

  it('keep a row open when its sensors become known', () => {
    const { run } = functionNode('results, page by page');
    const ask = (payload: object): Page =>
      (run({ topic: 'view', payload, ...browser }) as { payload: Page }).payload;
    const rated = endpointMessage(1, 'LOW') as { payload: object };
    run({ ...rated, isRated: undefined });
    ask({ open: ask({}).rows[0]?.key });
    const topics = ['a', 'b'].map((topic) => ({ topic, messages: 1, sensor: { type: 'DHT', text: '' } }));
    run({ ...rated, payload: { ...rated.payload, traffic: { topics, messages: 2, listenedMs: 1 } } });
    assert.deepEqual(
      ask({}).rows.map(({ details }) => details !== undefined),
      [true, false],
    );
  });

  it('start anew with a new scan, and let no older one in between', () => {
    const { run } = functionNode('results, page by page');
    run(endpointMessage(1, 'LOW', '2026-01-02T00:00:00.000Z'));
    run(endpointMessage(2, 'LOW', '2026-01-01T00:00:00.000Z'));
    run(endpointMessage(3, 'LOW', '2026-01-03T00:00:00.000Z'));
    const { payload } = run({ topic: 'hello', payload: {}, ...browser }) as { payload: Page };
    assert.deepEqual(
      payload.rows.map(({ target }) => target),
      ['10.0.0.3:1883'],
    );
  });

  it('bound what an endpoint says, whatever its size', () => {
    const { run } = functionNode('results, page by page');
    const long = 'x'.repeat(1_000_000);
    const topics = Array.from({ length: 300 }, (_, i) => ({
      topic: `${i}${long}`,
      payload: long,
      messages: 1,
      sensor: { type: long, text: long },
    }));
    const message = endpointMessage(1, 'LOW') as { payload: object };
    run({
      ...message,
      payload: { ...message.payload, target: long, traffic: { topics, messages: 1, listenedMs: 1 } },
    });
    const ask = (payload: object): Page =>
      (run({ topic: 'view', payload, ...browser }) as { payload: Page }).payload;
    const { rows } = ask({});
    assert.equal(rows.length, 50);
    assert.ok(JSON.stringify(ask({ open: rows[0]?.key })).length < 100_000);
  });

  it('show a temperature in degrees Celsius whatever its unit, and nothing that is no number', () => {
    const { run } = functionNode('readings to gauges');
    const sensor = { url: 'mqtt://h:1', topic: 't', text: '', seenAt: '2026-01-01T00:00:00.000Z' };
    const fahrenheit = { quantity: 'temperature', value: 212, unit: '°F' };
    const [temperature, humidity] = run({ payload: { ...sensor, readings: [fahrenheit] } }) as Sent[];
    assert.equal(temperature?.payload, 100);
    assert.equal(humidity, null);
    const text = { quantity: 'humidity', value: '<b>' };
    assert.equal((run({ payload: { ...sensor, readings: [text] } }) as Sent[])[1], null);
  });

  it('tell count, rate and the time that is left', () => {
    const { run } = functionNode('progress, cards, verdict');
    const scan = { id: 'a', startedAt: '2026-01-01T00:00:00.000Z', targets: ['10.0.0.0/16'] };
    const progress = {
      state: 'running',
      scanned: 1000,
      total: 6000,
      percent: 16,
      openPorts: 2,
      elapsedMs: 2000,
    };
    const [shown] = run({ topic: 'progress', payload: progress, scan }) as { payload: { text: string } }[];
    assert.equal(shown?.payload.text, '1,000 of 6,000 endpoints, 2 open ports, 500 a second, 10 s left');
  });

  it('tell what has changed since the last report of the same targets', () => {
    const { run } = functionNode('history');
    const summary = {
      targets: ['h'],
      risk: { LOW: 1 },
      openBrokers: 1,
      authFailures: 0,
      sensors: 3,
      endpointsScanned: 2,
    };
    const times = { startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:00:05.000Z' };
    run({ payload: { number: 1, files: [], summary: { ...summary, ...times } } });
    const sent = run({
      payload: { number: 2, files: [], summary: { ...summary, ...times, openBrokers: 2, sensors: 2 } },
    });
    const { reports } = (sent as { payload: { reports: { changes: string; when: string }[] } }).payload;
    assert.deepEqual(
      reports.map(({ changes }) => changes),
      ['+1 open broker, −1 sensor since report 001.', 'First scan of these targets.'],
    );
    assert.equal(reports[0]?.when, '1/1/2026, 8:00:00 AM', 'in Malaysia');
  });

  it('give up a scan that ran when the flows were started anew', () => {
    const scan = { id: 'a', startedAt: '2026-01-01T00:00:00.000Z', targets: ['h'] };
    const progress = { state: 'running', scanned: 1, total: 9, percent: 11, openPorts: 1, elapsedMs: 2000 };
    const started = { topic: 'hello', payload: '' };

    const status = functionNode('progress, cards, verdict');
    const [, empty] = status.run(started) as { payload: { levels: object[] } }[];
    assert.equal(empty?.payload.levels.length, 5);
    status.run({ topic: 'progress', payload: progress, scan });
    const [shown, cards] = status.run(started) as {
      payload: { word: string; text: string; verdict: string };
    }[];
    assert.deepEqual(
      [shown?.payload.word, shown?.payload.text, cards?.payload.verdict],
      ['Cut off', '1 of 9 endpoints, 1 open port', 'Nothing was rated before the scan was cut off.'],
    );

    const form = functionNode('form to scan');
    form.run({ topic: 'progress', payload: progress, scan });
    const isRunning = (): boolean =>
      (form.run({ topic: 'hello', payload: {}, ...browser }) as { payload: { running: boolean } }[])[1]
        ?.payload.running === true;
    assert.equal(isRunning(), true);
    form.start();
    assert.equal(isRunning(), false);

    const results = functionNode('results, page by page');
    results.run({ ...endpointMessage(1, 'LOW'), isRated: undefined });
    results.run(started);
    const { payload } = results.run({ payload: {}, ...browser }) as { payload: Page };
    assert.equal(payload.rows[0]?.level, '–');
  });

  it('leave nothing in a context on disk that would come back as something else', () => {
    for (const [name, message] of [
      ['results, page by page', endpointMessage(1, 'LOW')],
      ['API', { error: { message: '' } }],
      ['once an hour', { payload: '10.0.0.1' }],
    ] as const) {
      const { run, stored } = functionNode(name);
      run(message);
      assert.equal(stored(), '{}', name);
    }
  });

  it('scan many devices that join at once one after the other', () => {
    const { run } = functionNode('once an hour');
    const targets = (sent: unknown): string[] =>
      (sent as { payload: { targets: string } }[][]).flat().map(({ payload }) => payload.targets);
    const join = (ip: string): string[] => targets(run({ payload: { ip } }));
    assert.deepEqual(['a', 'b', 'c', 'd', 'e', 'a', ' '].map(join), [['a'], ['b'], ['c'], [], [], [], []]);
    const ended = { origin: 'device', payload: { number: 1 }, scan: {}, complete: true };
    const within = { origin: 'device', device: 'b', error: { code: 'INTERNAL' }, scan: {} };
    assert.deepEqual(targets(run({ ...ended, device: 'a' })), ['d']);
    assert.deepEqual(targets(run(within)), [], 'its scan goes on');
    assert.deepEqual(targets(run({ origin: 'device', device: 'c', error: { code: 'OUT_OF_SCOPE' } })), ['e']);
    assert.deepEqual(targets(run({ error: { code: 'BUSY' }, payload: 'of another' })), []);
  });

  it('tell a client of the API of a scan when it has started, and why it has failed', () => {
    const { run } = functionNode('API');
    const headers = { 'x-api-key': 'Asia/Kuala_Lumpur' };
    const ask = (method: string, id?: string, what?: string): { statusCode: number; payload: Status } => {
      const req = { method, headers, params: { id, what }, path: '/scans' };
      const [reply] = run({ req, res: {}, payload: { targets: 'h' } }) as {
        statusCode: number;
        payload: Status;
      }[];
      return reply ?? { statusCode: 0, payload: {} };
    };
    const scan = { id: 's', name: '(1)' };
    const error = { code: 'INTERNAL', message: 'of one endpoint' };

    ask('POST');
    assert.deepEqual(ask('GET').payload.scans, []);
    assert.equal(ask('GET', '1', 'result').statusCode, 404);
    assert.equal(ask('DELETE', '1').statusCode, 404);
    run({ topic: 'progress', payload: { total: 1 }, scan });
    assert.equal(ask('GET', '1', 'result').statusCode, 409);
    run({ job: '1', scan, error });
    assert.deepEqual([ask('GET', '1').payload.state, ask('GET', '1').payload.warning], ['running', error]);
    run({ job: '1', scan, complete: true, error: { ...error, code: 'REPORT_FOLDER' } });
    assert.deepEqual(
      [ask('GET', '1').payload.state, ask('GET', '1').payload.error?.code],
      ['failed', 'REPORT_FOLDER'],
    );
  });

  it('answer a command by MQTT once, whatever goes wrong within its scan', () => {
    const { run } = functionNode('result for MQTT');
    const error = { code: 'NAME_NOT_RESOLVED', message: 'one of two' };
    assert.equal(run({ origin: 'mqtt', command: 'a', scan: {}, error }), null);
    assert.deepEqual(run({ origin: 'mqtt', command: 'a', error }), { payload: { id: 'a', error } });
  });

  it('keep at most 100 lines of the log', () => {
    const { run, later } = functionNode('live log');
    for (let i = 0; i < 300; i++) run({ error: { message: `error ${i}` } });
    const { payload } = later()[0] as { payload: { lines: { text: string }[] } };
    assert.equal(payload.lines.length, 100);
    assert.equal(payload.lines[0]?.text, 'error 299');
  });
});

interface Page {
  readonly page: number;
  readonly pages: number;
  readonly rows: readonly {
    readonly key: string;
    readonly target: string;
    readonly level: string;
    readonly details?: object;
  }[];
}

/** What the API tells of a scan, or of all. */
interface Status {
  readonly state?: string;
  readonly scans?: readonly object[];
  readonly warning?: object;
  readonly error?: { readonly code: string };
}

/** What a function node sends to one output. */
interface Sent {
  readonly payload: unknown;
  readonly socketid?: string;
}

/** A function node outside of Node-RED. */
interface FunctionNode {
  readonly run: (msg: object) => unknown;
  /** Runs the timers. @returns what was sent by them */
  readonly later: () => unknown[];
  /** Starts the node anew, with the context of before. */
  readonly start: () => void;
  /** What a context on disk would keep. */
  readonly stored: () => string;
}

/** A function node of an example as functions, with a context of its own. */
function functionNode(name: string): FunctionNode {
  const node = examples.flatMap(({ nodes }) => nodes).find((candidate) => candidate.name === name);
  const kept = new Map<string, unknown>();
  const context = {
    get: (key: string) => kept.get(key),
    set: (key: string, value: unknown) => void kept.set(key, value),
  };
  const env = { get: () => 'Asia/Kuala_Lumpur' };
  const sent: unknown[] = [];
  const timers: (() => void)[] = [];
  const globals = {
    context,
    env,
    node: { send: (message: unknown) => void sent.push(message) },
    flow: context,
    Buffer,
    RED: { util: { generateId: () => '1' } },
    setTimeout: (callback: () => void) => void timers.push(callback),
  };
  const realm = createContext(globals);
  const code = new Script(`JSON.stringify((function () { ${String(node?.func)}\n })()) ?? 'null'`);
  return {
    // As JSON, since objects of another realm are never deeply equal to ours.
    run: (msg) => {
      Object.assign(realm, { msg });
      return JSON.parse(code.runInContext(realm) as string) as unknown;
    },
    start: () => void new Script(String(node?.initialize)).runInContext(realm),
    stored: () => JSON.stringify(Object.fromEntries(kept)),
    later: () => {
      for (const callback of timers.splice(0)) callback();
      return JSON.parse(JSON.stringify(sent)) as unknown[];
    },
  };
}

/** A rated endpoint on its way. */
function endpointMessage(i: number, level: string, startedAt = '2026-01-01T00:00:00.000Z'): object {
  const address = `10.0.${Math.floor(i / 256)}.${i % 256}`;
  const report = {
    target: address,
    address,
    port: 1883,
    transport: 'tcp',
    outcome: 'open',
    risk: { level, findings: [] },
  };
  return { scan: { id: startedAt, startedAt, targets: [] }, payload: report, isRated: true };
}

interface PackageJson {
  readonly 'node-red': { readonly nodes: Readonly<Record<string, string>> };
  readonly devDependencies: Readonly<Record<string, string>>;
}

function packageJson(): PackageJson {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as PackageJson;
}

/** Our node types that can be put into a flow. */
function ownTypes(): string[] {
  return Object.keys(packageJson()['node-red'].nodes).filter((type) => type !== 'mqtt-scan-profile');
}

function isKnownType(type: string): boolean {
  return CORE.includes(type) || type in SETTINGS || type.startsWith('subflow:');
}

function wiresOf({ wires }: FlowNode): string[][] {
  return Array.isArray(wires) ? (wires as string[][]) : [];
}

function linksOf({ type, links }: FlowNode): string[] {
  return type.startsWith('link ') && Array.isArray(links) ? (links as string[]) : [];
}

function nameOf({ type, name, label, id }: FlowNode): string {
  return `${type} "${String(name || label || id)}"`;
}

/** The types of all nodes behind a node; wires are not followed through the types to stop at. */
function reachedFrom(
  start: FlowNode,
  byId: ReadonlyMap<string, FlowNode>,
  stopAt: readonly string[] = [],
): Set<string> {
  const seen = new Set<FlowNode>();
  const open = [start];
  for (let node = open.pop(); node; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (stopAt.includes(node.type)) continue;
    for (const id of [...wiresOf(node).flat(), ...linksOf(node)]) {
      const next = byId.get(id);
      if (next) open.push(next);
    }
  }
  return new Set([...seen].map(({ type }) => type));
}

function centreOf({ x, y }: FlowNode): { x: number; y: number } {
  return { x: Number(x), y: Number(y) };
}

/** About as wide as the editor draws it: a label of 7 pixels a character, in steps of 20. */
function widthOf({ type, name, label, title }: FlowNode): number {
  if (type === 'link in' || type === 'link out') return 30;
  const text = String(name || label || title || type);
  return Math.max(100, 20 * Math.ceil((50 + 7 * text.length) / 20));
}

/** A node is as high as its outputs need, at least 30. */
function heightOf(node: FlowNode): number {
  return Math.max(30, 15 * wiresOf(node).length);
}

function overlaps(a: FlowNode, b: FlowNode): boolean {
  const apartX = Math.abs(centreOf(a).x - centreOf(b).x) - (widthOf(a) + widthOf(b)) / 2;
  const apartY = Math.abs(centreOf(a).y - centreOf(b).y) - (heightOf(a) + heightOf(b)) / 2;
  return apartX < 10 && apartY < 5;
}
