import { spawn } from 'node:child_process';
import type { TlsResult } from '../../lib/model';
import { CIPHER_SUITES } from '../../lib/tls/cipher-suites';
import { childEnvironment } from '../support/programs';
import { UnavailableError } from '../support/unavailable';

/** The numbers of the suites that a program found, by version: `TLSv1.2` → {0xC02F, …}. */
export type Found = ReadonlyMap<string, ReadonlySet<number>>;

/** A program that finds out what a TLS server accepts. */
export interface Peer {
  readonly name: string;
  find(port: number): Promise<Found>;
}

class Collected {
  readonly found = new Map<string, Set<number>>();

  add(version: string, suite: number | undefined): void {
    if (suite === undefined) return;
    const name = version.replace(/^TLS ?v?/, 'TLSv').replace(/^TLSv1\.0$/, 'TLSv1');
    this.found.set(name, (this.found.get(name) ?? new Set()).add(suite));
  }
}

const BY_NAME = new Map(CIPHER_SUITES.map(([code, name]) => [name, code]));

export const SSLSCAN: Peer = {
  name: 'sslscan',
  find: async (port) => {
    const quick = [
      '--no-heartbleed',
      '--no-compression',
      '--no-fallback',
      '--no-renegotiation',
      '--no-groups',
    ];
    const text = await output('sslscan', [
      ...quick,
      '--no-check-certificate',
      '--xml=-',
      `127.0.0.1:${port}`,
    ]);
    const collected = new Collected();
    for (const [, version = '', id] of text.matchAll(
      /<cipher [^>]*sslversion="([^"]+)"[^>]* id="(0x\w+)"/g,
    )) {
      collected.add(version, Number(id));
    }
    return collected.found;
  },
};

export const NMAP: Peer = {
  name: 'nmap',
  find: async (port) => {
    const text = await output('nmap', [
      '-n',
      '-Pn',
      '-p',
      String(port),
      '--script',
      'ssl-enum-ciphers',
      '127.0.0.1',
    ]);
    const collected = new Collected();
    let version = '';
    for (const line of text.split('\n')) {
      version = /^\|\s+((?:SSLv3|TLSv1\.\d)):/.exec(line)?.[1] ?? version;
      // It has names of its own for TLS 1.3, from before its RFC.
      const name = /^\|\s+((?:TLS|SSL)_\w+)/.exec(line)?.[1]?.replace('TLS_AKE_WITH_', 'TLS_');
      if (name !== undefined) collected.add(version, BY_NAME.get(name));
    }
    return collected.found;
  },
};

export const TESTSSL: Peer = {
  name: 'testssl',
  find: async (port) => {
    const text = await output('testssl', [
      '--quiet',
      '--color',
      '0',
      '--warnings',
      'off',
      '-n',
      'none',
      '-E',
      `127.0.0.1:${port}`,
    ]);
    const collected = new Collected();
    let version = '';
    for (const line of text.split('\n')) {
      version = /^(SSLv[23]|TLS 1(?:\.\d)?)\s/.exec(line)?.[1]?.replace(/^TLS 1$/, 'TLS 1.0') ?? version;
      const code = /^ x([0-9a-f]{1,6})\s/.exec(line)?.[1];
      if (code !== undefined) collected.add(version, Number.parseInt(code, 16));
    }
    return collected.found;
  },
};

/** What we say, in the same form. */
export function foundIn(result: TlsResult): Found {
  return new Map(
    (result.protocols ?? []).map(({ version, suites }) => [
      version,
      new Set(suites.map(({ code }) => Number(code))),
    ]),
  );
}

const PATIENCE_MS = 120_000;

/** What a program prints. @throws UnavailableError when it is not installed */
function output(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: childEnvironment({ TERM: 'dumb' }),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    child.once('error', () => {
      clearTimeout(timer);
      reject(new UnavailableError(`${program} is not installed.`));
    });
    child.once('close', () => {
      clearTimeout(timer);
      resolve(text);
    });
  });
}
