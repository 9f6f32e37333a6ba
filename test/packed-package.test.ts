import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODE_RED_VERSIONS, type Runtime, startNodeRed } from './support/node-red-runtime';
import {
  fillUserFolder,
  installedUserFolder,
  type PackedPackage,
  packedPackage,
  ROOT,
} from './support/packed-package';
import { run } from './support/programs';
import { readExamples } from './support/scan-flows';
import { temporaryFolder } from './support/temporary-folders';
import { orSkip } from './support/unavailable';

const TYPES = [
  'anon-auth-test',
  'mqtt-probe',
  'mqtt-scan-profile',
  'report-out',
  'retained-clear',
  'risk-classify',
  'tls-inspect',
  'topic-sniffer',
];
const FIRST_START_MS = 240_000;

interface NodeSet {
  readonly module: string;
  readonly name: string;
  readonly types: readonly string[];
  readonly enabled: boolean;
  readonly err?: unknown;
}

describe('the packed package', function () {
  this.timeout(FIRST_START_MS);
  let packed: PackedPackage;
  let paths: string[];

  before(async () => {
    packed = await packedPackage();
    paths = packed.files.map(({ path }) => path);
  });

  it('holds code, its types, pages, texts, icons, fonts and examples, and nothing else', () => {
    const wanted = [
      /^package\.json$/,
      /^(README|CHANGELOG)\.md$/,
      /^LICENSE$/,
      /^examples\/[^/]+\.json$/,
      /^dist\/(lib|nodes)\/.+\.(js|d\.ts)$/,
      /^dist\/nodes\/[^/]+\/[^/]+\.html$/,
      /^dist\/nodes\/[^/]+\/locales\/[A-Za-z-]+\/[^/]+\.(json|html)$/,
      /^dist\/nodes\/[^/]+\/icons\/[^/]+\.svg$/,
      /^resources\/[^/]+\.js$/,
      /^dist\/lib\/report\/mqtt-scan-report-\d+\.schema\.json$/,
      /^dist\/lib\/report\/fonts\/([^/]+\.ttf|LICENSE(\.txt)?)$/,
    ];
    assert.deepEqual(
      paths.filter((path) => !wanted.some((pattern) => pattern.test(path))),
      [],
    );
  });

  it('holds no tests and nothing that only tests use', () => {
    assert.deepEqual(
      paths.filter((path) => /\.test\.|\/testing|\/test\//.test(path)),
      [],
    );
  });

  it('holds the fonts of the report and their license', () => {
    const fonts = paths.filter((path) => path.startsWith('dist/lib/report/fonts/'));
    assert.ok(fonts.some((path) => path.endsWith('/DejaVuSans.ttf')));
    assert.ok(fonts.some((path) => path.endsWith('/DejaVuSans-Bold.ttf')));
    assert.ok(
      fonts.some((path) => /\/LICENSE(\.txt)?$/.test(path)),
      'the fonts may be passed on only together with their license',
    );
  });

  it('holds all examples, and what stands beside package.json for its readers', () => {
    const beside = ['README.md', 'LICENSE', 'CHANGELOG.md'].filter((name) => existsSync(join(ROOT, name)));
    const wanted = [...beside, ...readExamples().map(({ name }) => `examples/${name}.json`)];
    assert.deepEqual(
      wanted.filter((path) => !paths.includes(path)),
      [],
    );
  });

  it('installs, and says how large it is', async function () {
    const folder = await orSkip(this, () => installedUserFolder());
    const { files, bytes } = sizeOf(join(folder, 'node_modules'));
    const megabytes = (size: number): string => (size / 1e6).toFixed(1);
    console.log(`      tarball ${megabytes(packed.size)} MB in ${paths.length} files`);
    console.log(`      installed with its dependencies ${megabytes(bytes)} MB in ${files} files`);
    assert.ok(files > paths.length);
  });

  it('runs the program of the README, without Node-RED', async function () {
    const folder = await temporaryFolder('program');
    await orSkip(this, () => fillUserFolder([], folder));
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    const [, program = ''] = /^```js\n(import \{ scan \}[\s\S]*?)^```/m.exec(readme) ?? [];
    const target = "'192.168.1.0/24'";
    assert.ok(program.includes(target));
    writeFileSync(join(folder, 'program.mjs'), program.replace(target, "'127.0.0.1:1'"));
    const output = await run(process.execPath, ['program.mjs'], { cwd: folder });
    assert.equal(output, 'mqtt://127.0.0.1:1 closed OK\n');
  });

  for (const version of NODE_RED_VERSIONS) {
    describe(`in Node-RED ${version}`, () => {
      let runtime: Runtime | undefined;

      before(async function () {
        runtime = await orSkip(this, () => startNodeRed({ version }));
      });
      after(() => runtime?.stop());

      const get = async (path: string, accept = '*/*'): Promise<Response> => {
        assert.ok(runtime);
        const response = await fetch(`${runtime.adminUrl}${path}`, { headers: { Accept: accept } });
        assert.equal(response.status, 200, `GET ${path}`);
        return response;
      };

      it('loads all of its types without an error', async () => {
        const sets = (await (await get('/nodes', 'application/json')).json()) as NodeSet[];
        const ours = sets.filter(({ module }) => module === packed.name);
        assert.deepEqual(ours.flatMap(({ types }) => types).sort(), TYPES);
        assert.deepEqual(
          ours.filter(({ enabled, err }) => !enabled || err !== undefined),
          [],
        );
        assert.doesNotMatch(runtime?.log() ?? '', /\[error\]|\[mqtt-scanner|Error:/);
      });

      it('serves every icon that its pages name', async () => {
        const html = await (await get('/nodes', 'text/html')).text();
        const known = (await (await get('/icons', 'application/json')).json()) as Record<string, string[]>;
        const icons = TYPES.flatMap((type) => iconsIn(type, html));
        assert.ok(icons.length > 0);
        for (const icon of icons) {
          assert.ok(known[packed.name]?.includes(icon), icon);
          const response = await get(`/icons/${packed.name}/${icon}`);
          assert.match(response.headers.get('content-type') ?? '', /^image\/svg\+xml/);
          assert.match(await response.text(), /<svg[\s>]/);
        }
      });

      it('serves every script that its pages name', async () => {
        const html = await (await get('/nodes', 'text/html')).text();
        const scripts = [...html.matchAll(/<script src="(resources\/@mqtt-security[^"]+)"/g)].map(
          ([, url]) => url,
        );
        assert.equal(scripts.length, TYPES.length);
        for (const url of new Set(scripts)) {
          // The editor waits for it: without it no page of the palette would load.
          assert.match(await (await get(`/${url}`)).text(), /mqttScannerEditor/);
        }
      });

      it('serves the texts of every type', async () => {
        const texts = (await (await get('/nodes/messages?lng=en-US')).json()) as Record<string, object>;
        for (const type of TYPES) {
          const namespace = `${packed.name}/${type}`;
          assert.ok(Object.keys(texts[namespace] ?? {}).length > 0, namespace);
          const own = await (await get(`/locales/${namespace}?lng=en-US`)).json();
          assert.deepEqual(own, texts[namespace]);
        }
      });

      it('serves the help of every type', async () => {
        const html = await (await get('/nodes', 'text/html')).text();
        for (const type of TYPES) assert.match(html, new RegExp(`data-help-name=["']${type}["']`));
      });

      it('lists its examples in the import dialog', async () => {
        const modules = (await (await get('/library/examples/flows')).json()) as string[];
        assert.ok(modules.includes(packed.name));
        const listed = (await (await get(`/library/examples/flows/${packed.name}`)).json()) as object[];
        const examples = readExamples();
        assert.deepEqual(
          listed,
          examples.map(({ name }) => ({ fn: name })),
        );
        for (const { name, nodes } of examples) {
          const path = `/library/examples/flows/${packed.name}/${encodeURIComponent(name)}`;
          assert.deepEqual(await (await get(path)).json(), nodes);
        }
      });
    });
  }
});

/** The icons of a type, as its page names them. Built-in ones, and those of font-awesome, are Node-RED's. */
function iconsIn(type: string, html: string): string[] {
  const start = html.search(new RegExp(`registerType\\(\\s*['"]${type}['"]`));
  assert.notEqual(start, -1, type);
  const definition = html.slice(start, html.indexOf('</script>', start));
  const icons = [...definition.matchAll(/\bicon:\s*['"]([^'"]+)['"]/g)].map(([, icon = '']) => icon);
  return icons.filter((icon) => existsSync(join(ROOT, 'nodes', type, 'icons', icon)) || !icon.includes('/'));
}

function sizeOf(path: string): { files: number; bytes: number } {
  let files = 0;
  let bytes = 0;
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    files++;
    bytes += statSync(join(entry.parentPath, entry.name)).size;
  }
  return { files, bytes };
}
