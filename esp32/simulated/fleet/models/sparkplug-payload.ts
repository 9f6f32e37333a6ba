/** One metric of a Sparkplug B payload. Numbers are doubles. */
export interface Metric {
  readonly name?: string;
  readonly alias: number;
  readonly value: number | boolean;
  /** Becomes the property engUnit. */
  readonly unit?: string;
}

/** Data types of Sparkplug B. */
const TYPE = { double: 10, boolean: 11, string: 12 } as const;
/** Wire types of protobuf. */
const WIRE = { varint: 0, fixed64: 1, bytes: 2 } as const;

/**
 * A payload of Sparkplug B in protobuf: timestamp (1), metrics (2), sequence number (3), with the field numbers of
 * sparkplug_b.proto.
 */
export function sparkplugPayload(timestampMs: number, sequence: number, metrics: readonly Metric[]): Buffer {
  return Buffer.concat([
    numberField(1, timestampMs),
    ...metrics.map((metric) => bytesField(2, metricBytes(metric, timestampMs))),
    numberField(3, sequence),
  ]);
}

function metricBytes({ name, alias, value, unit }: Metric, timestampMs: number): Buffer {
  return Buffer.concat([
    name === undefined ? Buffer.alloc(0) : bytesField(1, Buffer.from(name)),
    numberField(2, alias),
    numberField(3, timestampMs),
    numberField(4, typeof value === 'number' ? TYPE.double : TYPE.boolean),
    unit === undefined ? Buffer.alloc(0) : bytesField(9, unitBytes(unit)),
    typeof value === 'number' ? doubleField(13, value) : numberField(14, value ? 1 : 0),
  ]);
}

/** A property set: keys (1) and values (2), each value with its type (1) and text (8). */
function unitBytes(unit: string): Buffer {
  const value = Buffer.concat([numberField(1, TYPE.string), bytesField(8, Buffer.from(unit))]);
  return Buffer.concat([bytesField(1, Buffer.from('engUnit')), bytesField(2, value)]);
}

function numberField(field: number, value: number): Buffer {
  return Buffer.concat([varint((field << 3) | WIRE.varint), varint(value)]);
}

function doubleField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([varint((field << 3) | WIRE.fixed64), bytes]);
}

function bytesField(field: number, value: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | WIRE.bytes), varint(value.length), value]);
}

/** Seven bits an octet, lowest first; milliseconds since 1970 need more than 32 bits. */
function varint(value: number): Buffer {
  const octets: number[] = [];
  let left = value;
  do {
    const digit = left % 128;
    left = Math.floor(left / 128);
    octets.push(left > 0 ? digit | 0x80 : digit);
  } while (left > 0);
  return Buffer.from(octets);
}
