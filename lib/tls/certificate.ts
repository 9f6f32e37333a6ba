import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import type { PeerCertificate } from 'node:tls';
import { type CertificateFacts, printable } from '../model';
import { extensionFacts, hasOddName, nameText, readCertificate, type X509Facts } from './x509';

const DAY_MS = 86_400_000;
/** A chain of honest length is shorter; a hostile one may be endless. */
const MAX_CHAIN = 10;
/** More names than this are counted, not listed. */
const MAX_NAMES = 64;

/** One certificate of a chain. */
export interface Certificate {
  readonly der: Buffer;
  /** Read from its DER; undefined where that is not to be read. */
  readonly x509: X509Facts | undefined;
  /** Undefined for a certificate that OpenSSL cannot take apart. */
  readonly parsed: X509Certificate | undefined;
}

/** The certificates of a message, server certificate first; at most ten. */
export function chainOf(ders: readonly Buffer[]): Certificate[] {
  return ders.slice(0, MAX_CHAIN).map((der) => ({ der, x509: x509Of(der), parsed: parse(der) }));
}

/** The chain as Node.js tells it, without what belongs to no chain. */
export function peerChain(leaf: PeerCertificate): Buffer[] {
  const chain: Buffer[] = [];
  const seen = new Set<string>();
  let next: PeerCertificate | undefined = leaf;
  // Node.js links the certificates into a ring at a self-signed one.
  while (next?.raw && chain.length < MAX_CHAIN) {
    const fingerprint = sha256(next.raw);
    if (seen.has(fingerprint)) break;
    seen.add(fingerprint);
    chain.push(next.raw);
    next = issuerOf(next);
  }
  return chain;
}

function issuerOf(certificate: PeerCertificate): PeerCertificate | undefined {
  return 'issuerCertificate' in certificate
    ? (certificate.issuerCertificate as PeerCertificate | undefined)
    : undefined;
}

function x509Of(der: Buffer): X509Facts | undefined {
  try {
    return readCertificate(der);
  } catch {
    return undefined;
  }
}

function parse(der: Buffer): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(der);
    return certificate.publicKey ? certificate : undefined;
  } catch {
    return undefined;
  }
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The facts of one certificate, with every name bounded and printable. */
export function certificateFacts({ der, x509, parsed }: Certificate, now: number): CertificateFacts {
  const key = parsed?.publicKey;
  const bits = key && keyBits(key);
  const curve = key?.asymmetricKeyDetails?.namedCurve;
  const validFrom = x509?.notBefore ?? dateOf(parsed?.validFrom);
  const validTo = x509?.notAfter ?? dateOf(parsed?.validTo);
  return {
    subject: parsed ? distinguishedName(parsed.subject) : nameText(x509?.subject ?? NOTHING),
    issuer: parsed ? distinguishedName(parsed.issuer) : nameText(x509?.issuer ?? NOTHING),
    subjectAltNames: parsed ? altNames(parsed) : [],
    validFrom: isoDate(validFrom),
    validTo: isoDate(validTo),
    daysLeft: Math.floor((validTo - now) / DAY_MS),
    serialNumber: printable(parsed?.serialNumber ?? serialText(x509), 80),
    keyType: key?.asymmetricKeyType ?? 'unknown',
    ...(bits !== undefined && { keyBits: bits }),
    ...(curve !== undefined && { curve: printable(curve, 64) }),
    fingerprint256: parsed?.fingerprint256 ?? colons(sha256(der)),
    selfSigned: parsed !== undefined && isSelfSigned(parsed),
    ca: parsed?.ca ?? false,
    lifetimeDays: Math.floor((validTo - validFrom) / DAY_MS),
    ...(x509 && {
      publicKeySha256: sha256(x509.publicKey),
      signatureAlgorithm: printable(x509.signatureAlgorithm, 80),
      ...extensionFacts(x509),
    }),
  };
}

const NOTHING = Buffer.alloc(0);

export function isOddlyNamed({ x509 }: Certificate): boolean {
  return x509 !== undefined && hasOddName(x509);
}

/**
 * Signed with its own key; the same name as issuer and subject alone proves nothing (RFC 5280 §3.2).
 * `checkIssued` is no help: it wants the key usage of a CA, which a server certificate rarely has.
 */
function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && verifies(certificate, certificate.publicKey);
}

/** @returns false too for keys that OpenSSL will not verify with */
export function verifies(certificate: X509Certificate, key: KeyObject): boolean {
  try {
    return certificate.verify(key);
  } catch {
    return false;
  }
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

/** Milliseconds; no date at all counts as the last one. */
function dateOf(text: string | undefined): number {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? LAST_MS : time;
}

/** The end of 9999: "no well-defined expiration" (RFC 5280 §4.1.2.5), and the last that four digits can write. */
const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59);

function isoDate(time: number): string {
  return new Date(Math.min(time, LAST_MS)).toISOString();
}

function serialText(x509: X509Facts | undefined): string {
  return x509?.serialNumber.subarray(0, 40).toString('hex').toUpperCase() ?? '';
}

function colons(hex: string): string {
  return hex.toUpperCase().match(/../g)?.join(':') ?? '';
}
