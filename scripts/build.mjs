/**
 * Compiles lib/ and nodes/ into dist/ and puts beside the compiled code what is not code. With `--if-stale` only when
 * something that it reads is newer than what it wrote.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { root } from './root.mjs';

const dist = join(root, 'dist');
const ASSETS = new Set(['.html', '.json', '.svg', '.ttf', '.txt']);

const FOLDERS = ['lib', 'nodes'];
const SOURCES = [...FOLDERS, 'package.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.mjs'];

if (!process.argv.includes('--if-stale') || isStale()) {
  compile();
  for (const folder of FOLDERS) copyAssets(folder);
}
assertComplete();

function isStale() {
  if (missing().length > 0) return true;
  const newestSource = Math.max(...SOURCES.flatMap((path) => modificationTimes(join(root, path), true)));
  return newestSource >= Math.min(...modificationTimes(dist, false));
}

/** When the files under a path were changed; folders count where a removed file matters. */
function modificationTimes(path, withFolders) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return [stats.mtimeMs];
  const inside = readdirSync(path).flatMap((name) => modificationTimes(join(path, name), withFolders));
  return withFolders ? [stats.mtimeMs, ...inside] : inside;
}

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

function assertComplete() {
  const paths = missing();
  if (paths.length === 0) return;
  console.error(`The build is incomplete. Missing:\n  ${paths.join('\n  ')}`);
  process.exit(1);
}

/** A node without its page or its texts breaks the editor of whoever installs the package. */
function missing() {
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
  return [join(dist, 'lib', 'index.js'), ...wanted].filter((path) => !existsSync(path));
}
