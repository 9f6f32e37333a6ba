import type { RiskLevel, SensitiveClass } from '../../model';
import { contentOf, type JsonNode, textAt } from '../json';
import { normalised } from '../quantities';
import type { Hit } from './hit';

/** Longer names are not looked at. */
export const MAX_KEY = 64;

/** Lists of settings tell the name of a value beside it: `{"name":"wifi_password","value":"…"}`. */
const VALUE = /^(?:value|val|v)$/;
const NAMES = ['name', 'key', 'id', 'setting', 'option', 'parameter', 'param', 'variable', 'field', 'n'];
/** What says little alone, and more with the object around: `{"encryption":{"key":"…"}}`. */
const GENERAL = /^(?:key|code)$/;

/** A value with a name, in a document or of a topic. */
export type NamedNode = Pick<JsonNode, 'key' | 'parent'>;

/** The names of a value, the most telling one first; for items of an array those of the array. */
export function namesOf({ key, parent }: NamedNode): readonly string[] {
  const node: NamedNode | undefined = typeof key === 'string' ? { key, parent } : parent;
  const own = nameOf(node?.key);
  if (own === '' || !node) return [];
  const above = node.parent;
  if (VALUE.test(own)) return [nameBeside(above) ?? own];
  const around = GENERAL.test(own) ? nameOf(above?.key) : '';
  return around === '' ? [own] : [around + own, own];
}

/** Objects with more members are lists of something, made large by whoever wants us to look through them. */
const MAX_BESIDE = 64;

/** The members of the object that a value stands in, itself among them. */
export function membersBeside({ parent }: Pick<JsonNode, 'parent'>): readonly JsonNode[] {
  const { isArray, entries = [] } = parent ?? {};
  return isArray || entries.length > MAX_BESIDE ? [] : entries;
}

function nameBeside(object: JsonNode | undefined): string | undefined {
  for (const key of NAMES) {
    const name = nameOf(textAt(object, key));
    if (name !== '') return name;
  }
  return undefined;
}

function nameOf(key: string | number | undefined): string {
  return typeof key === 'string' && key.length <= MAX_KEY ? normalised(key) : '';
}

/** A value that is sensitive as a whole. */
export function hitAt(leaf: JsonNode, kind: SensitiveClass, severity: RiskLevel, confidence: number): Hit {
  return {
    class: kind,
    severity,
    confidence,
    spans: [contentOf(leaf)],
    value: String(leaf.value),
    nodes: [leaf],
  };
}
