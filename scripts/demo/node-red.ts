import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FOLDERS } from './folders';

const START_LIMIT_MS = 60_000;
/** Node-RED gives its nodes 15 s to close. */
const STOP_LIMIT_MS = 16_000;

/** A running Node-RED, as far as `npm start` needs it. */
export class NodeRed {
  readonly url: string;
  readonly #child: ChildProcess;
  #stopping = false;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /** Starts Node-RED and waits until its flows run. @throws Error with the end of its log when it gives up */
  static async start(settings: string, port: number): Promise<NodeRed> {
    const script = join(FOLDERS.root, 'node_modules', 'node-red', 'red.js');
    const args = ['--require', join(__dirname, 'end-with-parent.cjs'), script];
    const child = spawn(process.execPath, [...args, '--userDir', FOLDERS.userDir, '--settings', settings], {
      cwd: FOLDERS.userDir,
      env: { ...process.env, NODE_RED_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C is for this process, which then ends Node-RED in order.
      detached: process.platform !== 'win32',
    });
    const log = createWriteStream(FOLDERS.log, { mode: 0o600 });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    const nodeRed = new NodeRed(child, `http://127.0.0.1:${port}`);
    process.once('exit', () => child.kill('SIGKILL'));
    await nodeRed.#ready();
    return nodeRed;
  }

  /** Resolves when Node-RED has ended by itself; never after `stop`. */
  async failed(): Promise<void> {
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
    if (this.#stopping) await new Promise(() => undefined);
  }

  /** Deploys flows in place of what is there; nodes may carry `credentials`, as from the editor. */
  async deploy(flows: readonly object[]): Promise<void> {
    const response = await fetch(`${this.url}/flows`, {
      method: 'POST',
      headers: {
        ...(await this.#authorization()),
        'Content-Type': 'application/json',
        'Node-RED-API-Version': 'v2',
      },
      body: JSON.stringify({ flows }),
    });
    if (!response.ok) throw new Error(`Node-RED did not take the example flow: HTTP ${response.status}`);
  }

  /** Presses the button of an inject node, as soon as it is there. False when the flows have no such node. */
  async inject(id: string): Promise<boolean> {
    const headers = await this.#authorization();
    const flows = (await (await fetch(`${this.url}/flows`, { headers })).json()) as readonly {
      readonly id: string;
    }[];
    if (!flows.some((node) => node.id === id)) return false;
    // Deployed flows are answered before all of their nodes run.
    const deadline = Date.now() + START_LIMIT_MS;
    while (Date.now() < deadline) {
      const response = await fetch(`${this.url}/inject/${encodeURIComponent(id)}`, {
        method: 'POST',
        headers,
      });
      if (response.ok) return true;
      await delay(200);
    }
    throw new Error(`Node-RED does not start the flow. The end of its log (${FOLDERS.log}):\n${endOfLog()}`);
  }

  /** The headers of requests to the editor's API; a login is needed when the environment sets one. */
  async #authorization(): Promise<Record<string, string>> {
    const { NODE_RED_ADMIN_PASSWORD: password, NODE_RED_ADMIN_USER: username } = process.env;
    if (!password) return {};
    const login = { client_id: 'node-red-admin', grant_type: 'password', scope: '*' };
    const response = await fetch(`${this.url}/auth/token`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...login, username: username || 'admin', password }),
    });
    // A settings file of the user's own may ask for no login.
    if (!response.ok) return {};
    const { access_token: token } = (await response.json()) as { access_token: string };
    return { Authorization: `Bearer ${token}` };
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_LIMIT_MS);
    await exited;
    clearTimeout(timer);
  }

  async #ready(): Promise<void> {
    const deadline = Date.now() + START_LIMIT_MS;
    while (Date.now() < deadline) {
      if (this.#child.exitCode !== null) break;
      if (await isUp(`${this.url}/settings`)) return;
      await delay(200);
    }
    await this.stop();
    throw new Error(`Node-RED did not start. The end of its log (${FOLDERS.log}):\n${endOfLog()}`);
  }
}

async function isUp(url: string): Promise<boolean> {
  try {
    // 401 is the answer where the editor has a login.
    const { status } = await fetch(url);
    return status === 200 || status === 401;
  } catch {
    return false;
  }
}

/** The last lines of Node-RED's log. */
export function endOfLog(): string {
  return readFileSync(FOLDERS.log, 'utf8').trimEnd().split('\n').slice(-12).join('\n');
}
