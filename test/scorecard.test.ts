import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { developedWith, ROOT } from './support/packed-package';
import { readExamples } from './support/scan-flows';

/*
 * The rules by which the public catalogue of Node-RED nodes rates a package, as far as they can be checked
 * without a network. What remains for a release: package.json says where the source is (P03), the name exists in no
 * other scope (P08), the type names exist in no other package of the catalogue (N01), dependency ranges reach the
 * newest releases (D03).
 */

interface Manifest {
  readonly name: string;
  readonly license?: string;
  readonly keywords?: readonly string[];
  readonly engines?: { readonly node?: string };
  readonly 'node-red'?: { readonly version?: string; readonly nodes: Readonly<Record<string, string>> };
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const CONFIG_TYPES = ['mqtt-scan-profile'];
/** Node-RED 5 runs on this Node.js and newer. */
const NODE_OF_NODE_RED_5 = '22.9.0';
const MAX_DEPENDENCIES = 6;

describe('scorecard', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
  const nodes = manifest['node-red']?.nodes ?? {};
  const types = Object.values(nodes).flatMap((script) => typesOf(script));

  it('P01 has a license', () => {
    assert.match(manifest.license ?? '', /^[A-Za-z0-9.+-]+$/);
  });

  it('P04 has a scoped name', () => {
    assert.match(manifest.name, /^@[a-z0-9-]+\/node-red-contrib-[a-z0-9-]+$/);
  });

  it('P05 has the keyword that lists it in the catalogue', () => {
    assert.ok(manifest.keywords?.includes('node-red'));
  });

  it('P06 names the versions of Node-RED that it runs in, the current ones among them', () => {
    const range = manifest['node-red']?.version;
    assert.ok(isMet(range, developedWith('node-red')));
    assert.ok(isMet(range, '5.0.0'));
  });

  it('P07 names the versions of Node.js that it runs on, those of Node-RED among them', () => {
    const range = manifest.engines?.node;
    assert.ok(isMet(range, NODE_OF_NODE_RED_5));
    assert.ok(isMet(range, process.versions.node));
  });

  it('N01 uses every type name once, and under the same name in package.json', () => {
    assert.deepEqual(types, [...new Set(types)]);
    assert.deepEqual(types, Object.keys(nodes));
  });

  it('N02 shows every type in an example', () => {
    const shown = new Set(readExamples().flatMap((example) => example.nodes.map(({ type }) => type)));
    const missing = types.filter((type) => !CONFIG_TYPES.includes(type) && !shown.has(type));
    assert.deepEqual(missing, []);
  });

  it('D01 has few dependencies', () => {
    assert.ok(Object.keys(manifest.dependencies ?? {}).length <= MAX_DEPENDENCIES);
  });

  it('D02 has no dependency that is known to break Node-RED', () => {
    assert.equal(manifest.dependencies?.['agent-base'], undefined);
  });

  it('depends on neither Node-RED nor a dashboard', () => {
    const names = Object.keys(manifest.dependencies ?? {});
    assert.deepEqual(
      names.filter((name) => /node-red/.test(name)),
      [],
    );
  });

  it('runs nothing when it is installed', () => {
    const names = Object.keys(manifest.scripts ?? {});
    assert.deepEqual(
      names.filter((name) => /^(pre|post)?install$|^prepare$/.test(name)),
      [],
    );
    assert.equal(existsSync(join(ROOT, 'binding.gyp')), false);
  });
});

/** The types that the page of a node registers; the catalogue reads them as literal texts, and so do we. */
function typesOf(script: string): string[] {
  const page = script.replace(/^dist\//, '').replace(/\.js$/, '.html');
  const html = readFileSync(join(ROOT, page), 'utf8');
  return [...html.matchAll(/RED\.nodes\.registerType\(\s*['"]([^'"]+)['"]/g)].map(([, type = '']) => type);
}

/** True when a version meets a range of the form `>=1.2.3`. */
function isMet(range: string | undefined, version: string): boolean {
  const minimum = /^>=(\d+(?:\.\d+){0,2})$/.exec(range ?? '')?.[1];
  assert.ok(minimum, `"${range}" is no range of the form >=1.2.3`);
  return new Intl.Collator('en', { numeric: true }).compare(version, minimum) >= 0;
}
