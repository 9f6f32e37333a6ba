/**
 * `npm test`: installs what is missing, then formatter and linter, types, build, and all tests.
 * `npm run test:unit` passes `--unit`: what needs neither a build nor a program besides Node.js.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { root } from './root.mjs';

const UNIT = ['lib/**/*.test.ts', 'nodes/**/*.test.ts', 'esp32/**/*.test.ts'];
/** Each has a Node-RED of its own, made from the built package, and waits for it most of the time. */
const WITH_NODE_RED = [
  ...['dashboard', 'editor', 'editor-canvas', 'first-minutes', 'http-api', 'packed-package', 'scan-flow'],
  'start',
].map((name) => `test/${name}.test.ts`);
/** The others; they wait too, for time-outs and for other programs. */
const WITHOUT = ['brokers/**/*.test.ts', 'test/*.test.ts'];
/** These have two scanners and two brokers at work, and measure memory and delays: nothing runs beside them. */
const ALONE = ['test/hostile/**/*.test.ts'];
const MOCHA = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');

const unitOnly = process.argv.includes('--unit');
ensureInstalled();
if (!unitOnly) {
  run('Formatter and linter', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']);
  run('Types', 'typescript/bin/tsc', ['-p', '.']);
  run('Build', join(root, 'scripts', 'build.mjs'), []);
}
run('Unit tests', MOCHA, ['--parallel', '--jobs', '2', ...UNIT]);
if (!unitOnly) {
  await runSideBySide();
  run('Hostile peers', MOCHA, ALONE);
}

/** Two halves side by side take little more than one. Inside of each one test runs after the other: they measure time. */
async function runSideBySide() {
  const withNodeRed = spawn(process.execPath, [MOCHA, ...WITH_NODE_RED], { cwd: root, stdio: 'pipe' });
  const said = [];
  for (const stream of [withNodeRed.stdout, withNodeRed.stderr])
    stream.on('data', (bytes) => said.push(bytes));
  console.log('\n== Tests of the whole');
  const ignored = WITH_NODE_RED.flatMap((file) => ['--ignore', file]);
  const without = spawn(process.execPath, [MOCHA, ...WITHOUT, ...ignored], { cwd: root, stdio: 'inherit' });
  const ends = await Promise.all([without, withNodeRed].map((child) => once(child, 'close')));
  console.log('\n== Tests with a Node-RED');
  process.stdout.write(Buffer.concat(said));
  if (ends.every(([status]) => status === 0)) return;
  console.error('== One of the halves: failed');
  process.exitCode = 1;
}

function run(title, script, args) {
  console.log(`\n== ${title}`);
  const path = script.startsWith(root) ? script : join(root, 'node_modules', script);
  const { status } = spawnSync(process.execPath, [path, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`== ${title}: failed`);
    process.exit(status ?? 1);
  }
}
