/**
 * `npm test`: installs what is missing, then formatter and linter, types, build, and all tests.
 * `npm run test:unit` passes `--unit`: what needs neither a build nor a program besides Node.js.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { root } from './root.mjs';

const UNIT = ['lib/**/*.test.ts', 'nodes/**/*.test.ts', 'esp32/**/*.test.ts'];
/** These use fixed ports and measure time, so one runs after the other. */
const WHOLE = ['brokers/**/*.test.ts', 'test/**/*.test.ts'];

const unitOnly = process.argv.includes('--unit');
ensureInstalled();
if (!unitOnly) {
  run('Formatter and linter', '@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.']);
  run('Types', 'typescript/bin/tsc', ['-p', '.']);
  run('Build', join(root, 'scripts', 'build.mjs'), []);
}
run('Unit tests', 'mocha/bin/mocha.js', ['--parallel', '--jobs', '2', ...UNIT]);
if (!unitOnly) run('Tests of the whole', 'mocha/bin/mocha.js', WHOLE);

function run(title, script, args) {
  console.log(`\n== ${title}`);
  const path = script.startsWith(root) ? script : join(root, 'node_modules', script);
  const { status } = spawnSync(process.execPath, [path, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    console.error(`== ${title}: failed`);
    process.exit(status ?? 1);
  }
}
