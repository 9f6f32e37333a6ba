import type { CertificateFacts } from '../model';

/**
 * SHA-256 of public keys (SubjectPublicKeyInfo) whose private halves lie open in the repository of a product: with
 * them anybody can be this server. Keys, not certificates: the same key is issued anew when its certificate expires.
 */
const KNOWN_KEYS: ReadonlyMap<string, string> = new Map([
  // emqx/emqx, apps/emqx/etc/certs/key.pem: what a new installation serves.
  ['912c548620a21d9ecc7bc87a3addb9550d30214dd9ed947b3a8e2449e203eecf', 'EMQX 5 (default certificate)'],
  // emqx/emqx, etc/certs/key.pem
  ['5f17bfb9b78388ed06566dd68bdc8bf8b488edb6cc1a057d684d05414462a946', 'EMQX 4 (default certificate)'],
  // eclipse/mosquitto, test/ssl/server.key
  [
    '3cd547869948edef9fca9d9fd36715efeb6e03efd68e5b75b51383676898d03e',
    'Mosquitto (certificate of its tests)',
  ],
  // vernemq/vernemq, test/ssl/server.key
  ['7d4aa65a044c786c116560ce12f6bb261a3752fba6b981ab51e1d4e99fc460be', 'VerneMQ (certificate of its tests)'],
]);

/** The product with which a certificate's key is published; undefined for all others. */
export function knownCertificate({ publicKeySha256 }: CertificateFacts): string | undefined {
  return publicKeySha256 === undefined ? undefined : KNOWN_KEYS.get(publicKeySha256);
}
