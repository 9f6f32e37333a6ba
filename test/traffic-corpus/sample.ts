/** A message as a device of some kind sends it, and what is to be recognised in it. */
export interface Sample {
  readonly topic: string;
  readonly payload: Buffer;
  /** Type and text of the sensor; undefined for none. */
  readonly sensor?: readonly [type: string, text: string] | undefined;
  /** Classes of sensitive data. */
  readonly classes: readonly string[];
}

type Body = string | object | Buffer;

/** A sensor: topic, payload, type, text, and classes of sensitive data besides. */
export function s(topic: string, body: Body, type: string, text: string, ...classes: string[]): Sample {
  return { topic, payload: bytesOf(body), sensor: [type, text], classes };
}

/** No sensor: topic, payload, and classes of sensitive data. */
export function n(topic: string, body: Body, ...classes: string[]): Sample {
  return { topic, payload: bytesOf(body), classes };
}

function bytesOf(body: Body): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

export const DHT = 'DHT (Temp & Hum)';
export const LDR = 'LDR (Light Sensor)';
export const PIR = 'PIR (Motion Sensor)';
