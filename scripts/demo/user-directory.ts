import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FOLDERS } from './folders';

/** Packages that Node-RED finds in the user directory, as if the palette manager had installed them. */
const PALETTE: readonly (readonly [string, string])[] = [
  [ownName(), FOLDERS.root],
  ['node-red-dashboard', join(FOLDERS.root, 'node_modules', 'node-red-dashboard')],
];

/**
 * Makes Node-RED's user directory, or completes it: settings, palette, secret for the credentials. What a user
 * has changed in it stays.
 * @returns the settings file
 */
export function prepareUserDirectory(): string {
  mkdirSync(FOLDERS.userDir, { recursive: true, mode: 0o700 });
  for (const [name, folder] of PALETTE) linkPackage(name, folder);
  const settings = join(FOLDERS.userDir, 'settings.js');
  if (!existsSync(settings)) writeFileSync(settings, settingsText(), { mode: 0o600 });
  writeIfMissing(join(FOLDERS.userDir, 'package.json'), JSON.stringify(userPackage(), null, 2));
  return settings;
}

/** True when no flows have been deployed yet. */
export function isFirstStart(): boolean {
  return !existsSync(join(FOLDERS.userDir, 'flows.json'));
}

function settingsText(): string {
  return `/** Settings of the Node-RED that npm start runs; yours to change. See https://nodered.org/docs/user-guide/runtime/settings-file */
const { createRequire } = require('node:module');
const { hashSync } = createRequire(process.argv[1])('bcryptjs');

/** Logins come from the environment, so that none stands in a file. */
function login(prefix) {
  const password = process.env[prefix + '_PASSWORD'];
  return password ? { username: process.env[prefix + '_USER'] || 'admin', password: hashSync(password, 8) } : undefined;
}
const admin = login('NODE_RED_ADMIN');
const visitor = login('NODE_RED_HTTP');

module.exports = {
  // Reachable from this machine only. Before you change that, set both logins, and put HTTPS in front.
  uiHost: '127.0.0.1',
  uiPort: process.env.NODE_RED_PORT || 1880,
  flowFile: 'flows.json',
  credentialSecret: '${randomBytes(24).toString('hex')}',
  // The editor: NODE_RED_ADMIN_USER (admin unless set) and NODE_RED_ADMIN_PASSWORD.
  adminAuth: admin && { type: 'credentials', users: [{ ...admin, permissions: '*' }] },
  // Dashboard, downloads and HTTP API: NODE_RED_HTTP_USER (admin unless set) and NODE_RED_HTTP_PASSWORD.
  httpNodeAuth: visitor && { user: visitor.username, pass: visitor.password },
  // The dashboard's history is kept over a restart.
  contextStorage: { default: { module: 'memory' }, disk: { module: 'localfilesystem' } },
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false },
  logging: { console: { level: 'info', metrics: false, audit: false } },
};
`;
}

function userPackage(): object {
  const dependencies = Object.fromEntries(PALETTE.map(([name, folder]) => [name, `file:${folder}`]));
  return { name: 'mqtt-scanner-user-directory', private: true, dependencies };
}

function linkPackage(name: string, folder: string): void {
  const link = join(FOLDERS.userDir, 'node_modules', name);
  // Made anew each time: the clone may have moved since.
  rmSync(link, { recursive: true, force: true });
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(folder, link, 'junction');
}

function writeIfMissing(path: string, text: string): void {
  if (!existsSync(path)) writeFileSync(path, text, { mode: 0o600 });
}

function ownName(): string {
  const { name } = JSON.parse(readFileSync(join(FOLDERS.root, 'package.json'), 'utf8')) as { name: string };
  return name;
}
