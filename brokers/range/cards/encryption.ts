import type { CardScan, EmbeddedRecipe, MosquittoRecipe, RangeCard } from '../card';
import { RANGE_LOGIN, SENSOR_ACL, SENSOR_MESSAGES } from './messages';

/** All else is as it should be, so that the certificate or the handshake is the finding. */
const MOSQUITTO: MosquittoRecipe = {
  lines: ['allow_anonymous false', 'tls_version tlsv1.2'],
  logins: [RANGE_LOGIN],
  acl: SENSOR_ACL,
};
const EMBEDDED: EmbeddedRecipe = { logins: [RANGE_LOGIN], readable: ['sensors/#'], writable: ['sensors/#'] };
/** OpenSSL lets weak keys, signatures and versions pass at security level 0 only. */
const LEVEL_0 = 'DEFAULT:@SECLEVEL=0';
const SCAN: CardScan = { login: RANGE_LOGIN };
const CERTIFICATE_FIX = 'Issue a new certificate with npm run lab:certs';

const EMBEDDED_TLS = {
  transport: 'tls',
  embedded: EMBEDDED,
  certificate: 'good',
  messages: SENSOR_MESSAGES,
  scan: SCAN,
} as const satisfies Partial<RangeCard>;
const TLS = { ...EMBEDDED_TLS, mosquitto: MOSQUITTO } as const;

