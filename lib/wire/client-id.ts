import { randomBytes } from 'node:crypto';

const PREFIX = 'mqttscan';

/**
 * A client identifier that names the scanner and that nobody else has: an identifier in use would throw the
 * real client off [MQTT-3.1.4-2]. 23 characters of letters and digits are what every server must take
 * [MQTT-3.1.3-5].
 */
export function randomClientId(): string {
  return `${PREFIX}${randomBytes(7).toString('hex')}`;
}

/** True for what `randomClientId` makes, as a client identifier or as the name of a user that nobody has. */
export const isOurName = (name: string): boolean => name.startsWith(PREFIX);
