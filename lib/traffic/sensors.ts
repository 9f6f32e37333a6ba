import type { Sensor } from '../model';
import { CONVENTIONS } from './conventions';
import type { Declared, Facts } from './facts';
import { type JsonNode, member, nodeAt, pathOf } from './json';
import { unitBeside } from './leaf-names';
import { leavesOf, readingsIn } from './leaf-readings';
import { type Measured, measure, sensorOf } from './measured';
import type { Message } from './message';
import { type Named, quantityCalled } from './names';
import { normalised, quantityNamed, quantityOfKey } from './quantities';
import { unitNamed } from './units';

/** Longer JSON of no known convention is not looked through; sensors send a few hundred bytes. */
const MAX_PLAIN_BYTES = 16 * 1024;
const MAX_BARE_BYTES = 64;
const MAX_PAIRS_BYTES = 256;
const BETWEEN_PAIRS = /\s{0,2}[,;&|\n]\s{0,2}|\s(?=\p{L}\w{0,30}[=:])/u;
const PAIR = /^(\p{L}[\p{L}\p{N}_ .-]{0,31})\s{0,2}[=:]\s{0,2}([^\s=]{1,24}(?:\s\S{1,6})?)$/u;

/** What is under such a level is wished for, a bound or a price, and not measured. */
const WISHED =
  /(?:^|[_-])(?:set|get|cmd|command|commands|target|setpoint|desired|limits?|max|min|thresholds?|calibration|offset|prices?|tariffs?|costs?)(?:$|[_-])/i;

/** What gateways call the one value of a topic. */
const VALUES = ['value', 'val', 'v', 'state', 'status', 'reading', 'data'];
const STATES: ReadonlySet<string> = new Set(['state', 'status']);

const CERTAIN = 1;
const BY_CONVENTION = 0.95;
const BY_KEY = 0.9;
const BY_TOPIC = 0.6;

/**
 * Says which sensor a message comes from and what it reads, or nothing: a wrong guess is worse than none. What a
 * device declared of itself counts first, then the convention of its topic, then the keys of a JSON payload, at last
 * a bare value under a topic that names the quantity.
 * @param facts what earlier messages have told; what this one tells is added
 */
export function sensorIn(message: Message, facts: Facts): Sensor | undefined {
  const declared = facts.declaredFor(message.topic);
  const convention = CONVENTIONS.find((one) => one.matches(message));
  const said = convention?.read(message, facts);
  const certain = declaredReadings(message, declared);
  if (certain.length > 0) {
    const [first] = declared;
    // What is declared comes with the rest of the message: a battery that nobody declared is one all the same.
    const others = (said?.readings ?? []).filter(({ of, path }) =>
      certain.every((one) => one.of !== of && one.path !== path),
    );
    return sensorOf([...certain, ...others], {
      confidence: CERTAIN,
      convention: first?.convention,
      evidence: first?.source,
      type: said?.type,
    });
  }
  if (said) {
    const { readings, type, confidence = BY_CONVENTION } = said;
    return sensorOf(readings, { confidence, convention: convention?.name, type });
  }
  return plainSensor(message);
}

function declaredReadings({ json, text }: Message, declared: readonly Declared[]): Measured[] {
  // Two may declare the same value: the bridge as a contact, the discovery as a door. The newest counts.
  const byPath = new Map<string, Measured>();
  for (const { key, quantity, unit, words, factor = 1 } of declared) {
    const leaf = key === '' ? undefined : (member(json?.root, key) ?? nodeAt(json?.root, key));
    const value = key === '' ? text.trim() : leaf?.value;
    const told = answerIn(value, words) ?? scaled(value, factor);
    const reading = measure(quantity, told, leaf ? pathOf(leaf) : 'payload', unit);
    if (reading) byPath.set(reading.path, reading);
  }
  return [...byPath.values()];
}

function scaled(value: unknown, factor: number): unknown {
  if (factor === 1 || value === '' || value === null || !Number.isFinite(Number(value))) return value;
  // Of 0.1 and 215 the product is not 21.5.
  return Number((Number(value) * factor).toPrecision(12));
}

function answerIn(value: unknown, words: Declared['words']): boolean | undefined {
  if (!words || value === null || value === undefined) return undefined;
  const word = String(value).toLowerCase();
  if (word === words.yes?.toLowerCase()) return true;
  return word === words.no?.toLowerCase() ? false : undefined;
}

function plainSensor(message: Message): Sensor | undefined {
  const { json, payload, levels } = message;
  // The broker's own numbers, and what is meant for a device rather than from it.
  if (levels[0]?.startsWith('$') || levels.slice(-2).some((level) => WISHED.test(level))) return undefined;
  if (json) {
    if (payload.length > MAX_PLAIN_BYTES) return undefined;
    const { readings, certainty } = readingsIn(leavesOf(json.root), { byUnit: true });
    if (readings.length > 0) return sensorOf(readings, { confidence: BY_KEY * certainty });
    const leaf =
      VALUES.map((key) => member(json.root, key)).find((node) => node && !node.entries) ??
      json.root.entries?.find((node) => unitInKey(node) !== undefined);
    return leaf && namedByTopic(message, leaf);
  }
  const bare = payload.length <= MAX_BARE_BYTES ? (namedByTopic(message) ?? pairByTopic(message)) : undefined;
  return bare ?? (payload.length <= MAX_PAIRS_BYTES ? namedInText(message) : undefined);
}

