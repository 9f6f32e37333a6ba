import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Places of servers on systems that keep them out of users' PATH (Debian, Homebrew). */
const FURTHER_PLACES = ['/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'];

/** The path of the mosquitto program, or undefined when it is not installed. */
export async function findMosquitto(): Promise<string | undefined> {
  const program = process.platform === 'win32' ? 'mosquitto.exe' : 'mosquitto';
  const path = process.env.PATH?.split(delimiter) ?? [];
  for (const directory of [...path, ...FURTHER_PLACES]) {
    const candidate = join(directory, program);
    if (directory !== '' && (await isExecutable(candidate))) return candidate;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
