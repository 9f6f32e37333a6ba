import { createPrivateKey, type KeyObject, type webcrypto } from 'node:crypto';

/** Kinds of key a certificate can be made for. `rsa-1024` is weak on purpose, for tests. */
export type KeyType = 'rsa-1024' | 'rsa-2048' | 'rsa-3072' | 'rsa-4096' | 'ec-p256' | 'ec-p384';

/** Digest of a signature. `SHA-1` is weak on purpose, for tests. */
export type Digest = 'SHA-1' | 'SHA-256' | 'SHA-384';

const { subtle } = globalThis.crypto;
const RSA = 'RSASSA-PKCS1-v1_5';
const CURVES: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384' };

/** Makes a new key pair, exportable. */
export function generateKeys(type: KeyType, hash: Digest): Promise<webcrypto.CryptoKeyPair> {
  const [family, size] = type.split('-') as ['rsa' | 'ec', string];
  if (family === 'ec') {
    return subtle.generateKey({ name: 'ECDSA', namedCurve: `P-${size.slice(1)}` }, true, ['sign', 'verify']);
  }
  const publicExponent = new Uint8Array([1, 0, 1]);
  const algorithm = { name: RSA, hash, publicExponent, modulusLength: Number(size) };
  return subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** The private key as PKCS #8 PEM. */
export async function privateKeyPem(key: webcrypto.CryptoKey): Promise<string> {
  const body = Buffer.from(await subtle.exportKey('pkcs8', key)).toString('base64');
  const lines = body.match(/.{1,64}/g) ?? [];
  return `-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

/** Reads a PEM private key so that it can sign with the given digest. */
export function importSigningKey(pem: string, hash: Digest): Promise<webcrypto.CryptoKey> {
  const key = createPrivateKey(pem);
  const der = key.export({ type: 'pkcs8', format: 'der' });
  return subtle.importKey('pkcs8', der, importAlgorithm(key, hash), false, ['sign']);
}

/** What WebCrypto must be told to sign with a key: the digest is part of an ECDSA signature's parameters. */
export function signingAlgorithm(key: webcrypto.CryptoKey, hash: Digest): { name: string; hash: Digest } {
  return { name: key.algorithm.name, hash };
}

function importAlgorithm(
  key: KeyObject,
  hash: Digest,
): webcrypto.RsaHashedImportParams | webcrypto.EcKeyImportParams {
  if (key.asymmetricKeyType === 'rsa') return { name: RSA, hash };
  const namedCurve = CURVES[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (namedCurve === undefined) throw new Error('The issuer key is neither RSA nor EC on P-256 or P-384.');
  return { name: 'ECDSA', namedCurve };
}
