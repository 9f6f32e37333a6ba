import type { RiskLevel, SensitiveClass } from '../../model';
import { assignedIn, mayAssign } from './assignments';
import { firstEnd, type Hit, isPlaceholder, type Looked } from './hit';

const MAX_HITS = 20;
/** Attributes that are looked at. */
const MAX_TRIES = 400;
const MAY_BE_CODE = /code|OTP|one[- ]time/i;

/** A pattern whose first group is the secret, at its end. */
interface WordedRule {
  /** Looked for first; most texts have none of it. */
  readonly hint: RegExp;
  readonly pattern: RegExp;
  readonly class: SensitiveClass;
  readonly severity: RiskLevel;
  readonly confidence: number;
}

const RULES: readonly WordedRule[] = [
  {
    // `key: …` in a text that names a network: there it is the network's.
    hint: /\bssid\b/i,
    pattern:
      /^[ \t]{0,24}(?:wpa[_-]?)?key[ \t]{0,3}[=:][ \t]{0,3}["']?(?!wpa|wep|none|open)([^\s"',;]{8,63})/gim,
    class: 'wifi-key',
    severity: 'HIGH',
    confidence: 0.8,
  },
  {
    // Of alarms and locks.
    hint: MAY_BE_CODE,
    pattern:
      /\b(?:(?:alarm|door|gate|access|user|(?:un)?lock|disarm|entry|security|keypad|master|duress|safe)[ _-]?code|pin[ _-]?code)["']?\s{0,3}[=:]\s{0,3}["']?(\d{4,8})(?![\d.])/gi,
    class: 'alarm-code',
    severity: 'CRITICAL',
    confidence: 0.8,
  },
  {
    // On their way to a phone.
    hint: MAY_BE_CODE,
    pattern:
      /\b(?:OTP|one[- ]time (?:code|password|pin)|(?:verification|security|login|pairing) code)\b[^\d\n]{0,24}\b(\d{4,8})\b(?!\.?\d)/gi,
    class: 'token',
    severity: 'HIGH',
    confidence: 0.7,
  },
];

/** True when it is worth looking for what words say. */
export function mayBeWorded(text: string): boolean {
  return mayAssign(text) || MAY_BE_CODE.test(text);
}

/** Secrets that words beside them tell: `password=…`, `your verification code is …`. */
export function wordedIn(text: string): Looked {
  const looked = [assignedIn(text), attributesIn(text), ...RULES.map((rule) => ruledIn(text, rule))];
  return { hits: looked.flatMap(({ hits }) => hits), end: firstEnd(looked) };
}

function ruledIn(text: string, { hint, pattern, ...found }: WordedRule): Looked {
  const hits: Hit[] = [];
  if (!hint.test(text)) return { hits };
  for (const { 0: all, 1: value = '', index } of text.matchAll(pattern)) {
    if (hits.length === MAX_HITS) return { hits, end: index };
    const end = index + all.length;
    if (!isPlaceholder(value)) hits.push({ ...found, value, spans: [{ start: end - value.length, end }] });
  }
  return { hits };
}

/** `<add key="MqttPassword" value="…"/>`: settings of .NET and of browsers' forms. */
const ATTRIBUTES =
  /\b(?:key|name|id)\s?=\s?["']([\w .-]{1,64})["']\s{1,8}value\s?=\s?["']([^"'<>\r\n]{4,128})["']/gi;

function attributesIn(text: string): Looked {
  const hits: Hit[] = [];
  if (!text.includes('value')) return { hits };
  let tries = 0;
  for (const { 0: all, 1: name, 2: value = '', index } of text.matchAll(ATTRIBUTES)) {
    if (++tries > MAX_TRIES || hits.length === MAX_HITS) return { hits, end: index };
    const [hit] = assignedIn(`${name}="${value}"`).hits;
    const start = index + all.length - value.length - 1;
    if (hit) hits.push({ ...hit, value, spans: [{ start, end: start + value.length }] });
  }
  return { hits };
}
