import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { ERROR_TEXTS } from '../lib/model/errors';

const root = path.join(__dirname, '..');

interface PropertyDefinition {
  readonly value?: unknown;
  readonly type?: string;
  readonly required?: boolean;
  readonly validate?: (this: unknown, value: unknown, options: object) => unknown;
}

interface NodeDefinition {
  readonly category: string;
  readonly icon?: string;
  readonly inputs?: number;
  readonly outputs?: number;
  readonly defaults: Readonly<Record<string, PropertyDefinition>>;
  readonly credentials?: Readonly<Record<string, { readonly type: string }>>;
}

/** Every property that flows rely on, with its default. */
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'mqtt-scan-profile': {
    name: '',
    scope: 'private, loopback',
    window: '500',
    rate: '1000',
    connectTimeout: '1500',
    phaseTimeout: '5000',
    tls: '',
    credentialsOver: 'any',
  },
  'mqtt-probe': {
    name: '',
    profile: '',
    targets: '',
    targetsType: 'str',
    ports: '1883, 8883',
    portsType: 'str',
    reportClosed: 'auto',
    strictness: false,
  },
  'tls-inspect': { name: '', profile: '', depth: 'full', expiryDays: '30' },
  'anon-auth-test': {
    name: '',
    profile: '',
    defaultCredentials: false,
    authorisation: true,
    writeTest: false,
    maxAttempts: '3',
  },
  'topic-sniffer': {
    name: '',
    profile: '',
    filters: '#, $SYS/#',
    filtersType: 'str',
    listen: '5',
    listenType: 'str',
    maxMessages: '',
    maxTopics: '',
    maxPayload: '',
  },
  'risk-classify': { name: '', policy: 'default', policyTable: '', alertFrom: 'HIGH', directory: '' },
  'report-out': {
    name: '',
    directory: '',
    basename: 'mqtt_scan_report',
    formats: 'pdf,csv,json',
    timezone: 'Asia/Kuala_Lumpur',
    keep: '',
    failFrom: 'MEDIUM',
    serve: '',
  },
  'retained-clear': { name: '', profile: '', filters: '#', dryRun: true },
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

/** Values that the editor must mark as wrong. */
const WRONG: readonly (readonly [node: string, property: string, ...values: string[]])[] = [
  ['mqtt-scan-profile', 'window', '0', '10001', 'many', '0x'],
  ['mqtt-scan-profile', 'rate', '0', '1000001', ` \${RATE}`],
  ['mqtt-scan-profile', 'connectTimeout', '49', '60001'],
  ['mqtt-scan-profile', 'phaseTimeout', '49', '120001'],
  [
    'mqtt-scan-profile',
    'scope',
    '10.0.0.0/33',
    'private; 300.1.1.1',
    'a..b',
    '<img>',
    '10.0.0.1:1883',
    '10.0.0.9-10.0.0.8',
  ],
  [
    'mqtt-probe',
    'targets',
    'mqtt://user:secret@host',
    '300.1.1.1',
    '10.0.0.0/33',
    'h:0',
    'a..b',
    '<img>',
    '10.0.0.50-1',
  ],
  ['mqtt-probe', 'ports', '0', '65536', '1890-1883', '9001/udp', '1883;x'],
  ['tls-inspect', 'expiryDays', '-1', '3651'],
  ['anon-auth-test', 'maxAttempts', '0', '101', '2.5'],
  ['topic-sniffer', 'filters', 'a#', '#/a', 'a+/b', '$share/g', '$share//a', '$share/g/a#'],
  ['topic-sniffer', 'listen', '-1', '3601', ' '],
  ['topic-sniffer', 'maxMessages', '0'],
  ['topic-sniffer', 'maxTopics', '0', '50001'],
  ['topic-sniffer', 'maxPayload', '0', '65537'],
  ['retained-clear', 'filters', 'a#', '#/a', 'a+/b', '$share/g/#'],
  ['risk-classify', 'policyTable', '{', '[]', '7'],
  ['report-out', 'basename', '.hidden', 'a/b', 'x'.repeat(65)],
  ['report-out', 'formats', '', 'pdf,docx'],
  ['report-out', 'keep', '-1', '1.5', 'all'],
  ['report-out', 'timezone', 'Asia/Nowhere', '+08:00'],
  ['report-out', 'serve', '../secret', '/a b'],
];

