import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { LabCredentials } from './lab-types';

/** CONNACK return codes (MQTT 3.1.1 §3.2.2.3). */
const BAD_USERNAME_OR_PASSWORD = 4;
export const NOT_AUTHORIZED = 5;

/** What the secure broker's user may read and write: `sensors/#`, which matches `sensors` too (MQTT 3.1.1 §4.7.1.2). */
export function isSensorTopic(topic: string): boolean {
  return topic === 'sensors' || topic.startsWith('sensors/');
}

/** Topics that belong to the broker itself (MQTT 3.1.1 §4.7.2). */
export function isBrokerTopic(topic: string): boolean {
  return topic.startsWith('$');
}

/** Answers 0 for a login that is right, or the CONNACK code that refuses it. */
export type LoginCheck = (username: string | undefined, password: Buffer | undefined) => number;

/**
 * Makes the login check of the secure broker. Digests under a key of this run are compared, so that the
 * time an answer takes tells neither how long the right words are nor how much of them was right.
 */
export function loginCheck({ username, password }: LabCredentials): LoginCheck {
  const key = randomBytes(32);
  const digest = (text: string | Buffer): Buffer => createHmac('sha256', key).update(text).digest();
  const rightName = digest(username);
  const rightPassword = digest(password);
  return (name, word) => {
    if (name === undefined) return NOT_AUTHORIZED;
    const nameFits = timingSafeEqual(digest(name), rightName);
    const passwordFits = timingSafeEqual(digest(word ?? Buffer.alloc(0)), rightPassword);
    return nameFits && passwordFits ? 0 : BAD_USERNAME_OR_PASSWORD;
  };
}
