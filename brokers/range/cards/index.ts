import type { RangeCard } from '../card';
import { ACCESS_CARDS } from './access';
import { DATA_CARDS } from './data';
import { ENCRYPTION_CARDS } from './encryption';
import { MODEL_CARDS } from './model';
import { SOCKET_CARDS } from './sockets';

/** The practice range, from the worst to the best; a card's place in it is the last number of its address. */
export const RANGE: readonly RangeCard[] = [
  ...ACCESS_CARDS,
  ...DATA_CARDS,
  ...SOCKET_CARDS,
  ...ENCRYPTION_CARDS,
  ...MODEL_CARDS,
];

/**
 * Findings that hang on the release of the broker the range happens to run on, or on remarks about the product,
 * and not on what a card sets up; and what hangs on how long a scan waits for a message to come again.
 */
export const INCIDENTAL: readonly RegExp[] = [/^VULN-/, /^INFO-VERSION$/, /^PROTO-/, /^DATA-RETAINED-STALE$/];
