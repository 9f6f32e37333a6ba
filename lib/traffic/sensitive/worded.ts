import { assignedIn, mayAssign } from './assignments';
import { type Hit, isPlaceholder, type Looked } from './hit';

const MAX_HITS = 20;
/** Attributes that are looked at. */
const MAX_TRIES = 400;
const MAY_BE_CODE = /code|OTP|one[- ]time/i;
const ONE_TIME =
  /\b(?:OTP|one[- ]time (?:code|password|pin)|(?:verification|security|login|pairing) code)\b[^\d\n]{0,24}\b(\d{4,8})\b(?!\.?\d)/gi;

/** True when it is worth looking for what words say. */
export function mayBeWorded(text: string): boolean {
  return mayAssign(text) || MAY_BE_CODE.test(text);
}

/** Secrets that words beside them tell: `password=…`, `your verification code is …`. */
export function wordedIn(text: string): Looked {
  const { hits, end } = assignedIn(text);
  return {
    hits: [...hits, ...attributesIn(text), ...networkKeysIn(text), ...codesIn(text), ...oneTimeCodesIn(text)],
    end,
  };
}

/** `<add key="MqttPassword" value="…"/>`: settings of .NET and of browsers' forms. */
const ATTRIBUTES =
  /\b(?:key|name|id)\s?=\s?["']([\w .-]{1,64})["']\s{1,8}value\s?=\s?["']([^"'<>\r\n]{4,128})["']/gi;

function attributesIn(text: string): Hit[] {
  if (!text.includes('value')) return [];
  return [...text.matchAll(ATTRIBUTES)]
    .slice(0, MAX_TRIES)
    .flatMap(({ 0: all, 1: name, 2: value = '', index }) => {
      const [hit] = assignedIn(`${name}="${value}"`).hits;
      const start = index + all.length - value.length - 1;
      return hit ? [{ ...hit, value, spans: [{ start, end: start + value.length }] }] : [];
    });
}

/** Near the name of a network, where `key` says which. */
const NETWORK_KEY =
  /^[ \t]{0,24}(?:wpa[_-]?)?key[ \t]{0,3}[=:][ \t]{0,3}["']?(?!wpa|wep|none|open)([^\s"',;]{8,63})/gim;

function networkKeysIn(text: string): Hit[] {
  if (!/\bssid\b/i.test(text)) return [];
  return [...text.matchAll(NETWORK_KEY)].slice(0, MAX_HITS).flatMap(({ 0: all, 1: value = '', index }) => {
    const start = index + all.length - value.length;
    const spans = [{ start, end: start + value.length }];
    return isPlaceholder(value)
      ? []
      : [{ class: 'wifi-key', severity: 'HIGH', confidence: 0.8, value, spans }];
  });
}

const CODES =
  /\b(?:(?:alarm|door|gate|access|user|(?:un)?lock|disarm|entry|security|keypad|master|duress|safe)[ _-]?code|pin[ _-]?code)["']?\s{0,3}[=:]\s{0,3}["']?(\d{4,8})(?![\d.])/gi;

/** The codes of alarms and locks. */
function codesIn(text: string): Hit[] {
  if (!MAY_BE_CODE.test(text)) return [];
  return [...text.matchAll(CODES)].slice(0, MAX_HITS).map(({ 0: all, 1: value = '', index }) => {
    const start = index + all.length - value.length;
    const spans = [{ start, end: start + value.length }];
    return { class: 'alarm-code', severity: 'CRITICAL', confidence: 0.8, value, spans } as const;
  });
}

/** On their way to a phone. */
function oneTimeCodesIn(text: string): Hit[] {
  if (!MAY_BE_CODE.test(text)) return [];
  return [...text.matchAll(ONE_TIME)].slice(0, MAX_HITS).map(({ 0: all, 1: value = '', index }) => {
    const start = index + all.length - value.length;
    const spans = [{ start, end: start + value.length }];
    return { class: 'token', severity: 'HIGH', confidence: 0.7, value, spans } as const;
  });
}
