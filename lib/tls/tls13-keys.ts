import {
  createDecipheriv,
  createHash,
  createHmac,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { MalformedError } from './reader';
import { RECORD, type TlsRecord } from './records';
import type { Opened, OpenerFor } from './server-flight';

/** How a suite of TLS 1.3 hashes and encrypts (RFC 8446 §B.4). */
interface Tls13Suite {
  readonly hash: 'sha256' | 'sha384';
  readonly cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305';
  readonly keyBytes: number;
}

const SUITES: ReadonlyMap<number, Tls13Suite> = new Map([
  [0x1301, { hash: 'sha256', cipher: 'aes-128-gcm', keyBytes: 16 }],
  [0x1302, { hash: 'sha384', cipher: 'aes-256-gcm', keyBytes: 32 }],
  [0x1303, { hash: 'sha256', cipher: 'chacha20-poly1305', keyBytes: 32 }],
]);

/** Suites whose records can be opened here. */
export const OPENABLE_SUITES: readonly number[] = [...SUITES.keys()];

const X25519 = 0x001d;
/** In front of the raw key in a SubjectPublicKeyInfo of X25519 (RFC 8410 §4). */
const X25519_SPKI = Buffer.from('302a300506032b656e032100', 'hex');
/** The curves of NIST for TLS 1.3, with the size of a coordinate. */
const NIST: ReadonlyMap<number, readonly [curve: string, bytes: number]> = new Map([
  [0x0017, ['P-256', 32]],
  [0x0018, ['P-384', 48]],
  [0x0019, ['P-521', 66]],
]);

/** Groups with which keys can be agreed upon here. */
export const OPENABLE_GROUPS: readonly number[] = [X25519, ...NIST.keys()];

/** A key share, and what its owner can do with the answer. */
export interface Share {
  readonly group: number;
  readonly key: Buffer;
  /** Opens what the server encrypts; `hello` is our ClientHello without the record around it. */
  readonly openerFor: (hello: Buffer) => OpenerFor;
}

/** A new share for one of `OPENABLE_GROUPS`; undefined for any other group. */
export function createShare(group: number): Share | undefined {
  const curve = NIST.get(group);
  if (group !== X25519 && !curve) return undefined;
  const { privateKey, publicKey } = curve
    ? generateKeyPairSync('ec', { namedCurve: curve[0] })
    : generateKeyPairSync('x25519');
  return {
    group,
    key: curve ? uncompressed(publicKey) : publicKey.export({ type: 'spki', format: 'der' }).subarray(-32),
    openerFor: (clientHello) => (hello, message) => {
      const suite = SUITES.get(hello.suite);
      if (!suite || !hello.share || hello.group !== group) return undefined;
      const secret = agree(privateKey, hello.share, curve);
      return opener(suite, secret, Buffer.concat([clientHello, message]));
    },
  };
}

/** A point as it stands in a key share (RFC 8446 §4.2.8.2): 4, X, Y, which end a SubjectPublicKeyInfo. */
function uncompressed(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
}

/** @throws MalformedError when the server's share is no point of the group */
function agree(privateKey: KeyObject, share: Buffer, curve: readonly [string, number] | undefined): Buffer {
  try {
    return diffieHellman({ privateKey, publicKey: curve ? nistKey(share, curve) : x25519Key(share) });
  } catch {
    throw new MalformedError('the key share of the server is no point of its group');
  }
}

function x25519Key(share: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([X25519_SPKI, share]), format: 'der', type: 'spki' });
}

function nistKey(share: Buffer, [crv, bytes]: readonly [string, number]): KeyObject {
  const x = share.subarray(1, 1 + bytes).toString('base64url');
  const y = share.subarray(1 + bytes).toString('base64url');
  return createPublicKey({ key: { kty: 'EC', crv, x, y }, format: 'jwk' });
}

/** The server's handshake traffic key (RFC 8446 §7.1, §7.3), and the records opened with it (§5.2). */
function opener(
  { hash, cipher, keyBytes }: Tls13Suite,
  secret: Buffer,
  transcript: Buffer,
): (record: TlsRecord) => Opened {
  const digest = (bytes: Buffer): Buffer => createHash(hash).update(bytes).digest();
  const zeros = Buffer.alloc(hash === 'sha256' ? 32 : 48);
  const early = hmac(hash, zeros, zeros);
  const derived = expandLabel(hash, early, 'derived', digest(Buffer.alloc(0)), zeros.length);
  const handshake = hmac(hash, derived, secret);
  const traffic = expandLabel(hash, handshake, 's hs traffic', digest(transcript), zeros.length);
  const key = expandLabel(hash, traffic, 'key', Buffer.alloc(0), keyBytes);
  const iv = expandLabel(hash, traffic, 'iv', Buffer.alloc(0), 12);
  let sequence = 0;
  return ({ header, body }) => {
    const nonce = Buffer.from(iv);
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ sequence++) >>> 0, 8);
    return unseal(cipher, key, nonce, header, body);
  };
}

const TAG_BYTES = 16;

function unseal(
  cipher: Tls13Suite['cipher'],
  key: Buffer,
  nonce: Buffer,
  header: Buffer,
  body: Buffer,
): Opened {
  if (body.length < TAG_BYTES) throw new MalformedError('an encrypted record of less than its tag');
  const sealed = body.subarray(0, -TAG_BYTES);
  // The three names have three types in @types/node, yet one interface.
  const decipher = createDecipheriv(cipher as 'aes-128-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(header, { plaintextLength: sealed.length });
  decipher.setAuthTag(body.subarray(-TAG_BYTES));
  let inner: Buffer;
  try {
    inner = Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch {
    throw new MalformedError('an encrypted record that cannot be opened');
  }
  // Zeros fill it up behind the type (RFC 8446 §5.4).
  let end = inner.length;
  while (end > 0 && inner[end - 1] === 0) end--;
  if (end === 0) throw new MalformedError('an encrypted record without a type');
  return { type: inner[end - 1] ?? RECORD.alert, body: inner.subarray(0, end - 1) };
}

function hmac(hash: string, key: Buffer, data: Buffer): Buffer {
  return createHmac(hash, key).update(data).digest();
}

/** HKDF-Expand-Label (RFC 8446 §7.1); no output here is longer than one block. */
function expandLabel(hash: string, secret: Buffer, label: string, context: Buffer, length: number): Buffer {
  const full = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([
    Buffer.from([length >> 8, length & 255, full.length]),
    full,
    Buffer.from([context.length]),
    context,
    Buffer.from([1]),
  ]);
  return hmac(hash, secret, info).subarray(0, length);
}
