import { generate } from 'mqtt-packet';
import type { Credentials, ProtocolVersion } from '../model';

export interface ConnectOptions {
  readonly protocolVersion: ProtocolVersion;
  readonly clientId: string;
  readonly credentials?: Credentials | undefined;
}

/** Seconds; long enough that no broker drops a check in progress, short enough not to keep a lost session. */
export const KEEP_ALIVE_S = 60;

/** The bytes of a polite CONNECT: clean session, no will. */
export function encodeConnect({ protocolVersion, clientId, credentials }: ConnectOptions): Buffer {
  return generate({
    cmd: 'connect',
    protocolId: protocolVersion === 3 ? 'MQIsdp' : 'MQTT',
    protocolVersion,
    clean: true,
    clientId,
    keepalive: KEEP_ALIVE_S,
    ...(credentials && { username: credentials.username, password: Buffer.from(credentials.password) }),
  });
}

/** PINGREQ is the same in all versions (3.1.1 §3.12). */
export const PINGREQ = Buffer.from([0xc0, 0x00]);

/** The bytes of DISCONNECT; the same in all versions when there is no reason to give. */
export const DISCONNECT = Buffer.from([0xe0, 0x00]);
