import { randomBytes } from 'node:crypto';
import { KEEP_ALIVE_S, type RawConnect, randomClientId } from '../wire';

/**
 * CONNECT packets that are unusual, but well-formed or to be refused in words. What a broker makes of them tells
 * products apart, without a login.
 */
export const ODD_CONNECTS = {
  /** Enhanced authentication with a method that no broker has [MQTT-4.12.0-1]. */
  'v5 unknown auth method': (): RawConnect => ({
    protocolVersion: 5,
    bytes: connectBytes({ level: 5, properties: authenticationMethod('mqttscan-none') }),
  }),
  /** A protocol level of the future [MQTT-3.1.2-2]. */
  'level 6': (): RawConnect => ({ protocolVersion: 5, bytes: connectBytes({ level: 6 }) }),
  /** The highest bit of the level marks a bridge, by a convention of mosquitto that the standard does not know. */
  'level 0x84': (): RawConnect => ({ protocolVersion: 4, bytes: connectBytes({ level: 0x84 }) }),
  /** The name of MQTT 3.1.1 with the level of MQTT 3.1. */
  'MQTT level 3': (): RawConnect => ({ protocolVersion: 4, bytes: connectBytes({ level: 3 }) }),
  /** To be refused with return code 2 [MQTT-3.1.3-8]. */
  'no id, clean 0': (): RawConnect => ({
    protocolVersion: 4,
    bytes: connectBytes({ level: 4, flags: 0, clientId: '' }),
  }),
  /** Longer than what every server must take [MQTT-3.1.3-5]. */
  'id of 1024': (): RawConnect => ({
    protocolVersion: 4,
    bytes: connectBytes({ level: 4, clientId: `mqttscan${randomBytes(508).toString('hex')}` }),
  }),
} as const satisfies Record<string, () => RawConnect>;

export type OddConnect = keyof typeof ODD_CONNECTS;

/** CONNECT packets that break the protocol. To be sent only when the user asked for it. */
export const MALFORMED_CONNECTS = {
  /** [MQTT-3.1.2-1] */
  unknownProtocolName: (): Buffer => connectBytes({ name: 'MQTX', level: 4 }),
  /** [MQTT-3.1.2-3] */
  reservedConnectFlag: (): Buffer => connectBytes({ level: 4, flags: CLEAN | 1 }),
} as const;

/** The empty client identifier in its lawful form: with a clean session [MQTT-3.1.3-7]. */
export const EMPTY_ID_CONNECTS = {
  4: (): RawConnect => ({ protocolVersion: 4, bytes: connectBytes({ level: 4, clientId: '' }) }),
  5: (): RawConnect => ({
    protocolVersion: 5,
    // Where answers may be sent is told only to those who ask (5.0 §3.1.2.11.6).
    bytes: connectBytes({ level: 5, clientId: '', properties: Buffer.from([0x19, 1]) }),
  }),
} as const;

/** Flag "clean session" (3.1.1 §3.1.2.4). */
const CLEAN = 2;

interface Fields {
  readonly name?: string;
  readonly level: number;
  readonly flags?: number;
  readonly clientId?: string;
  /** Present in MQTT 5 only. */
  readonly properties?: Buffer;
}

function connectBytes({ name = 'MQTT', level, flags = CLEAN, ...fields }: Fields): Buffer {
  const { clientId = randomClientId(), properties } = fields;
  const body = Buffer.concat([
    prefixed(name),
    Buffer.from([level, flags, KEEP_ALIVE_S >> 8, KEEP_ALIVE_S & 255]),
    ...(properties ? [Buffer.from([properties.length]), properties] : []),
    prefixed(clientId),
  ]);
  return Buffer.concat([Buffer.from([0x10, ...varint(body.length)]), body]);
}

function authenticationMethod(name: string): Buffer {
  return Buffer.concat([Buffer.from([0x15]), prefixed(name)]);
}

function prefixed(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)];
}
