import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import type { TlsMaterial } from '../model';
import { verifies } from './certificate';

/** Whether a chain leads to a certificate that is trusted, and to whose. */
export interface Trust {
  readonly trusted: boolean;
  readonly trustedBy?: 'system' | 'profile';
  /** As OpenSSL names it. */
  readonly trustError?: string;
}

const MAX_DEPTH = 10;

let systemRoots: readonly X509Certificate[] | undefined;

/** Those that Node.js brings along. Taking them apart costs some milliseconds, once. */
function rootsOfSystem(): readonly X509Certificate[] {
  systemRoots ??= certificatesIn(rootCertificates.join('\n'));
  return systemRoots;
}

const profileRoots = new WeakMap<TlsMaterial, readonly X509Certificate[]>();

function rootsOfProfile(material: TlsMaterial | undefined): readonly X509Certificate[] {
  if (material?.ca === undefined) return [];
  const known = profileRoots.get(material) ?? certificatesIn(material.ca.toString());
  profileRoots.set(material, known);
  return known;
}

function certificatesIn(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });
}

/** To whose certificates a chain leads that Node.js has found trusted. */
export function anchorOf(
  chain: readonly X509Certificate[],
  material: TlsMaterial | undefined,
  now: number,
): 'system' | 'profile' {
  return walk(chain, rootsOfProfile(material), now).trusted ? 'profile' : 'system';
}

/**
 * Judges a chain where Node.js cannot, because no handshake of its own comes to an end: names, signatures, dates and
 * the permission to issue (RFC 5280 §6.1). Constraints on names and purposes are not looked at.
 */
export function judgeChain(
  chain: readonly X509Certificate[],
  material: TlsMaterial | undefined,
  now: number,
): Trust {
  const byProfile = walk(chain, rootsOfProfile(material), now);
  if (byProfile.trusted) return { trusted: true, trustedBy: 'profile' };
  const bySystem = walk(chain, rootsOfSystem(), now);
  return bySystem.trusted
    ? { trusted: true, trustedBy: 'system' }
    : { trusted: false, trustError: bySystem.error };
}

function walk(
  chain: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
  now: number,
): { readonly trusted: boolean; readonly error: string } {
  const [leaf] = chain;
  let current = leaf;
  const used = new Set<X509Certificate>();
  for (let depth = 0; current && depth < MAX_DEPTH; depth++) {
    const at: X509Certificate = current;
    used.add(at);
    const dateError = dateErrorOf(at, now);
    if (dateError) return { trusted: false, error: dateError };
    if (anchors.some(({ fingerprint256 }) => fingerprint256 === at.fingerprint256)) {
      return { trusted: true, error: '' };
    }
    const anchor = anchors.find((candidate) => hasIssued(candidate, at));
    if (anchor) {
      const error = dateErrorOf(anchor, now);
      return { trusted: error === undefined, error: error ?? '' };
    }
    if (at.subject === at.issuer) {
      return {
        trusted: false,
        error: depth === 0 ? 'DEPTH_ZERO_SELF_SIGNED_CERT' : 'SELF_SIGNED_CERT_IN_CHAIN',
      };
    }
    current = chain.find((candidate) => !used.has(candidate) && candidate.ca && hasIssued(candidate, at));
    if (!current) {
      const error = depth === 0 ? 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' : 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
      return { trusted: false, error };
    }
  }
  return { trusted: false, error: leaf ? 'CERT_CHAIN_TOO_LONG' : 'UNABLE_TO_GET_ISSUER_CERT' };
}

function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  // The names first: they are compared a hundred times faster than signatures.
  return (
    issuer.subject === certificate.issuer &&
    certificate.checkIssued(issuer) &&
    verifies(certificate, issuer.publicKey)
  );
}

function dateErrorOf({ validFrom, validTo }: X509Certificate, now: number): string | undefined {
  if (Date.parse(validTo) < now) return 'CERT_HAS_EXPIRED';
  return Date.parse(validFrom) > now ? 'CERT_NOT_YET_VALID' : undefined;
}
