/** Installs the dependencies when they are missing or no longer those of the lock file. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

/** What npm notes about the packages that it has installed. */
const INSTALLED = join(root, 'node_modules', '.package-lock.json');

/** Ends the process with a readable line when npm fails. */
export function ensureInstalled() {
  if (isInstalled()) return;
  console.log('Installing dependencies (only the first time) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync(npm, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error('npm could not install the dependencies. See its message above; is the network reachable?');
    process.exit(1);
  }
}

/** True when everything is there in the version of the lock file, whoever installed it. */
function isInstalled() {
  if (!existsSync(INSTALLED)) return false;
  const installed = packagesOf(INSTALLED);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(
    ([path, { version, optional }]) => {
      if (path === '') return true;
      const found = installed[path];
      // What is for other systems only is not installed here.
      return found === undefined ? optional === true : found.version === version;
    },
  );
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}
