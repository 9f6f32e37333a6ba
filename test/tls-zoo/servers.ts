import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createServer, type TlsOptions } from 'node:tls';
import { accepts, freePort } from '../../brokers/ports';
import { type RunningMosquitto, startMosquitto } from '../support/mosquitto';
import { childEnvironment } from '../support/programs';
import { UnavailableError } from '../support/unavailable';
import type { Made } from './certificates';

/** A TLS server of the zoo. */
export interface Server {
  readonly port: number;
  stop(): Promise<void>;
}

/** A server of Node.js, which lets the handshake be as weak as OpenSSL can. */
export async function startNode(options: TlsOptions): Promise<Server> {
  const sockets = new Set<Socket>();
  const server = createServer({ minVersion: 'TLSv1.2', ciphers: 'DEFAULT:@SECLEVEL=0', ...options });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** `openssl s_server` with a certificate and any further options. @throws UnavailableError */
export async function startOpenssl(folder: string, made: Made, args: readonly string[]): Promise<Server> {
  const port = await freePort();
  const files = await writePair(folder, `openssl-${port}`, made);
  const all = [
    's_server',
    '-accept',
    `127.0.0.1:${port}`,
    '-cert',
    files.cert,
    '-key',
    files.key,
    '-quiet',
    '-www',
  ];
  return startProgram('openssl', [...all, ...args], port);
}

/** mosquitto with one TLS listener. @throws UnavailableError */
export function startTlsMosquitto({ cert, key }: Made, host?: string): Promise<RunningMosquitto> {
  return startMosquitto({
    config: 'allow_anonymous true\ncertfile @/server.crt\nkeyfile @/server.key',
    files: { 'server.crt': cert, 'server.key': key },
    transport: 'tls',
    ...(host !== undefined && { host }),
  });
}

async function writePair(folder: string, name: string, made: Made): Promise<{ cert: string; key: string }> {
  const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  await writeFile(cert, made.cert);
  await writeFile(key, made.key, { mode: 0o600 });
  return { cert, key };
}

const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

async function startProgram(program: string, args: readonly string[], port: number): Promise<Server> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: childEnvironment() });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-2000);
  });
  let isGone = false;
  child.once('error', ({ message }) => {
    output += message;
    isGone = true;
  });
  child.once('exit', () => {
    isGone = true;
  });
  children.add(child);
  for (let tries = 0; tries < 200 && !isGone; tries++) {
    if (await accepts('127.0.0.1', port)) {
      return {
        port,
        stop: async () => {
          children.delete(child);
          if (!isGone) {
            child.kill('SIGKILL');
            await once(child, 'exit');
          }
        },
      };
    }
    await delay(50);
  }
  child.kill('SIGKILL');
  if (/ENOENT/.test(output)) throw new UnavailableError(`${program} is not installed.`);
  throw new Error(`${program} ${args.join(' ')} did not start: ${output}`);
}
