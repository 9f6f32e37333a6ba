import { randomBytes } from 'node:crypto';

/**
 * A client identifier that names the scanner and that nobody else has: an identifier in use would throw the
 * real client off [MQTT-3.1.4-2]. 23 characters of letters and digits are what every server must take
 * [MQTT-3.1.3-5].
 */
export function randomClientId(): string {
  return `mqttscan${randomBytes(7).toString('hex')}`;
}
