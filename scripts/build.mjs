/** Compiles lib/ and nodes/ into dist/ and puts beside the compiled code what is not code. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { extname, join } from 'node:path';
import { root } from './root.mjs';

const dist = join(root, 'dist');
const ASSETS = new Set(['.html', '.json', '.svg', '.ttf', '.txt']);

compile();
for (const folder of ['lib', 'nodes']) copyAssets(folder);
assertComplete();

function compile() {
  rmSync(dist, { recursive: true, force: true });
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const args = [tsc, '-p', join(root, 'tsconfig.build.json')];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function copyAssets(folder) {
  for (const entry of readdirSync(join(root, folder), { recursive: true })) {
    if (ASSETS.has(extname(entry))) cpSync(join(root, folder, entry), join(dist, folder, entry));
  }
}

/** A node without its page or its texts breaks the editor of whoever installs the package. */
function assertComplete() {
  const { 'node-red': nodeRed } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const wanted = Object.values(nodeRed.nodes).flatMap((script) => {
    const name = script.slice(script.lastIndexOf('/') + 1, -'.js'.length);
    const folder = join(root, script, '..');
    return [
      join(root, script),
      join(folder, `${name}.html`),
      join(folder, 'locales', 'en-US', `${name}.json`),
      join(folder, 'locales', 'en-US', `${name}.html`),
    ];
  });
  const missing = wanted.filter((path) => !existsSync(path));
  if (missing.length === 0) return;
  console.error(`The build is incomplete. Missing:\n  ${missing.join('\n  ')}`);
  process.exit(1);
}
