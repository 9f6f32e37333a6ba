import type { ProtocolVersion } from '../model';
import { randomClientId } from './client-id';
import type { RawConnect } from './handshake';

/** A will message (3.1.1 §3.1.2.5): QoS 0, not retained. */
export interface Will {
  readonly topic: string;
  readonly payload: string;
}

/**
 * A well-formed CONNECT in every form that a login can take. A text that is absent is not sent at all, one that is
 * empty is sent empty: brokers have taken the one for the other.
 */
export interface ConnectForm {
  readonly protocolVersion: ProtocolVersion;
  /** A random one when absent. */
  readonly clientId?: string | undefined;
  readonly username?: string | undefined;
  /** Never without a user name [MQTT-3.1.2-22]. */
  readonly password?: string | undefined;
  /** False asks for the session of before, and for one that outlives the connection in MQTT 3.1.1. */
  readonly clean?: boolean;
  readonly will?: Will;
  /** Seconds; MQTT 5 only (5.0 §3.1.2.11.2). */
  readonly sessionExpiry?: number;
  /** MQTT 5 only (5.0 §3.1.2.11.9). */
  readonly authentication?: { readonly method: string; readonly data: Buffer };
}

/** Flags of CONNECT (5.0 §3.1.2.3). */
const Flag = { CLEAN: 0x02, WILL: 0x04, PASSWORD: 0x40, USER_NAME: 0x80 } as const;
const Property = { SESSION_EXPIRY: 0x11, METHOD: 0x15, DATA: 0x16 } as const;
/** Seconds; long enough that no broker drops a check in progress, short enough not to keep a lost session. */
export const KEEP_ALIVE_S = 60;

/**
 * The bytes of a CONNECT in this form. Made here, since libraries that do it tell the user name to whoever switches their
 * debug output on.
 */
export function encodeForm(form: ConnectForm): RawConnect {
  const { protocolVersion, clientId = randomClientId(), username, password, clean = true, will } = form;
  const isFive = protocolVersion === 5;
  const flags =
    (clean ? Flag.CLEAN : 0) |
    (will ? Flag.WILL : 0) |
    (username === undefined ? 0 : Flag.USER_NAME) |
    (password === undefined ? 0 : Flag.PASSWORD);
  const body = Buffer.concat([
    prefixed(protocolVersion === 3 ? 'MQIsdp' : 'MQTT'),
    Buffer.from([protocolVersion, flags, KEEP_ALIVE_S >> 8, KEEP_ALIVE_S & 255]),
    ...(isFive ? [withLength(properties(form))] : []),
    prefixed(clientId),
    ...(will ? [...(isFive ? [Buffer.from([0])] : []), prefixed(will.topic), prefixed(will.payload)] : []),
    ...(username === undefined ? [] : [prefixed(username)]),
    ...(password === undefined ? [] : [prefixed(password)]),
  ]);
  return { protocolVersion, bytes: Buffer.concat([Buffer.from([0x10]), withLength(body)]) };
}

function properties({ sessionExpiry, authentication }: ConnectForm): Buffer {
  const expiry = Buffer.alloc(5);
  expiry[0] = Property.SESSION_EXPIRY;
  expiry.writeUInt32BE(sessionExpiry ?? 0, 1);
  return Buffer.concat([
    ...(sessionExpiry === undefined ? [] : [expiry]),
    ...(authentication
      ? [
          Buffer.from([Property.METHOD]),
          prefixed(authentication.method),
          Buffer.from([Property.DATA]),
          prefixed(authentication.data),
        ]
      : []),
  ]);
}

/** A text or data with its length in two bytes (5.0 §1.5.4, §1.5.6). */
function prefixed(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Bytes behind their length as a variable byte integer (5.0 §1.5.5). */
function withLength(bytes: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = bytes.length; ; rest >>= 7) {
    if (rest < 128) {
      length.push(rest);
      break;
    }
    length.push((rest & 127) | 128);
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}
