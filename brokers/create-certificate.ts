import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import {
  type Digest,
  generateKeys,
  importSigningKey,
  type KeyType,
  privateKeyPem,
  signingAlgorithm,
} from './keys';

/** A certificate and its private key, both PEM. */
export interface IssuedCertificate {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateRequest {
  readonly commonName: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Host names and IP addresses for the subjectAltName extension; none leaves the extension out. */
  readonly names?: readonly string[];
  /** True makes a certificate for a client instead of one for a server. */
  readonly client?: boolean;
  /** True makes a certificate authority instead of a server certificate. */
  readonly ca?: boolean;
  /** Who signs; without one the certificate signs itself. */
  readonly issuer?: IssuedCertificate;
  readonly keyType?: KeyType;
  readonly digest?: Digest;
}

const ORGANISATION = 'MQTT Scanner Lab';

/**
 * Makes one X.509 v3 certificate with a new key, by WebCrypto alone: no openssl program is needed.
 * Everything a lab or a test may want to get wrong (dates, names, key size, signer) is a parameter.
 */
export async function createCertificate(request: CertificateRequest): Promise<IssuedCertificate> {
  const { commonName, notBefore, notAfter, issuer, keyType = 'rsa-2048', digest = 'SHA-256' } = request;
  const keys = await generateKeys(keyType, digest);
  const subject = [{ O: [ORGANISATION] }, { CN: [commonName] }];
  const parent = issuer === undefined ? undefined : new x509.X509Certificate(issuer.cert);
  const signingKey = issuer === undefined ? keys.privateKey : await importSigningKey(issuer.key, digest);

  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject,
    issuer: parent?.subjectName ?? subject,
    notBefore,
    notAfter,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: signingAlgorithm(signingKey, digest),
    extensions: await extensions(request, keyType, keys.publicKey, parent),
  });
  return { cert: `${certificate.toString('pem')}\n`, key: await privateKeyPem(keys.privateKey) };
}

async function extensions(
  request: CertificateRequest,
  keyType: KeyType,
  publicKey: x509.PublicKeyType,
  parent: x509.X509Certificate | undefined,
): Promise<x509.Extension[]> {
  const { ca = false, client = false, names = [] } = request;
  const list: x509.Extension[] = [
    // RFC 5280 §4.2.1.9: critical in a CA certificate; a path length of 0 allows no CA below ours.
    new x509.BasicConstraintsExtension(ca, ca ? 0 : undefined, true),
    new x509.KeyUsagesExtension(keyUsage(ca, keyType), true),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(parent?.publicKey ?? publicKey),
  ];
  const { clientAuth, serverAuth } = x509.ExtendedKeyUsage;
  if (!ca) list.push(new x509.ExtendedKeyUsageExtension([client ? clientAuth : serverAuth]));
  if (names.length > 0) list.push(new x509.SubjectAlternativeNameExtension(names.map(generalName)));
  return list;
}

/** RFC 5280 §4.2.1.3; RSA servers also decipher keys in TLS 1.2 suites without forward secrecy. */
function keyUsage(ca: boolean, keyType: KeyType): x509.KeyUsageFlags {
  const { keyCertSign, cRLSign, digitalSignature, keyEncipherment } = x509.KeyUsageFlags;
  if (ca) return keyCertSign | cRLSign;
  return keyType.startsWith('rsa') ? digitalSignature | keyEncipherment : digitalSignature;
}

function generalName(name: string): { type: 'ip' | 'dns'; value: string } {
  return { type: isIP(name) === 0 ? 'dns' : 'ip', value: name };
}

/** RFC 5280 §4.1.2.2: positive, at most 20 octets, hard to guess. The first bits 01 keep DER's sign bit clear. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}