/** Values that it must let through, besides the defaults. */
const RIGHT: typeof WRONG = [
  ['mqtt-scan-profile', 'window', '', '1', '10000', `\${WINDOW}`],
  ['mqtt-scan-profile', 'scope', '', 'any', '10.0.0.0/8, fd00::/8; broker.lan 10.0.0.1-50', `\${SCOPE}`],
  ['mqtt-probe', 'targets', '10.0.0.0/24, mqtts://broker.lan:8883 !10.0.0.5', 'local', '[fd00::1]:8883'],
  [
    'mqtt-probe',
    'targets',
    'fd00::1',
    'fd00::/120',
    '10.0.0.1-50',
    '10.0.0.250-10.0.1.5',
    'ws://h:80/',
    'a_b.lan',
    `\${TARGETS}`,
  ],
  ['mqtt-probe', 'ports', '', '1883', '1883-1890, 9001/ws', `\${PORTS}`],
  ['tls-inspect', 'expiryDays', '', '0', `\${DAYS}`],
  ['anon-auth-test', 'maxAttempts', '', '1', `\${TRIES}`],
  ['topic-sniffer', 'filters', '', '#', '+/a/#, $SYS/#', '$share/g/a/#'],
  ['topic-sniffer', 'listen', '', '0', '3600', '0.5', `\${SECONDS}`],
  ['retained-clear', 'filters', '', '#', 'stale/+/x, old/#'],
  ['risk-classify', 'policyTable', '', '{}', `\${TABLE}`],
  ['report-out', 'basename', '', 'night.scan-1'],
  ['report-out', 'formats', 'csv', 'PDF json', 'sarif,junit.xml,defectdojo,findings,md,html'],
  ['report-out', 'keep', '', '0', '30', `\${KEEP}`],
  ['report-out', 'timezone', '', 'UTC', 'Europe/Berlin', `\${TZ}`],
  ['report-out', 'serve', '/reports/mqtt', 'reports'],
];

const nodes = Object.keys(nodeScripts());

describe('editor', () => {
  it('lists the nodes whose settings are fixed', () => {
    assert.deepEqual([...nodes].sort(), Object.keys(DEFAULTS).sort());
  });

  for (const node of nodes) {
    describe(node, () => {
      it('has a page, texts, help and an icon', () => {
        for (const file of [page(node), catalogue(node), help(node), icon(node)]) {
          assert.ok(existsSync(file), `${path.relative(root, file)} is missing`);
        }
        assert.ok(readFileSync(help(node), 'utf8').includes(`data-help-name="${node}"`));
        assert.ok(readFileSync(page(node), 'utf8').includes(`data-template-name="${node}"`));
      });

      it('has a text for every key that its page uses', () => {
        const texts = flatTexts(readCatalogue(node));
        const keys = keysOf(node);
        assert.ok(keys.length > 0);
        const missing = keys.filter((key) => !texts.has(key));
        assert.deepEqual(missing, []);
      });

      it('has no text that nothing uses', () => {
        const used = new Set(keysOf(node));
        const unused = [...flatTexts(readCatalogue(node)).keys()].filter(
          (key) => key.startsWith(`${node}.`) && !used.has(key),
        );
        assert.deepEqual(unused, []);
      });

      it('keeps its properties and their defaults', () => {
        const { defaults } = definitionOf(node);
        const values = Object.fromEntries(
          Object.entries(defaults).map(([name, definition]) => [name, definition.value]),
        );
        assert.deepEqual(values, DEFAULTS[node]);
      });

      it('keeps its ports and its place', () => {
        const { category, inputs, outputs, icon: file } = definitionOf(node);
        const isConfig = node === 'mqtt-scan-profile';
        assert.equal(category, isConfig ? 'config' : 'MQTT security');
        assert.equal(inputs, isConfig ? undefined : 1);
        assert.equal(outputs, OUTPUTS[node]);
        assert.equal(file, isConfig ? undefined : `${node}.svg`);
      });

      it('finds its defaults valid', () => {
        const { defaults } = definitionOf(node);
        for (const [name, { value }] of Object.entries(defaults))
          assert.equal(judge(node, name, value), true, name);
      });

      it('names each of its fields by a label', () => {
        const html = readFileSync(page(node), 'utf8');
        for (const [tag, id = ''] of html.matchAll(/<(?:input|select)\b[^>]*\bid="([^"]+)"/g)) {
          if (tag.includes('type="hidden"')) continue;
          assert.ok(html.includes(`<label for="${id}"`), `no label for ${id}`);
        }
      });
    });
  }

  it('needs a profile in mqtt-probe only', () => {
    for (const [node, required] of [
      ['mqtt-probe', true],
      ['tls-inspect', false],
      ['anon-auth-test', false],
      ['topic-sniffer', false],
      ['retained-clear', false],
    ] as const) {
      const { profile } = definitionOf(node).defaults;
      assert.equal(profile?.type, 'mqtt-scan-profile', node);
      assert.equal(profile?.required, required, node);
    }
    const { tls } = definitionOf('mqtt-scan-profile').defaults;
    assert.deepEqual({ ...tls }, { value: '', type: 'tls-config', required: false });
  });

  it('keeps the login of a profile among the credentials', () => {
    const { credentials = {} } = definitionOf('mqtt-scan-profile');
    assert.equal(credentials.username?.type, 'text');
    assert.equal(credentials.password?.type, 'password');
  });

  for (const [node, property, ...values] of WRONG) {
    it(`marks wrong values of ${node} ${property}`, () => {
      for (const value of values) {
        const verdict = judge(node, property, value);
        // The text that the editor shows, with all of its places filled.
        assert.equal(typeof verdict, 'string', `${value} is let through`);
        assert.doesNotMatch(String(verdict), /__\w+__/);
      }
    });
  }

  it('checks a value that names something else as a name', () => {
    for (const type of ['msg', 'flow', 'global', 'env']) {
      assert.equal(judge('mqtt-probe', 'targets', 'hosts', { targetsType: type }), true);
      assert.match(String(judge('mqtt-probe', 'ports', ' ', { portsType: type })), /^Ports: enter the name/);
    }
    assert.equal(judge('mqtt-probe', 'ports', 'no-name!', { portsType: 'msg' }), 'no property');
    assert.match(String(judge('mqtt-probe', 'ports', 'x')), /^Ports: "x" is not valid/);
  });

  for (const [node, property, ...values] of RIGHT) {
    it(`lets good values of ${node} ${property} through`, () => {
      for (const value of values) assert.equal(judge(node, property, value), true, value);
    });
  }
});

