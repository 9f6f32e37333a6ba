import { type CertificateRequest, createCertificate, type IssuedCertificate } from '../create-certificate';

/**
 * What a card's certificate is like. `good` is signed by the range's CA for the card's address; each other kind
 * gets one thing wrong. `shared` is one key and certificate for all cards that name it; `rsa` is good, with a key that
 * suites without forward secrecy need.
 */
export type RangeCertificate =
  | 'good'
  | 'shared'
  | 'expired'
  | 'ends-soon'
  | 'not-yet-valid'
  | 'self-signed'
  | 'unknown-ca'
  | 'other-name'
  | 'rsa'
  | 'weak-key';

const DAY = 86_400_000;
const VALID_DAYS = 300;

/** P-256: made in no time, and known to all clients. */
const KEY_TYPE = 'ec-p256';

/** A CA whose certificates the scan is told to trust, or (`unknown-ca`) is not. */
export function createRangeCa(now: Date, commonName = 'MQTT Scanner Range CA'): Promise<IssuedCertificate> {
  return createCertificate({ commonName, ca: true, keyType: KEY_TYPE, ...valid(now) });
}

/** One certificate of a kind, for brokers at the given addresses. */
export async function createRangeCertificate(
  kind: RangeCertificate,
  addresses: readonly string[],
  ca: IssuedCertificate,
  now: Date,
): Promise<IssuedCertificate> {
  const good: CertificateRequest = {
    commonName: 'range',
    names: addresses,
    keyType: KEY_TYPE,
    ...valid(now),
  };
  if (kind === 'self-signed') return createCertificate(good);
  const issuer = kind === 'unknown-ca' ? await createRangeCa(now, 'Another CA') : ca;
  return createCertificate({ ...good, issuer, ...departure(kind, now.getTime()) });
}

/** What a kind gets wrong. */
function departure(kind: RangeCertificate, now: number): Partial<CertificateRequest> {
  switch (kind) {
    case 'expired':
      return { notBefore: new Date(now - 335 * DAY), notAfter: new Date(now - 35 * DAY) };
    case 'ends-soon':
      return { notAfter: new Date(now + 10 * DAY) };
    case 'not-yet-valid':
      return { notBefore: new Date(now + 2 * DAY) };
    case 'other-name':
      return { commonName: 'broker.example', names: ['broker.example'] };
    case 'rsa':
      return { keyType: 'rsa-2048' };
    case 'weak-key':
      return { keyType: 'rsa-1024' };
    default:
      return {};
  }
}

function valid(now: Date): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now.getTime() - DAY), notAfter: new Date(now.getTime() + VALID_DAYS * DAY) };
}
