/** `npm start`: a live lab, Node-RED with this package and the dashboard, and a first scan with its reports. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { root } from './root.mjs';
import { runTypeScript } from './run-typescript.mjs';

ensureInstalled();
const build = [join(root, 'scripts', 'build.mjs'), '--if-stale'];
const built = spawnSync(process.execPath, build, { stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);
runTypeScript('scripts', 'demo', 'main.ts');
