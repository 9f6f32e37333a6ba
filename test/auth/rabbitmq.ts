import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { accepts, freePort } from '../../brokers/ports';
import { dial } from '../../brokers/test-client';
import type { Credentials } from '../../lib/model';
import { run } from '../support/programs';
import { temporaryFolder } from '../support/temporary-folders';
import { UnavailableError } from '../support/unavailable';
import type { RunningBroker } from './row';

/** Where Debian keeps RabbitMQ; its wrapper in the PATH gives up root's rights and fixed folders are used. */
const LIBRARY = '/usr/lib/rabbitmq/lib';
const START_MS = 120_000;

export interface RabbitUser extends Credentials {
  /** Regular expressions for queues and exchanges; none keeps the user out of the virtual host. */
  readonly permissions?: { readonly configure: string; readonly write: string; readonly read: string };
  /** Regular expressions for routing keys on the exchange of MQTT. */
  readonly topics?: { readonly write: string; readonly read: string };
}

export interface RunningRabbit extends RunningBroker {
  /** Of MQTT over WebSocket. */
  readonly webTarget: string;
  /** Evaluates Erlang in the running node. */
  evaluate(expression: string): Promise<void>;
}

/** Starts a RabbitMQ node with its MQTT plugin, everything of it in a folder of its own, on ports of its own. */
export async function startRabbit(users: readonly RabbitUser[]): Promise<RunningRabbit> {
  const programs = await programFolder();
  const folder = await temporaryFolder('auth-rabbitmq');
  const [port, web, distribution, epmd] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  await mkdir(join(folder, 'home'));
  await writeFile(join(folder, 'enabled_plugins'), '[rabbitmq_mqtt, rabbitmq_web_mqtt].\n');
  await writeFile(join(folder, 'definitions.json'), definitions(users));
  await writeFile(
    join(folder, 'rabbitmq.conf'),
    [
      'listeners.tcp = none',
      `mqtt.listeners.tcp.1 = 127.0.0.1:${port}`,
      `web_mqtt.tcp.ip = 127.0.0.1`,
      `web_mqtt.tcp.port = ${web}`,
      'mqtt.allow_anonymous = true',
      'loopback_users = none',
      `load_definitions = ${join(folder, 'definitions.json')}`,
      'distribution.listener.interface = 127.0.0.1',
      '',
    ].join('\n'),
  );
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: join(folder, 'home'),
    RABBITMQ_NODENAME: `mqttscan${randomBytes(4).toString('hex')}@localhost`,
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_DIST_PORT: String(distribution),
    ERL_EPMD_PORT: String(epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
  };
  // Groups of their own, so that what they start ends with them.
  const daemon = spawn('epmd', [], { env, stdio: 'ignore', detached: true });
  const server = spawn(join(programs, 'rabbitmq-server'), { env, stdio: 'ignore', detached: true });
  const kill = (): void => {
    for (const child of [server, daemon]) killGroup(child);
  };
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    const ended = [server, daemon].filter(isRunning).map((child) => once(child, 'close'));
    kill();
    await Promise.all(ended);
  };
  const deadline = Date.now() + START_MS;
  // The port opens before the users are there.
  while (!(await letsIn(port, users[0]))) {
    if (!isRunning(server) || Date.now() > deadline) {
      await stop();
      throw new Error('RabbitMQ did not start');
    }
    await delay(100);
  }
  const evaluate = async (expression: string): Promise<void> => {
    await run(join(programs, 'rabbitmqctl'), ['eval', expression], { cwd: folder, env });
  };
  return { target: `mqtt://127.0.0.1:${port}`, webTarget: `ws://127.0.0.1:${web}`, stop, evaluate };
}

async function programFolder(): Promise<string> {
  const versions = existsSync(LIBRARY) ? await readdir(LIBRARY) : [];
  const server = versions.find((name) => name.startsWith('rabbitmq_server-'));
  if (!server) throw new UnavailableError('RabbitMQ is not installed');
  return join(LIBRARY, server, 'sbin');
}

async function letsIn(port: number, user: Credentials | undefined): Promise<boolean> {
  if (!(await accepts('127.0.0.1', port))) return false;
  const login = user && { username: user.username, password: user.password };
  try {
    const client = await dial(`mqtt://127.0.0.1:${port}`, { connectTimeout: 2000, ...login });
    await client.endAsync();
    return true;
  } catch {
    return false;
  }
}

function definitions(users: readonly RabbitUser[]): string {
  const vhost = '/';
  return JSON.stringify({
    vhosts: [{ name: vhost }],
    users: users.map(({ username, password }) => ({
      name: username,
      password_hash: passwordHash(password),
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags: [],
    })),
    permissions: users.flatMap(({ username, permissions }) =>
      permissions ? [{ user: username, vhost, ...permissions }] : [],
    ),
    topic_permissions: users.flatMap(({ username, topics }) =>
      topics ? [{ user: username, vhost, exchange: 'amq.topic', ...topics }] : [],
    ),
  });
}

/** RabbitMQ's own form: four bytes of salt, then SHA-256 of salt and password (rabbitmq.com, "Passwords"). */
function passwordHash(password: string): string {
  const salt = randomBytes(4);
  const hash = createHash('sha256').update(salt).update(password).digest();
  return Buffer.concat([salt, hash]).toString('base64');
}

const isRunning = (child: ChildProcess): boolean =>
  child.pid !== undefined && child.exitCode === null && child.signalCode === null;

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
