import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { LabCredentials } from './lab-types';

const ITERATIONS = 101;
const SALT_BYTES = 12;
const HASH_BYTES = 64;
const derive = promisify(pbkdf2);

/**
 * One line of a Mosquitto password file, as `mosquitto_passwd` writes it: `name:$7$iterations$salt$hash`,
 * PBKDF2 with SHA-512, salt and hash in base64. Mosquitto 2.0 and newer read it.
 */
export async function passwordLine({ username, password }: LabCredentials): Promise<string> {
  // mosquitto_passwd refuses these names too: a colon ends the name, a line break the entry, # makes a comment.
  if (username === '' || username.startsWith('#') || /[:\r\n]/.test(username)) {
    throw new Error('The user name must not be empty, start with #, or contain a colon or a line break.');
  }
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, ITERATIONS, HASH_BYTES, 'sha512');
  return `${username}:$7$${ITERATIONS}$${salt.toString('base64')}$${hash.toString('base64')}\n`;
}
