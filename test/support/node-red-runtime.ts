import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../brokers/ports';
import { type NodeRedProgram, type NodeRedVersion, nodeRedProgram } from './node-red-program';
import { fillUserFolder, packedPackage } from './packed-package';
import { childEnvironment, networkEnvironment } from './programs';
import { removeFolder, temporaryFolder } from './temporary-folders';

export { NODE_RED_VERSIONS, type NodeRedVersion } from './node-red-program';

/** A node as it stands in a flow file; `credentials` may be inside, as the editor sends them. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

export interface RuntimeOptions {
  readonly version: NodeRedVersion;
  readonly flows?: readonly FlowNode[];
  /** Further packages to install beside this one. */
  readonly packages?: readonly ('node-red-dashboard' | '@flowfuse/node-red-dashboard')[];
  readonly env?: Readonly<Record<string, string>>;
  /** `open`: nothing is installed yet, and the palette may install. Otherwise only what is installed is loaded. */
  readonly palette?: 'open';
}

/** A Node-RED of its own: own process, own user directory, own port, with the packed package installed. */
export interface Runtime {
  readonly version: NodeRedVersion;
  /** Where flows and dashboards are served; no slash at the end. */
  readonly url: string;
  /** Where editor and admin API are served; no slash at the end. */
  readonly adminUrl: string;
  readonly userDir: string;
  readonly pid: number;
  /** False once the process has ended, whoever ended it. */
  isRunning(): boolean;
  /** Everything it has written to its output. */
  log(): string;
  /** Full deploy; resolves when the flows have started. */
  deploy(flows: readonly FlowNode[]): Promise<void>;
  /** Presses the button of an inject node. */
  inject(nodeId: string): Promise<void>;
  get(path: string): Promise<Response>;
  /** Ends the process and removes its user directory. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const START_MS = 60_000;
const DEPLOY_MS = 30_000;
const STOP_MS = 15_000;
const POLL_MS = 25;
const FULL_DEPLOY = { 'Node-RED-API-Version': 'v2', 'Node-RED-Deployment-Type': 'full' };

const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Starts a Node-RED. @throws UnavailableError when this version cannot be had here */
export async function startNodeRed(options: RuntimeOptions): Promise<Runtime> {
  const { version, flows, packages = [], env = {}, palette } = options;
  const program = await nodeRedProgram(version);
  const userDir = await temporaryFolder('node-red');
  const port = await freePort(HOST);
  if (palette === 'open') await writeSettings(userDir, port, { allowInstall: true, allowUpload: true });
  else {
    await fillUserFolder(packages, userDir);
    const { name } = await packedPackage();
    // Node-RED would find what is installed for development as well.
    const allowList = [name, ...packages];
    await writeSettings(userDir, port, {
      allowInstall: false,
      allowUpload: false,
      allowList,
      denyList: ['*'],
    });
  }
  // What it installs comes from the network.
  const network = palette === 'open' ? networkEnvironment() : {};
  const runtime = new NodeRedProcess(program, { version, userDir, port, env: { ...network, ...env } });
  try {
    await runtime.started();
    if (flows) await runtime.deploy(flows);
  } catch (thrown) {
    await runtime.stop();
    throw thrown;
  }
  return runtime;
}

interface ProcessOptions {
  readonly version: NodeRedVersion;
  readonly userDir: string;
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
}

class NodeRedProcess implements Runtime {
  readonly version: NodeRedVersion;
  readonly url: string;
  readonly adminUrl: string;
  readonly userDir: string;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #log = '';
  #stopped: Promise<void> | undefined;

  constructor({ node, script }: NodeRedProgram, { version, userDir, port, env }: ProcessOptions) {
    this.version = version;
    this.userDir = userDir;
    this.url = `http://${HOST}:${port}`;
    this.adminUrl = this.url;
    const args = [script, '--userDir', userDir, '--settings', join(userDir, 'settings.js')];
    // The pipe to its standard input breaks when this process dies, however it dies.
    const child = spawn(node, args, { cwd: userDir, env: childEnvironment(env), stdio: 'pipe' });
    this.#child = child;
    this.pid = child.pid ?? 0;
    children.add(child);
    child.stdin.on('error', () => undefined);
    for (const output of [child.stdout, child.stderr]) {
      output.setEncoding('utf8').on('data', (text: string) => {
        this.#log += text;
      });
    }
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => {
        this.#log += `\n${error.message}\n`;
      });
      child.once('close', () => {
        children.delete(child);
        resolve();
      });
    });
  }

  isRunning(): boolean {
    return children.has(this.#child);
  }

  log(): string {
    return this.#log;
  }

  started(): Promise<void> {
    return this.#startedMoreThan(0, START_MS);
  }

  async deploy(flows: readonly FlowNode[]): Promise<void> {
    const before = startsIn(this.#log);
    await this.#post('/flows', { flows }, FULL_DEPLOY);
    await this.#startedMoreThan(before, DEPLOY_MS);
  }

  inject(nodeId: string): Promise<void> {
    return this.#post(`/inject/${nodeId}`, {});
  }

  get(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  /** Waits until the flows have started more often than before. */
  async #startedMoreThan(before: number, withinMs: number): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (startsIn(this.#log) <= before) {
      const what = this.isRunning() ? 'did not start its flows' : 'ended';
      if (!this.isRunning() || Date.now() > deadline) {
        throw new Error(`Node-RED ${this.version} ${what}:\n${this.#log}`);
      }
      await delay(POLL_MS);
    }
  }

  async #post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const response = await fetch(`${this.adminUrl}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Node-RED answered POST ${path} with ${response.status}: ${text}`);
  }

  async #end(): Promise<void> {
    this.#child.kill('SIGINT');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await this.#ended;
    clearTimeout(timer);
    await removeFolder(this.userDir);
  }
}

/** How often the log says that flows have started. */
function startsIn(log: string): number {
  return log.split('Started flows').length - 1;
}

async function writeSettings(userDir: string, port: number, palette: object): Promise<void> {
  const settings = {
    uiHost: HOST,
    uiPort: port,
    flowFile: 'flows.json',
    credentialSecret: randomBytes(16).toString('hex'),
    lang: 'en-US',
    telemetry: { enabled: false, updateNotification: false },
    externalModules: { autoInstall: false, palette },
    editorTheme: { tours: false, projects: { enabled: false }, palette: { catalogues: [] } },
    logging: { console: { level: 'info', metrics: false, audit: false } },
  };
  const lines = [
    "process.stdin.on('end', () => process.exit(1)).resume();",
    `module.exports = ${JSON.stringify(settings, null, 2)};`,
  ];
  await writeFile(join(userDir, 'settings.js'), `${lines.join('\n')}\n`);
  await writeFile(join(userDir, 'flows.json'), '[]\n');
}
