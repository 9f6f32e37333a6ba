import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { childEnvironment, run } from './programs';
import { UnavailableError } from './unavailable';

const FIRMWARE = join(__dirname, '..', '..', 'esp32', 'firmware');

/** The Arduino core 2 for the ESP32 compiles C++11, newer ones C++17 and later: what is written is what both take. */
const WARNINGS = ['-std=c++11', '-Wall', '-Wextra', '-Wpedantic', '-Wshadow', '-Werror'];
const SANITIZERS = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
/** As many compilers at once as there are cores. */
const COMPILERS = 2;

/** Sources of the firmware below a folder of it, not deeper. */
function sources(...folder: string[]): string[] {
  const directory = join(FIRMWARE, ...folder);
  return readdirSync(directory)
    .filter((name) => name.endsWith('.cpp'))
    .map((name) => join(directory, name));
}

const gpp = (args: readonly string[]): Promise<string> =>
  run('g++', args, { cwd: FIRMWARE, env: childEnvironment() });

/** @throws UnavailableError where there is no compiler */
export async function needCompiler(): Promise<void> {
  try {
    await gpp(['--version']);
  } catch {
    throw new UnavailableError('g++ is not installed');
  }
}

/** @throws UnavailableError without the headers of OpenSSL */
export function needOpenSsl(): void {
  if (!existsSync('/usr/include/openssl/ssl.h')) {
    throw new UnavailableError('the headers of OpenSSL are not installed (Debian: libssl-dev)');
  }
}

/** Checks the part for the board against stand-ins of the headers it uses: types, and nothing else. */
export async function checkBoardPart(): Promise<void> {
  const headers = ['-Ihost/stand-ins', '-fsyntax-only'];
  await each(sources('src', 'board'), (source) => gpp([...WARNINGS, ...headers, source]));
  await gpp([...WARNINGS, ...headers, '-x', 'c++', '-include', 'Arduino.h', 'firmware.ino']);
}

/** The portable part, compiled once for both programs. */
export function compileCore(directory: string): Promise<string[]> {
  return each(sources('src', 'core'), (source) => compile(source, directory));
}

export async function buildHostTests(core: readonly string[], directory: string): Promise<string> {
  const own = [join(FIRMWARE, 'host', 'packets.cpp'), ...sources('host', 'tests')];
  const objects = await each(own, (source) => compile(source, directory, 'tests-'));
  return link([...core, ...objects], join(directory, 'host-tests'));
}

export async function buildHostDevice(core: readonly string[], directory: string): Promise<string> {
  const objects = await each(sources('host'), (source) => compile(source, directory, 'device-'));
  return link([...core, ...objects], join(directory, 'host-device'), ['-lssl', '-lcrypto']);
}

async function compile(source: string, directory: string, prefix = ''): Promise<string> {
  const object = join(directory, `${prefix}${basename(source)}.o`);
  await gpp([...WARNINGS, ...SANITIZERS, '-c', source, '-o', object]);
  return object;
}

async function link(
  objects: readonly string[],
  program: string,
  libraries: readonly string[] = [],
): Promise<string> {
  await gpp([...SANITIZERS, '-pthread', ...objects, ...libraries, '-o', program]);
  return program;
}

async function each<T>(items: readonly string[], work: (item: string) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  const waiting = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: COMPILERS }, worker));
  return results;
}

/** A device that runs on this machine. */
export interface HostDevice {
  readonly log: () => string;
  /** The exit code, once it has ended; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Ends it, and gives the exit code. */
  readonly end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<number | null>;
}

/** Starts the device that `buildHostDevice` made. */
export function startHostDevice(program: string, args: readonly string[], password: string): HostDevice {
  const child: ChildProcess = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment({ LAB_PASSWORD: password }),
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    log: () => log,
    ended,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}
