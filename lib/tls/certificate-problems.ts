import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { CertificateFacts, TlsProblem } from '../model';
import { type Certificate, isOddlyNamed } from './certificate';
import type { Trust } from './trust';
import { isWeakSignature } from './x509';

/** NIST SP 800-131A Rev. 2 §3 for RSA; curves under 256 bits are not among those of RFC 8422 §5.1.1. */
const MIN_RSA_BITS = 2048;
const MIN_EC_BITS = 256;

/**
 * The longest lifetime of a certificate of a public CA, by the day on which it was issued (CA/Browser Forum Baseline
 * Requirements §6.3.2), newest first.
 */
const LIFETIMES: readonly (readonly [from: number, days: number])[] = [
  [Date.UTC(2029, 2, 15), 47],
  [Date.UTC(2027, 2, 15), 100],
  [Date.UTC(2026, 2, 15), 200],
  [Date.UTC(2020, 8, 1), 398],
  [Date.UTC(2018, 2, 1), 825],
];

export interface JudgedChain {
  readonly chain: readonly Certificate[];
  readonly facts: readonly CertificateFacts[];
  readonly trust: Trust;
  readonly hostnameMatches: boolean;
  readonly knownCertificate: string | undefined;
}

/** What is wrong with a certificate and its chain. */
export function certificateProblems(
  { chain, facts, trust, hostnameMatches, knownCertificate }: JudgedChain,
  now: number,
  expiryDays: number,
): TlsProblem[] {
  const [leaf] = facts;
  if (!leaf) return [];
  const problems: TlsProblem[] = [];
  const addIf = (isSo: boolean, problem: TlsProblem): void => void (isSo && problems.push(problem));
  const { trusted, trustError, trustedBy } = trust;
  addIf(Date.parse(leaf.validTo) < now, 'expired');
  addIf(Date.parse(leaf.validTo) >= now && leaf.daysLeft < expiryDays, 'expires-soon');
  addIf(Date.parse(leaf.validFrom) > now, 'not-yet-valid');
  addIf(isWeakKey(leaf), 'weak-key');
  addIf(facts.some(isWeaklySigned), 'weak-signature');
  addIf(trustedBy === 'system' && isTooLong(leaf), 'long-lifetime');
  addIf(leaf.ca, 'ca-as-server');
  addIf(chain.some(isOddlyNamed), 'odd-name');
  addIf(knownCertificate !== undefined, 'known-certificate');
  // A self-signed certificate that the user has made his CA is trusted; its form is no problem then.
  addIf(!trusted && leaf.selfSigned, 'self-signed');
  addIf(!trusted && !leaf.selfSigned && !isDateError(trustError), 'untrusted');
  addIf(!trusted && !leaf.selfSigned && isIncomplete(trustError), 'incomplete-chain');
  addIf(isOutOfOrder(chain), 'chain-order');
  addIf(!hostnameMatches, 'name-mismatch');
  return problems;
}

/** A certificate that fails for its dates alone is reported as such, not as untrusted too. */
function isDateError(trustError: string | undefined): boolean {
  return trustError === 'CERT_HAS_EXPIRED' || trustError === 'CERT_NOT_YET_VALID';
}

/** OpenSSL's words for an issuer that is neither served nor known. */
function isIncomplete(trustError: string | undefined): boolean {
  return /^UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)/.test(trustError ?? '');
}

function isWeakKey({ keyType, keyBits }: CertificateFacts): boolean {
  if (keyBits === undefined) return false;
  return keyBits < (keyType === 'ec' ? MIN_EC_BITS : MIN_RSA_BITS);
}

/** Nobody relies on the signature of a root; on that of a server that is its own issuer as little, yet it is all there is. */
function isWeaklySigned({ signatureAlgorithm, selfSigned }: CertificateFacts, at: number): boolean {
  return signatureAlgorithm !== undefined && isWeakSignature(signatureAlgorithm) && (at === 0 || !selfSigned);
}

function isTooLong({ validFrom, lifetimeDays }: CertificateFacts): boolean {
  const limit = LIFETIMES.find(([from]) => Date.parse(validFrom) >= from)?.[1];
  return limit !== undefined && (lifetimeDays ?? 0) > limit;
}

/** Each certificate must certify the one before it (RFC 5246 §7.4.2); none belongs there twice. */
function isOutOfOrder(chain: readonly Certificate[]): boolean {
  return chain.some(({ x509, der }, i) => {
    const before = chain[i - 1];
    if (!before) return false;
    const isRepeated = chain.slice(0, i).some((earlier) => earlier.der.equals(der));
    const certifies = x509 && before.x509 ? before.x509.issuer.equals(x509.subject) : true;
    return isRepeated || !certifies;
  });
}

/** Names by RFC 9525 §6, addresses by the iPAddress entries only (RFC 9525 §6.5). */
export function matchesName(certificate: X509Certificate, target: string): boolean {
  if (isIP(target)) return certificate.checkIP(target) !== undefined;
  return certificate.checkHost(target, { subject: 'never' }) !== undefined;
}
