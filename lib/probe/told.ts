import { printable } from '../model';
import type { Property } from './connack-properties';
import { PropertyId } from './limits';
import { SIGNS } from './signs';

/** What a broker says of itself. */
export interface Told {
  readonly name: string;
  readonly version: string;
  /** Where it says so, and in which words. */
  readonly evidence: string;
}

const NUMBER = /^v?(\d+\.\d[\w.+-]{0,24})$/;
const NAME = /^[A-Za-z][\w .-]{0,30}$/;
const NAME_AND_NUMBER = /^([A-Za-z][\w .-]{0,30}?)(?:\s+version\s+|[ /]v?)(\d+\.\w[\w.+-]{0,24})$/;

/** The number in a text that is a version and nothing else. */
export function versionIn(text: string): string | undefined {
  return NUMBER.exec(text)?.[1];
}

/** Name and version in a text that is both and nothing else: `mosquitto version 2.0.11`, `EMQX/5.8.4`. */
export function nameAndVersionIn(text: string): Pick<Told, 'name' | 'version'> | undefined {
  const [, name, version] = NAME_AND_NUMBER.exec(text) ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
}

/** Keys of user properties in which servers put their name and version; no standard gives them. */
const NAME_KEY = /^(?:server|broker|software|product)(?:[-_. ]?name)?$/i;
const VERSION_KEY = /^(?:(?:server|broker|software|product)[-_. ]?)?version$/i;

/** What the user properties of a CONNACK tell (5.0 §3.2.2.3.10). */
export function toldByProperties(properties: readonly Property[]): Told | undefined {
  const pairs = properties.flatMap(({ id, name, value }) =>
    id === PropertyId.USER_PROPERTY && name && Buffer.isBuffer(value)
      ? { key: printable(name.toString('utf8')), text: printable(value.toString('utf8')) }
      : [],
  );
  const names = pairs.filter(({ key }) => NAME_KEY.test(key));
  const versions = pairs.filter(({ key }) => VERSION_KEY.test(key));
  for (const { key, text } of [...names, ...versions]) {
    const both = nameAndVersionIn(text);
    if (both) return { ...canonical(both), evidence: `CONNACK user property ${key} says "${text}"` };
  }
  const name = names.find(({ text }) => NAME.test(text))?.text;
  const version = versions.find(({ text }) => NUMBER.test(text))?.text;
  if (name === undefined || version === undefined) return undefined;
  const evidence = `CONNACK user properties say "${name}" and "${version}"`;
  return { ...canonical({ name, version: versionIn(version) ?? version }), evidence };
}

/** What the Server field of an upgrade tells (RFC 9110 §10.2.4). Names of no brokers are those of web servers before them. */
export function toldByServerField(server: string | undefined): Told | undefined {
  // A comment may follow.
  const both = nameAndVersionIn(server?.split(' (')[0] ?? '');
  if (!both || !PRODUCTS.has(both.name.toLowerCase())) return undefined;
  return { ...canonical(both), evidence: `WebSocket server field says "${server}"` };
}

/** Known products by their names in lower case. */
const PRODUCTS: ReadonlyMap<string, string> = new Map(
  SIGNS.map(({ product }) => [product.toLowerCase(), product]),
);

function canonical({ name, version }: Pick<Told, 'name' | 'version'>): Pick<Told, 'name' | 'version'> {
  return { name: PRODUCTS.get(name.toLowerCase()) ?? name, version };
}
