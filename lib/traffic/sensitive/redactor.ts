import { createHash, randomBytes } from 'node:crypto';

/** Below this length the ends of a value would tell too much of it. */
const SHOWN_FROM = 8;
const HASH_DIGITS = 8;

/** Makes secrets unreadable, but known again: the same secret has the same sample as long as the salt is the same. */
export class Redactor {
  readonly #salt: string;

  /** @param salt of this installation; one of this process if absent. Without it short secrets could be guessed from their hash. */
  constructor(salt: string = PROCESS_SALT) {
    this.#salt = salt;
  }

  /** `hu…r2 (12 characters, salted hash 1a2b3c4d)`; of values under eight characters none is shown. */
  sample(value: string): string {
    const characters = [...value];
    const shown =
      characters.length >= SHOWN_FROM
        ? `${characters.slice(0, 2).join('')}…${characters.slice(-2).join('')}`
        : '…';
    return `${shown} (${characters.length} characters, salted hash ${this.hash(value)})`;
  }

  /** The first digits of the SHA-256 of salt and value: nobody without the salt can work it out. */
  hash(value: string | Uint8Array): string {
    return createHash('sha256').update(this.#salt).update(value).digest('hex').slice(0, HASH_DIGITS);
  }
}

const PROCESS_SALT = randomBytes(16).toString('hex');

/** A place in a text, the end not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const MASK = '[redacted]';

/** A text with some places made unreadable; overlapping ones become one. */
export function redacted(text: string, spans: readonly Span[]): string {
  let result = '';
  let at = 0;
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    if (start >= at) result += text.slice(at, start) + MASK;
    at = Math.max(at, end);
  }
  return result + text.slice(at);
}
