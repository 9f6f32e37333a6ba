import type { JsonNode } from './json';
import { isSetting, type Named, quantityCalled } from './names';
import { quantityNamed, quantityOfMeasure } from './quantities';
import { unitNamed } from './units';

/** Names for a value whose meaning stands one level up, or beside it. */
const VALUE_KEYS: ReadonlySet<string> = new Set([
  'value',
  'val',
  'v',
  'reading',
  'state',
  'current',
  'data',
  'payload',
  'sensorvalue',
  'sensor_value',
]);
/** What a `current` value may be one of. */
const PLAIN_ABOVE: ReadonlySet<string> = new Set([
  'temperature',
  'humidity',
  'pressure',
  'illuminance',
  'position',
]);
const NAME_KEYS = [
  'type sensor sensortype sensor_type quantity measurement metric name label n value_type resourcename',
  'tag tagname displayname id nodeid item variable signal channel key property parameter field',
].flatMap((words) => words.split(' '));
/** Names of tags have those of their machines before them: `Line1.Press.OilTemp`, `ns=2;s=Boiler.Temperature`. */
const MACHINES = /^.*[./;|]/;
/** What comes as a list of one value for each phase. */
const PHASED: ReadonlySet<string> = new Set([
  'power',
  'apparent power',
  'reactive power',
  'voltage',
  'current',
  'power factor',
  'temperature',
]);
const MAX_PHASES = 4;
/** What stands in an object beside `t` and `h` where they are neither temperature nor humidity. */
const NO_WEATHER: ReadonlySet<string> = new Set(['x', 'y', 'w', 's', 'm', 'l', 'r', 'd', 'v']);
/** Members of such an object. */
const MAX_SHORT = 12;
const SHORT: Readonly<Record<string, string>> = { t: 'temperature', h: 'humidity', p: 'pressure' };
const UNIT_KEYS = ['unit', 'units', 'uom', 'unit_of_measurement', 'u', 'engunit', 'engunits', 'eu'];
/** What tells about a value is a small object. */
const MAX_BESIDE = 24;
const MAX_UNIT = 12;

/** What the name of a value, or what stands around it, says that it is. @param skip names that mean something else */
export function nameOfLeaf(leaf: JsonNode, skip?: ReadonlySet<string>): Named | undefined {
  const { key, parent } = leaf;
  if (typeof key !== 'string') return ofPhase(leaf, skip);
  if (skip?.has(key)) return undefined;
  const above = parent?.key;
  if (/^\d{1,3}$/.test(key)) return typeof above === 'string' ? quantityCalled(above) : undefined;
  if (!isValueKey(key)) return quantityCalled(key) ?? ofUnit(key, above) ?? shortNamed(leaf);
  for (const text of toldBeside(leaf, NAME_KEYS)) {
    const named = quantityCalled(text) ?? quantityCalled(text.replace(MACHINES, ''));
    if (named) return named;
  }
  // `{"temperature":{"current":21}}`, but also `{"ENERGY":{"Current":0.3}}`.
  const own = quantityCalled(key);
  if (own && typeof above === 'string' && !PLAIN_ABOVE.has(quantityCalled(above)?.quantity.name ?? ''))
    return own;
  return typeof above === 'string' && !skip?.has(above) ? quantityCalled(above) : own;
}

/** `{"temperature":{"c":21.5}}`: the name of the object and the unit as a key. */
function ofUnit(key: string, above: string | number | undefined): Named | undefined {
  const named = typeof above === 'string' && unitNamed(key) ? quantityCalled(`${above}_${key}`) : undefined;
  // `h` is hours, and in `{"battery":{"h":5}}` no share.
  return named?.unit === undefined ? undefined : named;
}

/** Tags of plants are numbers, but their units say what they measure. */
export function namedByUnit(leaf: JsonNode): Named | undefined {
  const unit = unitNamed(unitBeside(leaf) ?? '');
  const quantity = unit && quantityOfMeasure(unit.measure);
  if (!quantity) return undefined;
  return toldBeside(leaf, NAME_KEYS).some(isSetting) ? undefined : { quantity, certainty: 0.7 };
}

/** One of a few numbers under a name: `"Power":[100,200,300]`. */
function ofPhase({ parent }: JsonNode, skip?: ReadonlySet<string>): Named | undefined {
  const { key, entries = [], isArray } = parent ?? {};
  if (!isArray || typeof key !== 'string' || skip?.has(key) || entries.length > MAX_PHASES) return undefined;
  const named = quantityCalled(key);
  return named && PHASED.has(named.quantity.name) ? { ...named, certainty: 0.8 } : undefined;
}

/** `{"t":21.5,"h":40}`: each of them says nothing without the other. */
function shortNamed({ key, parent }: JsonNode): Named | undefined {
  const name = SHORT[String(key).toLowerCase()];
  if (name === undefined) return undefined;
  const { entries = [] } = parent ?? {};
  if (entries.length > MAX_SHORT) return undefined;
  const beside = new Map(entries.map((one) => [String(one.key).toLowerCase(), one.value]));
  const isWeather =
    isBetween(beside.get('t'), -60, 125) &&
    isBetween(beside.get('h'), 0, 100) &&
    ![...beside.keys()].some((one) => NO_WEATHER.has(one));
  return isWeather ? { quantity: quantityNamed(name), certainty: 0.6 } : undefined;
}

function isBetween(value: unknown, low: number, high: number): boolean {
  return typeof value === 'number' && value >= low && value <= high;
}

/** The unit that stands beside a value; beside several named values it says nothing. */
export function unitBeside(leaf: JsonNode): string | undefined {
  return toldBeside(leaf, UNIT_KEYS).find((unit) => unit.length <= MAX_UNIT);
}

/** Texts that tell about a value called `value` and the like, in the order of their keys. */
function toldBeside({ key, parent }: JsonNode, keys: readonly string[]): string[] {
  if (!isValueKey(key)) return [];
  // `"Value":{"Value":71.2}` of OPC UA.
  const holder = isValueKey(parent?.key) ? parent?.parent : parent;
  if (!holder || holder.isArray || (holder.entries?.length ?? 0) > MAX_BESIDE) return [];
  const told = new Map(holder.entries?.map((one) => [String(one.key).toLowerCase(), one.value]));
  return keys.flatMap((name) => {
    const text = told.get(name);
    return typeof text === 'string' && text !== '' ? [text] : [];
  });
}

function isValueKey(key: JsonNode['key']): boolean {
  return typeof key === 'string' && VALUE_KEYS.has(key.toLowerCase());
}
