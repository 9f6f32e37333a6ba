import { randomBytes } from 'node:crypto';
import type { WireVersion } from './versions';

/** What a ClientHello says (RFC 8446 §4.1.2, RFC 5246 §7.4.1.2, RFC 6101 §5.6.1.2). */
export interface HelloOptions {
  /** The one version offered in TLS 1.3, the highest one otherwise. */
  readonly version: WireVersion;
  readonly suites: readonly number[];
  /** Sent as SNI; names only, never addresses (RFC 6066 §3). */
  readonly serverName?: string | undefined;
  readonly groups: readonly number[];
  readonly signatureSchemes: readonly number[];
  /** Application protocols (RFC 7301). */
  readonly alpn?: readonly string[] | undefined;
  /** Offers DEFLATE (RFC 3749) besides no compression; not in TLS 1.3, which forbids it. */
  readonly compression?: boolean;
  /** Says that this is a second attempt with an older version (RFC 7507). */
  readonly fallback?: boolean;
  /** Without a share a TLS 1.3 server asks for the group that it wants, and computes nothing (RFC 8446 §4.2.8). */
  readonly keyShare?: { readonly group: number; readonly key: Buffer } | undefined;
}

const RECORD_HANDSHAKE = 22;
const CLIENT_HELLO = 1;
/** RFC 5746 §3.3: says the same as an empty renegotiation_info, to servers without extensions too. */
const EMPTY_RENEGOTIATION_INFO_SCSV = 0x00ff;
/** RFC 7507 §2. */
const FALLBACK_SCSV = 0x5600;

/** Extension numbers (IANA registry). */
export const EXTENSION = {
  serverName: 0,
  statusRequest: 5,
  supportedGroups: 10,
  ecPointFormats: 11,
  signatureAlgorithms: 13,
  alpn: 16,
  encryptThenMac: 22,
  extendedMasterSecret: 23,
  sessionTicket: 35,
  supportedVersions: 43,
  pskKeyExchangeModes: 45,
  keyShare: 51,
  renegotiationInfo: 0xff01,
} as const;

/** Builds the record with a ClientHello. */
export function clientHello(options: HelloOptions): Buffer {
  return record(RECORD_HANDSHAKE, options.version, handshakeMessage(CLIENT_HELLO, helloBody(options)));
}

function helloBody(options: HelloOptions): Buffer {
  const { version, suites, compression, fallback } = options;
  const isTls13 = version === 0x0304;
  const offered = [...suites, ...(isTls13 ? [] : [EMPTY_RENEGOTIATION_INFO_SCSV])];
  if (fallback) offered.push(FALLBACK_SCSV);
  const parts = [
    // TLS 1.3 tells its version in an extension (RFC 8446 §4.1.2).
    u16(Math.min(version, 0x0303)),
    randomBytes(32),
    // A session id makes TLS 1.3 look like what old middle boxes let pass (RFC 8446 §D.4).
    vector8(isTls13 ? randomBytes(32) : Buffer.alloc(0)),
    vector16(u16s(offered)),
    vector8(Buffer.from(compression && !isTls13 ? [1, 0] : [0])),
  ];
  // SSL 3.0 knows no extensions.
  if (version > 0x0300) parts.push(vector16(Buffer.concat(extensions(options))));
  return Buffer.concat(parts);
}

function extensions(options: HelloOptions): Buffer[] {
  const { version, serverName, groups, signatureSchemes, alpn, keyShare } = options;
  const list: Buffer[] = [];
  const add = (type: number, body: Buffer): void => void list.push(u16(type), vector16(body));
  if (serverName !== undefined) {
    add(EXTENSION.serverName, vector16(Buffer.concat([Buffer.from([0]), vector16(Buffer.from(serverName))])));
  }
  if (groups.length > 0) add(EXTENSION.supportedGroups, vector16(u16s(groups)));
  // OCSP, from any responder, without further wishes (RFC 6066 §8).
  add(EXTENSION.statusRequest, Buffer.from([1, 0, 0, 0, 0]));
  if (version >= 0x0303) add(EXTENSION.signatureAlgorithms, vector16(u16s(signatureSchemes)));
  if (alpn) {
    const names = Buffer.concat(alpn.map((name) => vector8(Buffer.from(name))));
    add(EXTENSION.alpn, vector16(names));
  }
  if (version === 0x0304) {
    add(EXTENSION.supportedVersions, vector8(u16(version)));
    // psk_dhe_ke: without it no tickets are issued (RFC 8446 §4.2.9).
    add(EXTENSION.pskKeyExchangeModes, vector8(Buffer.from([1])));
    const share = keyShare ? Buffer.concat([u16(keyShare.group), vector16(keyShare.key)]) : Buffer.alloc(0);
    add(EXTENSION.keyShare, vector16(share));
  } else {
    // Uncompressed points, the only form that is left (RFC 8422 §5.1.2).
    add(EXTENSION.ecPointFormats, vector8(Buffer.from([0])));
    add(EXTENSION.encryptThenMac, Buffer.alloc(0));
    add(EXTENSION.extendedMasterSecret, Buffer.alloc(0));
    add(EXTENSION.sessionTicket, Buffer.alloc(0));
  }
  return list;
}

/** A record; the first one bears an old version, whatever it carries (RFC 8446 §5.1). */
function record(type: number, version: WireVersion, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type]), u16(Math.min(version, 0x0301)), vector16(body)]);
}

function handshakeMessage(type: number, body: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from([type, body.length >> 16, (body.length >> 8) & 255, body.length & 255]),
    body,
  ]);
}

function u16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 255]);
}

function u16s(values: readonly number[]): Buffer {
  return Buffer.concat(values.map(u16));
}

function vector8(body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([body.length]), body]);
}

function vector16(body: Buffer): Buffer {
  return Buffer.concat([u16(body.length), body]);
}
