import type { CertificateFacts } from '../model';

/** SHA-256 of public keys whose private halves are published with a product, and where. */
const KNOWN_KEYS: ReadonlyMap<string, string> = new Map<string, string>([]);

/** The product with which a certificate's key is published; undefined for all others. */
export function knownCertificate({ publicKeySha256 }: CertificateFacts): string | undefined {
  return publicKeySha256 === undefined ? undefined : KNOWN_KEYS.get(publicKeySha256);
}
