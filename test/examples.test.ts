import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
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
  'risk-classify': ['policy', 'alertFrom'],
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
  ...['trigger', 'tls-config'],
];
const DASHBOARD = /^ui_[a-z]+$/;
/** Properties in which a node names another one. */
const REFERENCES = ['z', 'profile', 'tls', 'group', 'tab'];
/** Words that name a secret in a stored flow. */
const SECRET = /^(credentials|password|passphrase|cadata|certdata|keydata|token)$/i;

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
          assert.deepEqual(Object.keys(needed), ['node-red-dashboard']);
          const [version] = Object.values(needed);
          assert.equal(`^${version}`, devDependencies['node-red-dashboard']);
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
            if (id === undefined || id === '') continue;
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
            const reached = reachedFrom(node, byId);
            assert.ok(reached.has('report-out'), nameOf(node));
          }
        }
        const answers = nodes.filter(({ type, mode }) => type === 'link out' && mode === 'return');
        assert.equal(answers.length, 1);
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
          if (type === 'ui_text') assert.fail('ui_text renders markup');
          if (type !== 'ui_template') continue;
          assert.doesNotMatch(String(format), /ng-bind-html|ng-include|trusted|<script|innerHTML|\{\{\{/);
        }
      });

      it('starts no scan by itself', () => {
        for (const node of nodes.filter(({ type, once }) => type === 'inject' && once === true)) {
          assert.ok(!reachedFrom(node, byId, ['ui_form']).has('mqtt-probe'), nameOf(node));
        }
        assert.ok(nodes.every(({ type, repeat }) => type !== 'inject' || repeat === ''));
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

describe('the function nodes of the dashboard', () => {
  it('send the login to the scanner only, and only what was filled in', () => {
    const request = functionNode('form to scan');
    const form = { target: ' 10.0.0.0/24 ', ports: '1883', username: 'me', password: 'hidden-1' };
    const [scan, echo] = request({ payload: form, socketid: 's' }) as Sent[];
    assert.deepEqual(scan?.payload, {
      targets: '10.0.0.0/24',
      ports: '1883',
      credentials: { username: 'me', password: 'hidden-1' },
    });
    assert.ok(!JSON.stringify(echo).includes('hidden-1'));
    const [bare] = request({ payload: { target: 'host', ports: '', username: '', password: 'x' } }) as Sent[];
    assert.deepEqual(bare?.payload, { targets: 'host' });
    assert.equal(bare?.socketid, undefined, 'results are for every visitor');
  });

  it('keep at most 500 rows, the worst ones, and say how many are left out', () => {
    const rows = functionNode('rows, worst first');
    let sent: Sent | undefined;
    for (let i = 0; i < 700; i++) sent = rows(endpointMessage(i, i < 600 ? 'LOW' : 'CRITICAL')) as Sent;
    const { payload } = sent as {
      payload: { rows: { level: string }[]; details: object; leftOutText: string };
    };
    assert.equal(payload.rows.length, 500);
    assert.equal(payload.rows.filter(({ level }) => level === 'CRITICAL').length, 100);
    assert.equal(payload.rows[0]?.level, 'CRITICAL');
    assert.equal(Object.keys(payload.details).length, 500);
    assert.match(payload.leftOutText, /^200 more rows/);
  });

  it('start anew with a new scan, and let no older one in between', () => {
    const rows = functionNode('rows, worst first');
    rows(endpointMessage(1, 'LOW', '2026-01-02T00:00:00.000Z'));
    assert.equal(rows(endpointMessage(2, 'LOW', '2026-01-01T00:00:00.000Z')), null);
    const newer = rows(endpointMessage(3, 'LOW', '2026-01-03T00:00:00.000Z')) as Sent;
    assert.equal((newer.payload as { rows: unknown[] }).rows.length, 1);
  });

  it('show a temperature in degrees Celsius whatever its unit, and nothing that is no number', () => {
    const readings = functionNode('readings to gauges');
    const sensor = { url: 'mqtt://h:1', topic: 't', text: '', seenAt: '2026-01-01T00:00:00.000Z' };
    const fahrenheit = { quantity: 'temperature', value: 212, unit: '°F' };
    const [temperature, humidity] = readings({ payload: { ...sensor, readings: [fahrenheit] } }) as Sent[];
    assert.equal(temperature?.payload, 100);
    assert.equal(humidity, null);
    const text = { quantity: 'humidity', value: '<b>' };
    assert.equal(readings({ payload: { ...sensor, readings: [text] } }), null);
  });
});

/** What a function node sends to one output. */
interface Sent {
  readonly payload: unknown;
  readonly socketid?: string;
}

/** A function node of the dashboard as a function, with a context of its own. */
function functionNode(name: string): (msg: object) => unknown {
  const node = examples.flatMap(({ nodes }) => nodes).find((candidate) => candidate.name === name);
  const kept = new Map<string, unknown>();
  const context = {
    get: (key: string) => kept.get(key),
    set: (key: string, value: unknown) => void kept.set(key, value),
  };
  const env = { get: () => 'Asia/Kuala_Lumpur' };
  const code = `JSON.stringify((function () { ${String(node?.func)}\n })()) ?? 'null'`;
  // As JSON, since objects of another realm are never deeply equal to ours.
  return (msg) => JSON.parse(runInNewContext(code, { msg, context, env }) as string) as unknown;
}

/** A rated endpoint on its way. */
function endpointMessage(i: number, level: string, startedAt = '2026-01-01T00:00:00.000Z'): object {
  const address = `10.0.${Math.floor(i / 256)}.${i % 256}`;
  const report = { address, port: 1883, transport: 'tcp', outcome: 'open', risk: { level, findings: [] } };
  return { scan: { id: startedAt, startedAt, targets: [] }, payload: report };
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
  return CORE.includes(type) || type in SETTINGS;
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
