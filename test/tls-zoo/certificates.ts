import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as Crypto);

const DAY = 86_400_000;

export type Key = 'ec' | 'ed25519' | 'rsa-1024' | 'rsa-2048' | 'rsa-16384';

export interface Request {
  readonly name: string;
  readonly names?: readonly string[];
  /** Signs; without one the certificate signs itself. */
  readonly issuer?: Made;
  /** Signs itself, whoever is given as issuer. */
  readonly isOwnIssuer?: boolean;
  readonly ca?: boolean;
  readonly key?: Key;
  readonly hash?: 'SHA-1' | 'SHA-256';
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** Issuer's name, whoever signs. */
  readonly issuerName?: string;
}

/** A certificate with its keys. */
export interface Made {
  readonly cert: string;
  readonly key: string;
  readonly der: Buffer;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly subject: string;
}

/** Makes a certificate in which anything may be wrong. */
export async function make(request: Request): Promise<Made> {
  const { name, names = [], ca = false, key = 'ec', hash = 'SHA-256' } = request;
  const issuer = request.isOwnIssuer ? undefined : request.issuer;
  const keys = await keysOf(key, hash);
  const subject = `CN=${name}, O=Zoo`;
  const signingKey = issuer?.keys.privateKey ?? keys.privateKey;
  const extensions: x509.Extension[] = [new x509.BasicConstraintsExtension(ca, undefined, true)];
  if (ca) {
    extensions.push(
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign, true),
    );
  } else {
    extensions.push(
      new x509.ExtendedKeyUsageExtension([
        x509.ExtendedKeyUsage.serverAuth,
        x509.ExtendedKeyUsage.clientAuth,
      ]),
    );
  }
  if (names.length > 0) {
    const list = names.map((value) => ({
      type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const),
      value,
    }));
    extensions.push(new x509.SubjectAlternativeNameExtension(list));
  }
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: `40${randomBytes(15).toString('hex')}`,
    subject,
    issuer: request.issuerName ? `CN=${request.issuerName}, O=Zoo` : (issuer?.subject ?? subject),
    notBefore: request.notBefore ?? new Date(Date.now() - DAY),
    notAfter: request.notAfter ?? new Date(Date.now() + 60 * DAY),
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: { ...signingKey.algorithm, hash } as EcdsaParams,
    extensions,
  });
  const pkcs8 =
    key === 'rsa-16384'
      ? ''
      : Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    cert: `${certificate.toString('pem')}\n`,
    key: `-----BEGIN PRIVATE KEY-----\n${(pkcs8.match(/.{1,64}/g) ?? []).join('\n')}\n-----END PRIVATE KEY-----\n`,
    der: Buffer.from(certificate.rawData),
    keys,
    subject,
  };
}

async function keysOf(key: Key, hash: string): Promise<webcrypto.CryptoKeyPair> {
  const { subtle } = webcrypto;
  const usages: webcrypto.KeyUsage[] = ['sign', 'verify'];
  if (key === 'rsa-16384') return hugeKeys();
  if (key === 'ec') return subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, usages);
  if (key === 'ed25519') {
    return (await subtle.generateKey({ name: 'Ed25519' }, true, usages)) as webcrypto.CryptoKeyPair;
  }
  const modulusLength = Number(key.slice(4));
  const publicExponent = new Uint8Array([1, 0, 1]);
  return subtle.generateKey({ name: 'RSASSA-PKCS1-v1_5', modulusLength, publicExponent, hash }, true, usages);
}

/** To find real primes of this size would take minutes: the public key is any odd number, and somebody else signs. */
async function hugeKeys(): Promise<webcrypto.CryptoKeyPair> {
  const modulus = randomBytes(2048);
  modulus[0] = 0xc0;
  modulus[2047] = 1;
  const publicKey = await webcrypto.subtle.importKey(
    'jwk',
    { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' },
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    true,
    ['verify'],
  );
  const { privateKey } = await keysOf('ec', 'SHA-256');
  return { publicKey, privateKey };
}