describe('translations', () => {
  for (const language of ['de', 'ms']) {
    for (const node of nodes) {
      it(`of ${node} into ${language} have every text, and nothing else`, () => {
        const file = path.join(folderOf(node), 'locales', language, `${node}.json`);
        const english = flatTexts(readCatalogue(node));
        const translated = flatTexts(JSON.parse(readFileSync(file, 'utf8')));
        assert.deepEqual([...translated.keys()].sort(), [...english.keys()].sort());
        const places = (text = ''): string[] => (text.match(/__\w+?__/g) ?? []).sort();
        for (const [key, text] of english) assert.deepEqual(places(translated.get(key)), places(text), key);
      });

      it(`of the help of ${node} into ${language} have the same sections`, () => {
        const file = path.join(folderOf(node), 'locales', language, `${node}.html`);
        // Where there is none, the editor shows the English one.
        if (!existsSync(file)) return;
        const [english, translated] = [help(node), file].map((each) => readFileSync(each, 'utf8'));
        assert.ok(translated?.includes(`data-help-name="${node}"`));
        for (const part of [/<h3>/g, /<h4>/g, /<li>/g, /<dt\b/g, /<pre>/g]) {
          assert.equal(translated?.match(part)?.length, english?.match(part)?.length, String(part));
        }
        const names = (text = ''): string[] =>
          [...text.matchAll(/<code>(.*?)<\/code>/g)].map(([, name = '']) => name);
        const translatedNames = new Set(names(translated));
        assert.deepEqual(
          names(english).filter((name) => !translatedNames.has(name)),
          [],
          'what the English help names is missing',
        );
      });
    }

    it(`into ${language} have status texts that fit`, () => {
      const file = path.join(folderOf('mqtt-scan-profile'), 'locales', language, 'mqtt-scan-profile.json');
      for (const [key, text] of flatTexts(JSON.parse(readFileSync(file, 'utf8')))) {
        if (key.startsWith('mqtt-scanner.status.')) assert.ok(text.length <= 20, text);
      }
    });
  }
});

describe('shared texts', () => {
  const texts = flatTexts(readCatalogue('mqtt-scan-profile'));

  it('are the error texts of the engine', () => {
    const errors = Object.fromEntries(
      [...texts]
        .filter(([key]) => key.startsWith('mqtt-scanner.error.'))
        .map(([key, text]) => [key.slice('mqtt-scanner.error.'.length), text]),
    );
    assert.deepEqual(errors, { ...ERROR_TEXTS });
  });

  it('are those of the checks in the editor', () => {
    const source = readFileSync(path.join(root, 'resources', 'editor.js'), 'utf8');
    const prefix = 'mqtt-scanner.validation.';
    const keys = [...texts.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length));
    for (const key of keys) assert.ok(source.includes(`'${key}'`), key);
    const used = [...source.matchAll(/(?:say|list)\('(\w+)'/g)].map(([, key = '']) => key);
    assert.deepEqual(
      used.filter((key) => !keys.includes(key)),
      [],
    );
  });

  it('have every status', () => {
    for (const key of ['error', 'done', 'stopped', 'brokers', 'writing']) {
      const text = texts.get(`mqtt-scanner.status.${key}`);
      assert.ok(text && text.length <= 20, key);
    }
  });
});

