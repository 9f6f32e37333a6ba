import type { Credentials, ProtocolVersion } from '../model';
import { encodeForm } from './connect-form';

export interface ConnectOptions {
  readonly protocolVersion: ProtocolVersion;
  readonly clientId: string;
  readonly credentials?: Credentials | undefined;
}

/** The bytes of a polite CONNECT: clean session, no will. */
export function encodeConnect({ protocolVersion, clientId, credentials }: ConnectOptions): Buffer {
  return encodeForm({ protocolVersion, clientId, ...credentials }).bytes;
}

/** PINGREQ is the same in all versions (3.1.1 §3.12). */
export const PINGREQ = Buffer.from([0xc0, 0x00]);

/** The bytes of DISCONNECT; the same in all versions when there is no reason to give. */
export const DISCONNECT = Buffer.from([0xe0, 0x00]);
