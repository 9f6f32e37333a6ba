import { randomInt } from 'node:crypto';

/**
 * Three numbers of a loopback network (127/8, RFC 1122 §3.2.1.3) that a test has for itself: usual ports are free
 * there, whatever else runs on this machine.
 */
export function anotherNetwork(): string {
  return `127.${randomInt(64, 255)}.${randomInt(0, 255)}`;
}
