import type { Frame } from '../wire';
import { Cursor } from './cursor';

/** One MQTT 5 property, in the place where it stood in the packet. */
export interface Property {
  readonly id: number;
  /** Text and data as bytes: whoever shows them makes them printable. */
  readonly value: number | Buffer;
  /** The name of a user property. */
  readonly name?: Buffer;
}

type PropertyType = 'byte' | 'two-byte' | 'four-byte' | 'varint' | 'text' | 'pair';

/** Property identifiers and their types (5.0 §2.2.2.2). Binary data is laid out as text is. */
const TYPES: ReadonlyMap<number, PropertyType> = new Map([
  [0x01, 'byte'],
  [0x02, 'four-byte'],
  [0x03, 'text'],
  [0x08, 'text'],
  [0x09, 'text'],
  [0x0b, 'varint'],
  [0x11, 'four-byte'],
  [0x12, 'text'],
  [0x13, 'two-byte'],
  [0x15, 'text'],
  [0x16, 'text'],
  [0x17, 'byte'],
  [0x18, 'four-byte'],
  [0x19, 'byte'],
  [0x1a, 'text'],
  [0x1c, 'text'],
  [0x1f, 'text'],
  [0x21, 'two-byte'],
  [0x22, 'two-byte'],
  [0x23, 'two-byte'],
  [0x24, 'byte'],
  [0x25, 'byte'],
  [0x26, 'pair'],
  [0x27, 'four-byte'],
  [0x28, 'byte'],
  [0x29, 'byte'],
  [0x2a, 'byte'],
]);

/** An honest CONNACK has at most seventeen, besides user properties. */
const MAX_PROPERTIES = 64;
/** Acknowledge flags and reason code stand before the properties (5.0 §3.2.2). */
const PROPERTIES_AT = 2;

/**
 * The properties of a CONNACK in the order in which they came, which differs from product to product. Reading
 * ends, without an error, at the first byte that makes no sense; what was read before is returned.
 */
export function readProperties({ bytes, bodyAt }: Pick<Frame, 'bytes' | 'bodyAt'>): Property[] {
  const announced = new Cursor(bytes, bodyAt + PROPERTIES_AT);
  const length = announced.varint();
  if (length === undefined) return [];
  const cursor = new Cursor(bytes.subarray(0, announced.at + length), announced.at);
  const properties: Property[] = [];
  while (properties.length < MAX_PROPERTIES) {
    const property = readProperty(cursor);
    if (!property) break;
    properties.push(property);
  }
  return properties;
}

function readProperty(cursor: Cursor): Property | undefined {
  const id = cursor.varint();
  const type = id === undefined ? undefined : TYPES.get(id);
  if (id === undefined || type === undefined) return undefined;
  const name = type === 'pair' ? cursor.text() : undefined;
  if (type === 'pair' && !name) return undefined;
  const value = readValue(cursor, type);
  return value === undefined ? undefined : { id, value, ...(name && { name }) };
}

function readValue(cursor: Cursor, type: PropertyType): number | Buffer | undefined {
  switch (type) {
    case 'byte':
      return cursor.unsigned(1);
    case 'two-byte':
      return cursor.unsigned(2);
    case 'four-byte':
      return cursor.unsigned(4);
    case 'varint':
      return cursor.varint();
    case 'text':
    case 'pair':
      return cursor.text();
  }
}