/** Script of each node type, as package.json names it. */
function nodeScripts(): Readonly<Record<string, string>> {
  const { 'node-red': nodeRed } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return nodeRed.nodes;
}

function folderOf(node: string): string {
  return path.join(root, 'nodes', node);
}

function page(node: string): string {
  return path.join(folderOf(node), `${node}.html`);
}

function catalogue(node: string): string {
  return path.join(folderOf(node), 'locales', 'en-US', `${node}.json`);
}

function help(node: string): string {
  return path.join(folderOf(node), 'locales', 'en-US', `${node}.html`);
}

function icon(node: string): string {
  return path.join(folderOf(node), 'icons', `${node}.svg`);
}

function readCatalogue(node: string): unknown {
  return JSON.parse(readFileSync(catalogue(node), 'utf8'));
}

/** `{ a: { b: 'text' } }` as `a.b` → `text`. */
function flatTexts(value: unknown, prefix = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[prefix, value]]);
  assert.ok(typeof value === 'object' && value !== null, `${prefix} is no text`);
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [
      ...flatTexts(inner, prefix === '' ? key : `${prefix}.${key}`),
    ]),
  );
}

/** Keys in data-i18n attributes, with or without `[attribute]`, and texts in scripts that look like one. */
function keysOf(node: string): string[] {
  const html = readFileSync(page(node), 'utf8');
  const attributes = [...html.matchAll(/data-i18n="([^"]*)"/g)].flatMap(([, list = '']) => list.split(';'));
  const calls = [...html.matchAll(/\b_\(\s*['"]([^'"]+)['"]/g)].map(([, key = '']) => key);
  const literals = [...html.matchAll(/['"]([\w-]+(?:\.[\w-]+)+)['"]/g)]
    .map(([, key = '']) => key)
    .filter((key) => key.startsWith(`${node}.`) && !key.endsWith('.svg'));
  return [...attributes.map((key) => key.replace(/^\[\w+\]/, '')), ...calls, ...literals];
}

/** Runs the scripts of a page with an editor that only notes what is registered. */
function definitionOf(node: string): NodeDefinition {
  const html = readFileSync(page(node), 'utf8');
  const registered = new Map<string, NodeDefinition>();
  const texts = flatTexts(readCatalogue('mqtt-scan-profile'));
  const RED = {
    // The shared texts, which are those of one node.
    _: (key: string, places?: Readonly<Record<string, unknown>>) =>
      filled(texts.get(key.replace(/^.*:/, '')), places),
    utils: { validateTypedProperty: (value: string) => /^[\w.[\]]+$/.test(value) || 'no property' },
    nodes: {
      registerType: (type: string, definition: NodeDefinition) => registered.set(type, definition),
    },
  };
  const shared = readFileSync(path.join(root, 'resources', 'editor.js'), 'utf8');
  const window = {};
  const $ = () => ({ val: () => undefined });
  for (const [, script = ''] of html.matchAll(/<script type="text\/javascript">(.*?)<\/script>/gs)) {
    runInNewContext(`${shared}\n${script}`, { RED, Intl, window, $, ...window });
  }
  assert.deepEqual([...registered.keys()], [node]);
  const definition = registered.get(node);
  assert.ok(definition);
  return definition;
}

function filled(
  text: string | undefined,
  places: Readonly<Record<string, unknown>> = {},
): string | undefined {
  return text?.replace(/__(\w+?)__/g, (place, name: string) => String(places[name] ?? place));
}

/** What the editor makes of a value: true, or the text that it shows. */
function judge(node: string, property: string, value: unknown, others: object = {}): unknown {
  const definition = definitionOf(node).defaults[property];
  assert.ok(definition, `${node} has no ${property}`);
  if (!definition.validate) return true;
  // The editor takes a text as a verdict only from functions with two parameters.
  assert.equal(definition.validate.length, 2, `${node} ${property}`);
  const texts = flatTexts(readCatalogue(node));
  const editorNode = {
    _: (key: string, places?: Readonly<Record<string, unknown>>) => filled(texts.get(key), places),
    ...others,
  };
  return definition.validate.call(editorNode, value, {});
}
