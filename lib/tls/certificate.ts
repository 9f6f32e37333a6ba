import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import type { PeerCertificate } from 'node:tls';
import { type CertificateFacts, printable } from '../model';

const DAY_MS = 86_400_000;
/** A chain of honest length is shorter; a hostile one may be endless. */
const MAX_CHAIN = 10;
/** More names than this are counted, not listed. */
const MAX_NAMES = 64;

/** The chain as the server sent it, server certificate first. */
export function servedChain(leaf: PeerCertificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<string>();
  let next: PeerCertificate | undefined = leaf;
  // Node.js links the certificates into a ring at a self-signed one.
  while (next?.raw && chain.length < MAX_CHAIN) {
    const fingerprint = createHash('sha256').update(next.raw).digest('hex');
    if (seen.has(fingerprint)) break;
    seen.add(fingerprint);
    const certificate = readCertificate(next.raw);
    if (!certificate) break;
    chain.push(certificate);
    next = issuerOf(next);
  }
  return chain;
}

/** Undefined for a certificate that OpenSSL shook hands with and yet cannot take apart. */
function readCertificate(der: Buffer): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(der);
    return certificate.publicKey ? certificate : undefined;
  } catch {
    return undefined;
  }
}

function issuerOf(certificate: PeerCertificate): PeerCertificate | undefined {
  return 'issuerCertificate' in certificate
    ? (certificate.issuerCertificate as PeerCertificate | undefined)
    : undefined;
}

/** The facts of one certificate, with every name bounded and printable. */
export function certificateFacts(certificate: X509Certificate, now: number): CertificateFacts {
  const { publicKey } = certificate;
  const bits = keyBits(publicKey);
  const validTo = new Date(certificate.validTo);
  return {
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    subjectAltNames: altNames(certificate),
    validFrom: isoDate(new Date(certificate.validFrom)),
    validTo: isoDate(validTo),
    daysLeft: Math.floor((validTo.getTime() - now) / DAY_MS),
    serialNumber: printable(certificate.serialNumber, 80),
    keyType: publicKey.asymmetricKeyType ?? 'unknown',
    ...(bits !== undefined && { keyBits: bits }),
    fingerprint256: certificate.fingerprint256,
    selfSigned: isSelfSigned(certificate),
    ca: certificate.ca,
  };
}

/**
 * Signed with its own key; the same name as issuer and subject alone proves nothing (RFC 5280 §3.2).
 * `checkIssued` is no help: it wants the key usage of a CA, which a server certificate rarely has.
 */
function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
}

/** Sizes of the curves that Node.js names (RFC 8422 §5.1.1, RFC 5480). */
const CURVE_BITS: ReadonlyMap<string, number> = new Map([
  ['secp192r1', 192],
  ['prime192v1', 192],
  ['secp224r1', 224],
  ['prime256v1', 256],
  ['secp256k1', 256],
  ['secp384r1', 384],
  ['secp521r1', 521],
]);

function keyBits({ asymmetricKeyDetails }: KeyObject): number | undefined {
  return asymmetricKeyDetails?.modulusLength ?? CURVE_BITS.get(asymmetricKeyDetails?.namedCurve ?? '');
}

/** `CN=broker, O=Plant`: Node.js writes one attribute a line. */
function distinguishedName(text: string | undefined): string {
  return printable((text ?? '').split('\n').join(', '));
}

function altNames({ subjectAltName }: X509Certificate): string[] {
  const names = subjectAltName?.split(', ') ?? [];
  const shown = names.slice(0, MAX_NAMES).map((name) => printable(name));
  return names.length > MAX_NAMES ? [...shown, `… ${names.length - MAX_NAMES} more`] : shown;
}

/** Dates outside of what ISO 8601 can write are shown as the last one that it can. */
function isoDate(date: Date): string {
  return Number.isNaN(date.getTime()) ? '9999-12-31T23:59:59.000Z' : date.toISOString();
}
