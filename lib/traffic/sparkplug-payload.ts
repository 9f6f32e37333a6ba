import { varint } from './payload-kind';

/** One metric of a Sparkplug B payload (Sparkplug 3.0.0 §6.4). */
export interface SparkplugMetric {
  readonly name?: string;
  readonly alias?: number;
  readonly value?: number | boolean | string;
  /** The property `engUnit`, or another one that names a unit. */
  readonly unit?: string;
}

/** Bounds of what is read; births of large plants have a few thousand metrics. */
const MAX_BYTES = 256 * 1024;
const MAX_METRICS = 5000;
const MAX_PROPERTIES = 64;
const MAX_TEXT_BYTES = 256;

/** Field numbers of sparkplug_b.proto. */
const PAYLOAD_METRIC = 2;
const METRIC = {
  name: 1,
  alias: 2,
  properties: 9,
  int: 10,
  long: 11,
  float: 12,
  double: 13,
  boolean: 14,
  string: 15,
};
const METRIC_TYPE = 4;
const SIGNED: ReadonlyMap<number, number> = new Map([
  [1, 8],
  [2, 16],
  [3, 32],
  [4, 64],
]);
const PROPERTY_KEYS = 1;
const PROPERTY_VALUES = 2;
const VALUE_STRING = 8;
const UNIT_NAMES: ReadonlySet<string> = new Set(['engUnit', 'engineeringUnits', 'EngUnit', 'unit', 'units']);

/** A field of a protobuf message: numbers as they are, bytes as a place. */
interface Field {
  readonly number: number;
  readonly type: number;
  readonly value: number;
  readonly at: number;
  readonly end: number;
}

/**
 * Reads the metrics of a payload. Messages inside of metrics (templates, data sets) are passed over, so nothing
 * recurses.
 * @returns undefined when it is no such payload
 */
export function readSparkplug(payload: Buffer): SparkplugMetric[] | undefined {
  if (payload.length === 0 || payload.length > MAX_BYTES) return undefined;
  const metrics: SparkplugMetric[] = [];
  const isWhole = fields(payload, 0, payload.length, ({ number, type, at, end }) => {
    if (number !== PAYLOAD_METRIC || type !== 2 || metrics.length >= MAX_METRICS) return;
    const metric = readMetric(payload, at, end);
    if (metric) metrics.push(metric);
  });
  return isWhole ? metrics : undefined;
}

function readMetric(bytes: Buffer, from: number, to: number): SparkplugMetric | undefined {
  const metric: { name?: string; alias?: number; value?: number | boolean | string; unit?: string } = {};
  let dataType = 0;
  let integer: number | undefined;
  const isWhole = fields(bytes, from, to, ({ number, type, value, at, end }) => {
    if (number === METRIC.name && type === 2) metric.name = textIn(bytes, at, end);
    else if (number === METRIC.alias && type === 0) metric.alias = value;
    else if (number === METRIC_TYPE && type === 0) dataType = value;
    else if ((number === METRIC.int || number === METRIC.long) && type === 0) integer = value;
    else if (number === METRIC.float && type === 5) metric.value = shortFloat(bytes.readFloatLE(at));
    else if (number === METRIC.double && type === 1) metric.value = bytes.readDoubleLE(at);
    else if (number === METRIC.boolean && type === 0) metric.value = value !== 0;
    else if (number === METRIC.string && type === 2) metric.value = textIn(bytes, at, end);
    else if (number === METRIC.properties && type === 2) {
      const unit = unitIn(bytes, at, end);
      if (unit !== undefined) metric.unit = unit;
    }
  });
  if (integer !== undefined) metric.value = signed(integer, SIGNED.get(dataType));
  return isWhole ? metric : undefined;
}

/** Two's complement in an unsigned field. */
function signed(value: number, bits: number | undefined): number {
  if (bits === undefined) return value;
  // Producers write Int8 and Int16 as 32 bits, too.
  for (const width of [bits, 32, 64]) {
    if (value >= 2 ** (width - 1) && value < 2 ** width) return value - 2 ** width;
    if (value < 2 ** (width - 1)) return value;
  }
  return value;
}

/** What was meant: a float has about seven digits, as a double it shows more. */
function shortFloat(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(7)) : value;
}

function textIn(bytes: Buffer, at: number, end: number): string {
  return bytes.toString('utf8', at, Math.min(end, at + MAX_TEXT_BYTES));
}

/** Keys and values of a property set are two lists of the same length. */
function unitIn(bytes: Buffer, from: number, to: number): string | undefined {
  const keys: string[] = [];
  const values: (string | undefined)[] = [];
  fields(bytes, from, to, ({ number, type, at, end }) => {
    if (type !== 2 || keys.length > MAX_PROPERTIES || values.length > MAX_PROPERTIES) return;
    if (number === PROPERTY_KEYS) keys.push(textIn(bytes, at, end));
    if (number !== PROPERTY_VALUES) return;
    let text: string | undefined;
    fields(bytes, at, end, (inner) => {
      if (inner.number === VALUE_STRING && inner.type === 2) text = textIn(bytes, inner.at, inner.end);
    });
    values.push(text);
  });
  return values[keys.findIndex((key) => UNIT_NAMES.has(key))];
}

/** Walks the fields of one message. False when it is malformed. */
function fields(bytes: Buffer, from: number, to: number, visit: (field: Field) => void): boolean {
  for (let at = from; at < to; ) {
    const tag = varint(bytes, at);
    if (!tag || tag.value < 8) return false;
    const number = Math.floor(tag.value / 8);
    const type = tag.value % 8;
    let value = 0;
    let start = tag.next;
    let end = start;
    if (type === 0 || type === 2) {
      const read = varint(bytes, start);
      if (!read) return false;
      value = read.value;
      start = type === 2 ? read.next : start;
      end = type === 2 ? read.next + value : read.next;
    } else if (type === 1) end = start + 8;
    else if (type === 5) end = start + 4;
    else return false;
    if (end > to) return false;
    visit({ number, type, value, at: start, end });
    at = end;
  }
  return true;
}
