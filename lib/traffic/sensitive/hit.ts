import type { RiskLevel, SensitiveClass } from '../../model';
import type { JsonNode } from '../json';
import type { Span } from './redactor';

/** Something sensitive in a text, before it is redacted. */
export interface Hit {
  readonly class: SensitiveClass;
  readonly severity: RiskLevel;
  readonly confidence: number;
  /** What must not be shown; several values of one finding, as latitude and longitude, are several spans. */
  readonly spans: readonly Span[];
  /** The secret itself. It stays in this folder. */
  readonly value: string;
  /** Parts of it that are secrets of their own: the password of a login. */
  readonly parts?: readonly string[];
  /** Known to be public of the value, such as the expiry of a token. */
  readonly note?: string;
  /** The JSON value that it is; before it the texts in which that JSON was written. */
  readonly nodes?: readonly JsonNode[];
  /** Where it stands, where that is no JSON value. */
  readonly path?: 'payload' | 'topic';
  /** False when its payload may be shown all the same. */
  readonly hides?: boolean;
}

/** What was found before a cap was reached. */
export interface Looked {
  readonly hits: readonly Hit[];
  /** Where looking ended in the text; absent when all of it was looked at. */
  readonly end?: number | undefined;
}

/** Where looking ended first of several; undefined when each saw all. */
export function firstEnd(looked: readonly Looked[]): number | undefined {
  const ends = looked.flatMap(({ end }) => end ?? []);
  return ends.length > 0 ? Math.min(...ends) : undefined;
}

/** Texts that stand where a secret would: masks, templates, words for "nothing". */
const PLACEHOLDER =
  /^(?:[*•xX.#_-]{3,}|<[^>]*>|\$\{[^}]*\}|\{\{[^}]*\}\}|%[\w.]+%|null|none|nil|undefined|unset|set|not set|empty|true|false|yes|no|on|off|ok|n\/a|unknown|default|\((?:null|none|hidden|nil|set|unset)\)|required|optional|incorrect|missing|disabled|enabled|changed|updated|rejected|expired|protected|string|\$\w+|hidden|redacted|masked|secret|generate|REMOTE_CODE\w*|your[\w -]*|\[[\w ]*\]|!(?:secret|env_var|include|vault)\b.*)$/i;

/** True for a text that stands where a secret would, and for one that is too short to be one. */
export function isPlaceholder(value: string): boolean {
  return value.trim().length < 4 || isMask(value);
}

/** True for a text that stands where something else would. */
export function isMask(value: string): boolean {
  return PLACEHOLDER.test(value.trim().slice(0, 64));
}

/** A level of a topic that speaks of the pins of a board. */
export const GPIO_LEVEL = /(?:^|\/)(?:gpio|pins?out|firmata|mcp230\d\d|pcf857\d)\w{0,8}(?:\/|$)/i;

/** What `pwd` means in a shell. */
export function isFolder(value: string): boolean {
  return /^(?:\/|[A-Za-z]:\\)[\w.-]+(?:[\\/]|$)/.test(value);
}

/** The secret of a login `user:secret`, as it is written and as it may be meant (RFC 3986 §2.1). */
export function passwordIn(login: string): readonly string[] {
  const secret = login.slice(login.indexOf(':') + 1);
  try {
    return [secret, decodeURIComponent(secret)];
  } catch {
    return [secret];
  }
}

/** Bits per character, by how often each occurs (Shannon). */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** ISO/IEC 7812-1 Annex B: the check digit of card numbers, IMEI and ICCID. */
export function hasLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return digits.length > 0 && sum % 10 === 0;
}
