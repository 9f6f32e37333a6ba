import { type JsonNode, member, pathOf, textAt } from './json';
import { type Measured, measure } from './measured';
import { type Named, quantityCalled } from './names';

export interface LeafRules {
  /** Keep every reading of a quantity, not just the most certain one: meters with several channels. */
  readonly all?: boolean;
  /** Keys that mean something else in this convention. */
  readonly skip?: ReadonlySet<string>;
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
const NAME_KEYS = ['type', 'sensor', 'quantity', 'measurement', 'metric', 'name', 'label', 'n'];
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

function readingOf(leaf: JsonNode, { skip, unitOf }: LeafRules): Found | undefined {
  const { value } = leaf;
  if (value === null || value === undefined || (typeof value === 'string' && value.length > 24))
    return undefined;
  const named = nameOf(leaf, skip);
  if (!named) return undefined;
  const { quantity, unit, certainty } = named;
  const unitName = unit ?? unitBeside(leaf) ?? unitOf?.(quantity.name, value);
  const reading = measure(quantity, value, pathOf(leaf), unitName);
  return reading && { ...reading, certainty };
}

function nameOf(leaf: JsonNode, skip?: ReadonlySet<string>): Named | undefined {
  const { key, parent } = leaf;
  if (typeof key !== 'string') return undefined;
  if (skip?.has(key)) return undefined;
  if (!VALUE_KEYS.has(key.toLowerCase())) return quantityCalled(key);
  for (const name of NAME_KEYS) {
    const text = textAt(parent, name);
    const named = text === undefined ? undefined : quantityCalled(text);
    if (named) return named;
  }
  const above = parent?.key;
  // `{"temperature":{"current":21}}`, but also `{"ENERGY":{"Current":0.3}}`.
  const own = quantityCalled(key);
  if (own && typeof above === 'string' && !PLAIN_ABOVE.has(quantityCalled(above)?.quantity.name ?? ''))
    return own;
  return typeof above === 'string' && !skip?.has(above) ? quantityCalled(above) : own;
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
