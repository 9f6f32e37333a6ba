/** The bytes that hostile brokers send. Made by hand: no encoder would write most of them. */

/** The largest length that a fixed header can announce: 268,435,455 bytes. */
export const HUGE_LENGTH = Buffer.from([0xff, 0xff, 0xff, 0x7f]);
/** A length that goes on after its fourth byte (3.1.1 §2.2.3). */
export const ENDLESS_LENGTH = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x01]);

export const CONNACK = Buffer.from([0x20, 2, 0, 0]);
export const CONNACK_V5 = Buffer.from([0x20, 3, 0, 0, 0]);
/** "Unacceptable protocol version" in the form of MQTT 3.1.1, as old brokers and hostile ones answer. */
export const WRONG_VERSION = Buffer.from([0x20, 2, 0, 1]);
export const AUTH = Buffer.from([0xf0, 0]);
export const AUTH_V5 = Buffer.from([0xf0, 2, 0x18, 0]);
export const PINGRESP = Buffer.from([0xd0, 0]);

/** A control packet with the length that it has. */
export function packet(
  firstByte: number,
  ...parts: readonly (Buffer | string | readonly number[])[]
): Buffer {
  const body = Buffer.concat(parts.map(bytesOf));
  return Buffer.concat([Buffer.from([firstByte]), variableByteInteger(body.length), body]);
}

/** A CONNACK of MQTT 5 that lets everybody in, with these properties. */
export function connackV5(properties: Buffer | readonly number[]): Buffer {
  const bytes = bytesOf(properties);
  return packet(0x20, [0, 0], variableByteInteger(bytes.length), bytes);
}

/** A PUBLISH of MQTT 3.1.1; above QoS 0 the first two bytes of the payload are the packet identifier. */
export function publish(topic: Buffer | string, payload: Buffer | string, flags = 0): Buffer {
  return packet(0x30 | flags, utf8(topic), payload);
}

/** A PUBLISH of MQTT 5 whose property field is written as given, length included. */
export function publishV5(topic: string, propertyField: readonly number[], payload = 'x'): Buffer {
  return packet(0x30, utf8(topic), propertyField, payload);
}

/** The Topic Alias property in its field. */
export const topicAlias = (alias: number): readonly number[] => [3, 0x23, alias >> 8, alias & 255];

/** A text with its length in front (5.0 §1.5.4). */
export function utf8(text: Buffer | string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}

function variableByteInteger(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return Buffer.from(bytes);
}

function bytesOf(part: Buffer | string | readonly number[]): Buffer {
  return typeof part === 'string' ? Buffer.from(part) : Buffer.from(part);
}
