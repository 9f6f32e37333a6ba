import { EXTENSION } from './client-hello';
import { MalformedError, Reader } from './reader';
import { isWireVersion, type WireVersion } from './versions';

/** Handshake message types (RFC 8446 §4, RFC 5246 §7.4, RFC 6066 §8). */
export const MESSAGE = {
  serverHello: 2,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  finished: 20,
  certificateStatus: 22,
} as const;

/** No server has a reason to send more extensions, certificates or CA names than this. */
const MAX_EXTENSIONS = 64;
export const MAX_CERTIFICATES = 16;
export const MAX_AUTHORITIES = 64;

export type Extensions = ReadonlyMap<number, Buffer>;

export interface ServerHello {
  readonly version: WireVersion;
  readonly suite: number;
  readonly compression: number;
  readonly extensions: Extensions;
  /** True when it only asks for another ClientHello (RFC 8446 §4.1.4). */
  readonly isRetryRequest: boolean;
  /** The group that TLS 1.3 uses or asks for. */
  readonly group?: number;
  /** The server's share for it. */
  readonly share?: Buffer;
}

/** SHA-256 of "HelloRetryRequest" (RFC 8446 §4.1.3). */
const RETRY_REQUEST_RANDOM = Buffer.from(
  'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c',
  'hex',
);

/** @throws MalformedError */
export function readServerHello(body: Buffer): ServerHello {
  const reader = new Reader(body);
  const legacyVersion = reader.u16();
  const random = reader.take(32);
  reader.vector8();
  const suite = reader.u16();
  const compression = reader.u8();
  const extensions = reader.remaining > 0 ? readExtensions(reader.vector16()) : new Map<number, Buffer>();
  const selected = extensions.get(EXTENSION.supportedVersions);
  const version = selected ? new Reader(selected).u16() : legacyVersion;
  if (!isWireVersion(version)) throw new MalformedError('the server chose a version that does not exist');
  const isRetryRequest = random.equals(RETRY_REQUEST_RANDOM);
  const keyShare = extensions.get(EXTENSION.keyShare);
  return {
    version,
    suite,
    compression,
    extensions,
    isRetryRequest,
    ...(keyShare && version === 0x0304 && readKeyShare(keyShare, isRetryRequest)),
  };
}

function readKeyShare(body: Buffer, isRetryRequest: boolean): { group: number; share?: Buffer } {
  const reader = new Reader(body);
  const group = reader.u16();
  return isRetryRequest ? { group } : { group, share: reader.vector16() };
}

/** @throws MalformedError */
export function readExtensions(list: Buffer): Extensions {
  const reader = new Reader(list);
  const extensions = new Map<number, Buffer>();
  while (reader.remaining > 0) {
    if (extensions.size === MAX_EXTENSIONS)
      throw new MalformedError(`more than ${MAX_EXTENSIONS} extensions`);
    extensions.set(reader.u16(), reader.vector16());
  }
  return extensions;
}

export interface CertificateMessage {
  /** Certificates in DER, as served, at most sixteen. */
  readonly certificates: readonly Buffer[];
  /** True when more were sent, or the message was cut at our bound. */
  readonly isCut: boolean;
  /** Extensions of the first one; TLS 1.3 staples the OCSP answer there. */
  readonly extensions: Extensions;
}

/** Reads what there is of a Certificate message; its end may be missing. @throws MalformedError */
export function readCertificates(body: Buffer, version: WireVersion): CertificateMessage {
  const outer = new Reader(body);
  const isTls13 = version === 0x0304;
  if (isTls13) outer.vector8();
  const length = outer.u24();
  const isWhole = length <= outer.remaining;
  const reader = new Reader(outer.take(Math.min(length, outer.remaining)));
  const certificates: Buffer[] = [];
  let extensions: Extensions = new Map();
  try {
    while (reader.remaining > 0 && certificates.length < MAX_CERTIFICATES) {
      certificates.push(reader.vector24());
      const ofThis = isTls13 ? readExtensions(reader.vector16()) : undefined;
      if (ofThis && certificates.length === 1) extensions = ofThis;
    }
  } catch (thrown) {
    // Of a message that was cut, what came before the cut is evidence all the same.
    if (isWhole) throw thrown;
    return { certificates, isCut: true, extensions };
  }
  return { certificates, isCut: !isWhole || reader.remaining > 0, extensions };
}

export interface KeyExchange {
  /** Named group of ECDHE. */
  readonly group?: number;
  /** Bits of the prime of DHE. */
  readonly dhBits?: number;
  /** SignatureScheme; told since TLS 1.2. */
  readonly signatureScheme?: number;
}

/** Reads a ServerKeyExchange (RFC 5246 §7.4.3, RFC 8422 §5.4). @throws MalformedError */
export function readKeyExchange(
  body: Buffer,
  kind: 'ecdhe' | 'dhe',
  version: WireVersion,
  isSigned: boolean,
): KeyExchange {
  const reader = new Reader(body);
  const key = kind === 'ecdhe' ? readEcParameters(reader) : readDhParameters(reader);
  const hasScheme = isSigned && version === 0x0303 && reader.remaining >= 2;
  return { ...key, ...(hasScheme && { signatureScheme: reader.u16() }) };
}

const NAMED_CURVE = 3;

function readEcParameters(reader: Reader): KeyExchange {
  if (reader.u8() !== NAMED_CURVE) throw new MalformedError('a curve without a name');
  const group = reader.u16();
  reader.vector8();
  return { group };
}

function readDhParameters(reader: Reader): KeyExchange {
  const prime = reader.vector16();
  reader.vector16();
  reader.vector16();
  return { dhBits: bitLength(prime) };
}

function bitLength(number: Buffer): number {
  const first = number.findIndex((byte) => byte !== 0);
  if (first < 0) return 0;
  return (number.length - first) * 8 - (Math.clz32(number[first] ?? 0) - 24);
}

/** The names of CAs in a CertificateRequest, in DER, at most 64 (RFC 5246 §7.4.4, RFC 8446 §4.3.2). @throws MalformedError */
export function readAuthorities(body: Buffer, version: WireVersion): readonly Buffer[] {
  const reader = new Reader(body);
  if (version === 0x0304) {
    reader.vector8();
    const list = readExtensions(reader.vector16()).get(CERTIFICATE_AUTHORITIES);
    return list ? readNames(new Reader(list).vector16()) : [];
  }
  reader.vector8();
  if (version === 0x0303) reader.vector16();
  return reader.remaining > 0 ? readNames(reader.vector16()) : [];
}

const CERTIFICATE_AUTHORITIES = 47;

function readNames(list: Buffer): Buffer[] {
  const reader = new Reader(list);
  const names: Buffer[] = [];
  while (reader.remaining > 0 && names.length < MAX_AUTHORITIES) names.push(reader.vector16());
  return names;
}

/** The protocol that the server chose of those offered (RFC 7301 §3.1); undefined when it chose none. @throws MalformedError */
export function readAlpn(extensions: Extensions): string | undefined {
  const body = extensions.get(EXTENSION.alpn);
  return body && new Reader(new Reader(body).vector16()).vector8().toString('latin1');
}
