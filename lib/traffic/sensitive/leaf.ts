import type { RiskLevel, SensitiveClass } from '../../model';
import { contentOf, type JsonNode, textAt } from '../json';
import { normalised } from '../quantities';
import type { Hit } from './hit';

/** Longer names are none of ours. */
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
  const telling = VALUE.test(own)
    ? NAMES.map((name) => nameOf(textAt(above, name))).find((name) => name !== '')
    : GENERAL.test(own) && nameOf(above?.key) !== ''
      ? nameOf(above?.key) + own
      : undefined;
  return telling === undefined ? [own] : [telling, own];
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