/** Certificates and handshakes. */
export const ENCRYPTION_CARDS: readonly RangeCard[] = [
  {
    ...TLS,
    id: 'anonymous-tls',
    title: 'Encrypted, and open',
    wrong: 'TLS with a certificate that holds, but no login.',
    finds: 'Anonymous access over TLS, and the sensors.',
    fix: 'Set allow_anonymous false and give each device a login.',
    mosquitto: { lines: ['allow_anonymous true', 'tls_version tlsv1.2'], acl: 'topic read sensors/#\n' },
    embedded: { readable: ['sensors/#'], writable: [] },
    scan: {},
    expected: { outcome: 'open', level: 'HIGH', findings: ['AUTH-ANON', 'ACL-READ-ALL'] },
  },
  {
    ...TLS,
    id: 'expired',
    title: 'The certificate of last year',
    wrong: 'The certificate has ended: clients refuse it, or have been told to look away.',
    finds: 'When it ended.',
    fix: `${CERTIFICATE_FIX}, and renew it before its last month.`,
    certificate: 'expired',
    expected: { outcome: 'open', level: 'HIGH', findings: ['TLS-CERT-EXPIRED', 'DATA-READABLE'] },
  },
  {
    ...TLS,
    id: 'ends-soon',
    title: 'Ten days to go',
    wrong: 'The certificate ends in ten days.',
    finds: 'The days that are left.',
    fix: `${CERTIFICATE_FIX} now.`,
    certificate: 'ends-soon',
    expected: { outcome: 'open', level: 'MEDIUM', findings: ['TLS-CERT-EXPIRES-SOON', 'DATA-READABLE'] },
  },
  {
    ...TLS,
    id: 'not-yet-valid',
    title: 'A certificate of tomorrow',
    wrong: 'It was made on a machine whose clock runs ahead.',
    finds: 'When it begins.',
    fix: `${CERTIFICATE_FIX} on a machine with the right time.`,
    certificate: 'not-yet-valid',
    expected: { outcome: 'open', level: 'HIGH', findings: ['TLS-CERT-NOT-YET-VALID', 'DATA-READABLE'] },
  },
  {
    ...TLS,
    id: 'self-signed',
    title: 'Vouching for oneself',
    wrong: "The certificate is signed by its own key: nobody can tell it from an impostor's.",
    finds: 'A certificate that no CA vouches for.',
    fix: 'Make a CA of your own, sign the certificate with it, and give clients the CA.',
    certificate: 'self-signed',
    expected: { outcome: 'open', level: 'MEDIUM', findings: ['TLS-CERT-SELF-SIGNED', 'DATA-READABLE'] },
  },
  {
    ...TLS,
    id: 'unknown-ca',
    title: "Somebody else's CA",
    wrong: 'A CA that nobody was told of has signed the certificate.',
    finds: 'A chain that ends at no trusted CA.',
    fix: 'Sign it with the CA that the clients know, or give them this one.',
    certificate: 'unknown-ca',
    expected: { outcome: 'open', level: 'MEDIUM', findings: ['TLS-CERT-UNTRUSTED', 'DATA-READABLE'] },
  },
  {
    ...TLS,
    id: 'other-name',
    title: 'A certificate for another broker',
    wrong: 'The certificate names broker.example and not the address that clients dial.',
    finds: 'The names it carries.',
    fix: `${CERTIFICATE_FIX} -- --name <name or address>, with all names that clients dial.`,
    certificate: 'other-name',
    expected: { outcome: 'open', level: 'MEDIUM', findings: ['TLS-CERT-NAME', 'DATA-READABLE'] },
  },
  {
    ...EMBEDDED_TLS,
    id: 'weak-key',
    title: 'A key that is too short',
    wrong: 'The key is RSA with 1024 bits.',
    finds: 'Its length.',
    fix: `${CERTIFICATE_FIX}: RSA 2048 or longer, or P-256.`,
    certificate: 'weak-key',
    embedded: { ...EMBEDDED, tls: { minVersion: 'TLSv1.2', ciphers: LEVEL_0 } },
    expected: { outcome: 'open', level: 'HIGH', findings: ['TLS-CERT-WEAK-KEY', 'DATA-READABLE'] },
  },
  {
    ...EMBEDDED_TLS,
    id: 'old-tls',
    title: 'TLS of 1999',
    wrong: 'TLS 1.0 and 1.1 are still spoken.',
    finds: 'The old versions among those accepted.',
    fix: 'Set tls_version tlsv1.2: the oldest version that is accepted.',
    embedded: { ...EMBEDDED, tls: { minVersion: 'TLSv1', ciphers: LEVEL_0 } },
    expected: { outcome: 'open', level: 'MEDIUM', findings: ['TLS-OLD-PROTOCOL', 'DATA-READABLE'] },
  },
  {
    ...EMBEDDED_TLS,
    id: 'no-forward-secrecy',
    title: 'Recorded today, read tomorrow',
    wrong:
      'Only suites that exchange keys by RSA: who gets the private key later reads all that was recorded.',
    finds: 'No suite with forward secrecy.',
    fix: 'Take the ciphers line out: the defaults of OpenSSL 3 have forward secrecy.',
    certificate: 'rsa',
    embedded: {
      ...EMBEDDED,
      tls: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' },
    },
    expected: { outcome: 'open', level: 'LOW', findings: ['TLS-NO-FORWARD-SECRECY', 'DATA-READABLE'] },
  },
  {
    ...TLS,
    id: 'client-certificate',
    title: 'Certificates on both sides',
    wrong: 'Nothing: only clients with a certificate of the lab get in. Without one, nothing can be checked.',
    finds: 'A listener that demands a client certificate.',
    fix: 'Nothing to mend. Give the scan a client certificate (tls-config) to look behind the door.',
    mosquitto: {
      lines: ['allow_anonymous false', 'require_certificate true', 'use_identity_as_username true'],
    },
    messages: [],
    scan: {},
    expected: { outcome: 'tls-error', level: 'MEDIUM', findings: ['TLS-HANDSHAKE'] },
  },
  ...(['first', 'second'] as const).map(
    (which): RangeCard => ({
      ...TLS,
      id: `shared-key-${which}`,
      title: `One key for two brokers: the ${which}`,
      wrong:
        'Two brokers have the same private key, as devices of one firmware do: who opens one opens both.',
      finds: 'The same public key on two addresses, told of the scan as a whole.',
      fix: 'Make a key for each broker, on the broker.',
      certificate: 'shared',
      expected: { outcome: 'open', level: 'LOW', findings: ['DATA-READABLE'] },
    }),
  ),
];
