import { insecurePublications, securePublications } from '../../../esp32/simulated/payloads';
import type { RangeMessage } from '../card';

const SEED = 1;

/** What the customer's device has left behind: one reading of each sensor. */
export const SENSOR_MESSAGES: readonly RangeMessage[] = [
  ...insecurePublications(SEED, 0),
  ...securePublications(SEED, 0),
];

/** The login that cards with a login share. It is public, so it protects nothing outside the range. */
export const RANGE_LOGIN = { username: 'labuser', password: 'a long pass phrase of the range' } as const;

/** An access list for {@link RANGE_LOGIN} that leaves the sensors, and nothing of the broker's own. */
export const SENSOR_ACL = `user ${RANGE_LOGIN.username}\ntopic readwrite sensors/#\n`;
