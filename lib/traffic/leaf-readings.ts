import { type JsonNode, member, pathOf, textAt } from './json';
import { type Measured, measure } from './measured';
import { isSetting, type Named, quantityCalled } from './names';
import { quantityNamed, quantityOfMeasure } from './quantities';
import { unitNamed } from './units';

export interface LeafRules {
  /** Keep every reading of a quantity, not just the most certain one: meters with several channels. */
  readonly all?: boolean;
  /** Keys that mean something else in this convention. */
  readonly skip?: ReadonlySet<string>;
  /** Levels of the topic; where they are told, a unit beside a value is enough, unless a name says that it is a setting. */
  readonly levels?: readonly string[];
  /** The unit of a quantity where the convention fixes it. */
  readonly unitOf?: (quantityName: string, value: unknown) => string | undefined;
}

interface Found extends Measured {
  readonly certainty: number;
}

/** Values that are looked at in one message. */
const MAX_LEAVES = 400;
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
  ...['type', 'sensor', 'quantity', 'measurement', 'metric', 'name', 'label', 'n'],
  ...[
    'tag',
    'tagname',
    'id',
    'nodeid',
    'item',
    'variable',
    'signal',
    'channel',
    'key',
    'property',
    'parameter',
  ],
];
/** Names of tags have those of their machines before them: `Line1.Press.OilTemp`, `ns=2;s=Boiler.Temperature`. */
const MACHINES = /^.*[./;|]/;
/** What comes as a list of one value for each phase. */
const PHASED: ReadonlySet<string> = new Set([
  ...['power', 'apparent power', 'reactive power', 'voltage', 'current', 'power factor', 'temperature'],
]);
const MAX_PHASES = 4;
/** What stands in an object beside `t` and `h` where they are neither temperature nor humidity. */
const NO_WEATHER: ReadonlySet<string> = new Set(['x', 'y', 'w', 's', 'm', 'l', 'r', 'd', 'v']);
/** Members of such an object. */
const MAX_SHORT = 12;
const SHORT: Readonly<Record<string, string>> = { t: 'temperature', h: 'humidity', p: 'pressure' };
const UNIT_KEYS = ['unit', 'units', 'uom', 'unit_of_measurement', 'u'];

/**
 * The readings in some values of a JSON payload, by their names; what is implausible is left out.
 * @returns the readings, and how sure the least sure of their names is
 */
export function readingsIn(
  leaves: readonly JsonNode[],
  rules: LeafRules = {},
): { readonly readings: Measured[]; readonly certainty: number } {
  const best = new Map<string, Found>();
  for (const leaf of leaves.slice(0, MAX_LEAVES)) {
    const found = readingOf(leaf, rules);
    if (!found) continue;
    const key = rules.all ? found.path : found.of.name;
    const known = best.get(key);
    if (!known || found.certainty > known.certainty) best.set(key, found);
  }
  const found = [...best.values()];
  const certainty = Math.min(1, ...found.map((one) => one.certainty));
  return { readings: found.map(({ certainty: _, ...reading }) => reading), certainty };
}

function readingOf(leaf: JsonNode, { skip, unitOf, levels }: LeafRules): Found | undefined {
  const { value } = leaf;
  if (value === null || value === undefined || (typeof value === 'string' && value.length > 24))
    return undefined;
  const named = nameOf(leaf, skip) ?? (levels && namedByUnit(leaf, levels));
  if (!named) return undefined;
  const { quantity, unit, certainty } = named;
  const unitName = unit ?? unitBeside(leaf) ?? unitOf?.(quantity.name, value);
  const reading = measure(quantity, value, pathOf(leaf), unitName);
  return reading && { ...reading, certainty };
}

function nameOf(leaf: JsonNode, skip?: ReadonlySet<string>): Named | undefined {
  const { key, parent } = leaf;
  if (typeof key !== 'string') return ofPhase(leaf, skip);
  if (skip?.has(key)) return undefined;
  const above = parent?.key;
  if (/^\d{1,3}$/.test(key)) return typeof above === 'string' ? quantityCalled(above) : undefined;
  if (!VALUE_KEYS.has(key.toLowerCase())) return quantityCalled(key) ?? shortNamed(leaf);
  for (const name of NAME_KEYS) {
    const text = textAt(parent, name);
    const named =
      text === undefined ? undefined : (quantityCalled(text) ?? quantityCalled(text.replace(MACHINES, '')));
    if (named) return named;
  }
  // `{"temperature":{"current":21}}`, but also `{"ENERGY":{"Current":0.3}}`.
  const own = quantityCalled(key);
  if (own && typeof above === 'string' && !PLAIN_ABOVE.has(quantityCalled(above)?.quantity.name ?? ''))
    return own;
  return typeof above === 'string' && !skip?.has(above) ? quantityCalled(above) : own;
}

/** Tags of plants are numbers, but their units say what they measure. */
function namedByUnit(leaf: JsonNode, levels: readonly string[]): Named | undefined {
  const unit = unitNamed(unitBeside(leaf) ?? '');
  const quantity = unit && quantityOfMeasure(unit.measure);
  if (!quantity) return undefined;
  const names = [...levels.slice(-2), ...NAME_KEYS.map((name) => textAt(leaf.parent, name) ?? '')];
  return names.some(isSetting) ? undefined : { quantity, certainty: 0.7 };
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

function unitBeside({ key, parent }: JsonNode): string | undefined {
  const isValue = typeof key === 'string' && VALUE_KEYS.has(key.toLowerCase());
  for (const name of UNIT_KEYS) {
    // A unit belongs to the value beside it; beside several named values it says nothing.
    const unit = isValue ? member(parent, name)?.value : undefined;
    if (typeof unit === 'string' && unit.length <= 12) return unit;
  }
  return undefined;
}

/** All values below a node, in the order of the text. */
export function leavesOf(node: JsonNode | undefined): JsonNode[] {
  const leaves: JsonNode[] = [];
  const open: JsonNode[] = node ? [node] : [];
  while (open.length > 0 && leaves.length < MAX_LEAVES) {
    const next = open.pop();
    if (next?.entries) open.push(...[...next.entries].reverse());
    else if (next) leaves.push(next);
  }
  return leaves;
}