/** Chips that measure both, and what sketches make of them: `31.5,56`. */
const BOTH = /^(?:dht|am23|sht|hdc|htu|si70)\w{0,4}$/i;
const TWO_NUMBERS = /^(-?\d{1,2}(?:\.\d{1,8})?)\s?[,;|/ ]\s?(\d{1,3}(?:\.\d{1,8})?)$/;

/** Temperature and humidity, bare, under the name of such a chip. */
function pairByTopic({ levels, text }: Message): Sensor | undefined {
  if (!levels.slice(-2).some((level) => BOTH.test(level))) return undefined;
  const [, first, second] = TWO_NUMBERS.exec(text.trim()) ?? [];
  const readings = [
    measure(quantityNamed('temperature'), first, 'payload'),
    measure(quantityNamed('humidity'), second, 'payload'),
  ].flatMap((reading) => reading ?? []);
  return readings.length === 2 ? sensorOf(readings, { confidence: BY_TOPIC }) : undefined;
}

/** InfluxDB's line protocol: measurement, tags, fields, time. */
const LINE = /^[\w.-]{1,64}(?:,\S{1,200})? (\S{1,200})(?: \d{10,19})?$/;

/** `temp=31.5;hum=56` and `Temperature: 31.5 C, Humidity: 56 %`: names and values and nothing else. */
function namedInText({ kind, text }: Message): Sensor | undefined {
  if (kind !== 'text') return undefined;
  const trimmed = text.trim();
  const pieces = (LINE.exec(trimmed)?.[1] ?? trimmed).split(BETWEEN_PAIRS);
  const pairs = pieces.map((piece) => PAIR.exec(piece));
  if (pairs.includes(null)) return undefined;
  const readings = pairs.flatMap((pair) => {
    const [, name = '', value] = pair ?? [];
    const named = quantityCalled(name.trim());
    const reading = named && measure(named.quantity, value, 'payload', named.unit);
    return reading ? [{ reading, certainty: named.certainty }] : [];
  });
  const certainty = Math.min(1, ...readings.map((one) => one.certainty));
  return sensorOf(
    readings.map(({ reading }) => reading),
    { confidence: BY_KEY * certainty },
  );
}

/** What stands behind the name of a value. */
const PLACE = /^(?:state|value|val|reading|data|current|now|raw|status|\d{1,3})$/i;

function nameByTopic(last: string, above: string): Named | undefined {
  // `Ac/Out/L1/V`.
  if (/^L[123]$/i.test(above)) return quantityCalled(`${last}_${above}`);
  if (PLACE.test(last))
    return quantityCalled(above) ?? (/^\d{1,3}$/.test(above) ? quantityCalled(last) : undefined);
  const own = quantityCalled(last);
  if (own) return own;
  // `wind/speed`; but the level of a lamp is no light that was measured.
  const joined = quantityOfKey(normalised(above + last));
  return joined && joined.name !== 'light' ? { quantity: joined, certainty: 1 } : undefined;
}

/** The last two levels, the last one first; of `relay/1/state` those before the state of a number. */
function namingLevels(levels: readonly string[]): readonly string[] {
  const [last = '', above = '', ...before] = levels.slice(-3).reverse();
  const isNumbered = PLACE.test(last) && !quantityCalled(last) && /^\d{1,3}$/.test(above);
  return isNumbered ? [above, ...before] : [last, above];
}

/** `{"cm":23}` under a topic that says of what; single letters mean too much. */
function unitInKey({ key, entries }: JsonNode): string | undefined {
  return typeof key === 'string' && key.length > 1 && !entries && unitNamed(key) ? key : undefined;
}

/** A bare value, or the one in `{"value": …}`, under a topic whose last levels say what it is. */
function namedByTopic(message: Message, leaf?: JsonNode): Sensor | undefined {
  const [last = '', above = ''] = namingLevels(message.levels);
  const named = nameByTopic(last, above);
  const unit = leaf && (unitInKey(leaf) ?? unitBeside(leaf));
  if (!named) return undefined;
  // `{"value":5,"unit":"EUR"}`: of something else than the topic's name lets expect.
  if (unit !== undefined && !unitNamed(unit)) return undefined;
  // A `state` is a yes or no; a number there may count anything.
  if (named.quantity.range && STATES.has(String(leaf?.key))) return undefined;
  const value = leaf ? leaf.value : message.text.trim();
  const reading = measure(named.quantity, value, leaf ? pathOf(leaf) : 'payload', unit ?? named.unit);
  return reading && sensorOf([reading], { confidence: BY_TOPIC * named.certainty });
}
