import { type JsonNode, pathOf } from './json';
import { namedByUnit, nameOfLeaf, unitBeside } from './leaf-names';
import { type Measured, measure } from './measured';

export interface LeafRules {
  /** Keep every reading of a quantity, not just the most certain one: meters with several channels. */
  readonly all?: boolean;
  /** Keys that mean something else in this convention. */
  readonly skip?: ReadonlySet<string>;
  /** A unit beside a value is enough where no name says what it is. */
  readonly byUnit?: boolean;
  /** The unit of a quantity where the convention fixes it. */
  readonly unitOf?: (quantityName: string, value: unknown) => string | undefined;
}

interface Found extends Measured {
  readonly certainty: number;
}

/** Values that are looked at in one message. */
const MAX_LEAVES = 400;

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

function readingOf(leaf: JsonNode, { skip, unitOf, byUnit }: LeafRules): Found | undefined {
  const { value } = leaf;
  if (value === null || value === undefined || (typeof value === 'string' && value.length > 24))
    return undefined;
  const named = nameOfLeaf(leaf, skip) ?? (byUnit ? namedByUnit(leaf) : undefined);
  if (!named) return undefined;
  const { quantity, unit, certainty } = named;
  const unitName = unit ?? unitBeside(leaf) ?? unitOf?.(quantity.name, value);
  const reading = measure(quantity, value, pathOf(leaf), unitName);
  return reading && { ...reading, certainty };
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
