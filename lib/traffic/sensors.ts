import type { Reading, Sensor } from '../model';
import { DHT, QUANTITIES, type Quantity } from './quantities';

/** JSON that is longer is not parsed; sensors send a few hundred bytes. */
const MAX_JSON_CHARS = 16 * 1024;
/** Deeper objects are not walked into. */
const MAX_DEPTH = 4;
const MAX_KEYS = 200;

interface Measured extends Reading {
  readonly of: Quantity;
}

/**
 * Says which sensor a message comes from and what it reads, or nothing: a wrong guess is worse than none.
 * First the keys of a JSON payload, then a bare value under a topic that names the quantity.
 */
export function recogniseSensor(topic: string, payload: string): Sensor | undefined {
  const json = payload.length <= MAX_JSON_CHARS ? parseJson(payload) : undefined;
  if (typeof json === 'object' && json !== null) return sensorOf(readingsIn(json), 0.9);
  const bare = bareReading(topic, payload.trim());
  return sensorOf(bare ? [bare] : [], 0.6);
}

function parseJson(text: string): unknown {
  // Most payloads that are no object are no JSON at all, and an exception for each of a flood holds all up.
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readingsIn(json: object): Measured[] {
  const leaves: (readonly [string, unknown])[] = [];
  collectLeaves(json, 0, leaves);
  const readings: Measured[] = [];
  for (const quantity of QUANTITIES) {
    // The same quantity in two units (temp_c, temp_f) is one reading.
    if (readings.some(({ quantity: name }) => name === quantity.name)) continue;
    for (const [key, value] of leaves) {
      const reading = quantity.keys.includes(normalised(key)) ? readingOf(quantity, value) : undefined;
      if (reading) {
        readings.push(reading);
        break;
      }
    }
  }
  return readings;
}

function collectLeaves(json: object, depth: number, leaves: (readonly [string, unknown])[]): void {
  if (depth >= MAX_DEPTH) return;
  for (const [key, value] of Object.entries(json)) {
    if (leaves.length >= MAX_KEYS) return;
    if (typeof value === 'object' && value !== null) collectLeaves(value, depth + 1, leaves);
    else leaves.push([key, value]);
  }
}

/** `Temperature_C` and `temp-c` are the same key to people. */
function normalised(key: string): string {
  return key.toLowerCase().replace(/[^a-z0-9]/g, '');
}

function bareReading(topic: string, value: unknown): Measured | undefined {
  const segment = normalised(topic.slice(topic.lastIndexOf('/') + 1));
  const quantity = QUANTITIES.find(({ keys }) => keys.includes(segment));
  return quantity && readingOf(quantity, value);
}

function readingOf(quantity: Quantity, value: unknown): Measured | undefined {
  const read = quantity.range ? numberIn(value, quantity.range) : yesOrNo(value);
  if (read === undefined) return undefined;
  const { name, unit } = quantity;
  return { quantity: name, value: read, ...(unit && { unit }), of: quantity };
}

function numberIn(value: unknown, [low, high]: readonly [number, number]): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,9}(\.\d{1,9})?$/.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  return number >= low && number <= high ? number : undefined;
}

const YES: ReadonlySet<unknown> = new Set([1, true, '1', 'on', 'ON', 'true', 'detected', 'motion']);
const NO: ReadonlySet<unknown> = new Set([0, false, '0', 'off', 'OFF', 'false', 'clear', 'none']);

function yesOrNo(value: unknown): boolean | undefined {
  if (YES.has(value)) return true;
  return NO.has(value) ? false : undefined;
}

function sensorOf(measured: readonly Measured[], confidence: number): Sensor | undefined {
  const [first] = measured;
  if (!first) return undefined;
  const texts = measured.map(readingText);
  return {
    type: typeName(measured, first),
    readings: measured.map(({ of, ...reading }) => reading),
    text: texts.join(', '),
    // Semicolons, so that the cell stays one cell in spreadsheets that split at commas; no degree sign, since
    // the column is read by programs too.
    summary: texts.map((text) => text.replace('°', '')).join('; '),
    confidence,
  };
}

function typeName(measured: readonly Measured[], first: Measured): string {
  const names = new Set(measured.map(({ quantity }) => quantity));
  if (names.has('temperature') && names.has('humidity')) return DHT;
  return first.of.sensor;
}

function readingText({ quantity, value, unit }: Reading): string {
  if (typeof value === 'boolean') return value ? 'Motion' : 'No motion';
  if (unit === '%') return quantity === 'humidity' ? `${value}%` : `${value}% ${quantity}`;
  if (unit === '°C' || unit === '°F') return `${value}${unit}`;
  return `${value} ${unit ?? ''}`.trim();
}
