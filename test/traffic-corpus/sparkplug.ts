/** Writes payloads of Sparkplug B for the corpus (sparkplug_b.proto); independent of the reader. */
export interface MetricToWrite {
  readonly name?: string;
  readonly alias?: number;
  readonly double?: number;
  readonly float?: number;
  readonly int?: number;
  readonly boolean?: boolean;
  readonly string?: string;
  readonly unit?: string;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  if (rest < 0n) rest += 1n << 64n;
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

const tag = (field: number, type: number): Buffer => varint(field * 8 + type);
const text = (field: number, value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value as string);
  return Buffer.concat([tag(field, 2), varint(bytes.length), bytes]);
};

function metric({ name, alias, double, float, int, boolean, string, unit }: MetricToWrite): Buffer {
  const parts: Buffer[] = [];
  if (name !== undefined) parts.push(text(1, name));
  if (alias !== undefined) parts.push(tag(2, 0), varint(alias));
  const type =
    double !== undefined
      ? 10
      : float !== undefined
        ? 9
        : int !== undefined
          ? 3
          : boolean !== undefined
            ? 11
            : 12;
  parts.push(tag(4, 0), varint(type));
  if (unit !== undefined) {
    const value = Buffer.concat([tag(1, 0), varint(12), text(8, unit)]);
    parts.push(text(9, Buffer.concat([text(1, 'engUnit'), text(2, value)])));
  }
  if (double !== undefined) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(double);
    parts.push(tag(13, 1), bytes);
  }
  if (float !== undefined) {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(float);
    parts.push(tag(12, 5), bytes);
  }
  if (int !== undefined) parts.push(tag(10, 0), varint(int < 0 ? int + 2 ** 32 : int));
  if (boolean !== undefined) parts.push(tag(14, 0), varint(boolean ? 1 : 0));
  if (string !== undefined) parts.push(text(15, string));
  return Buffer.concat(parts);
}

/** A payload with these metrics. */
export function sparkplugPayload(...metrics: MetricToWrite[]): Buffer {
  return Buffer.concat([
    tag(1, 0),
    varint(1_700_000_000_000),
    ...metrics.map((one) => text(2, metric(one))),
    tag(3, 0),
    varint(1),
  ]);
}
