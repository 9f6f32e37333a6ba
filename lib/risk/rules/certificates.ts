import { printable } from '../../model';
import { shakeHands, showCertificate } from '../commands';
import { CVSS } from '../cvss';
import { plural, some } from '../facts';
import { CERTIFICATE, fix, general } from '../fixes';
import { foundOrPassed, type Rule } from '../rule';
import { inspectedTls, tlsProblem } from './tls-problem';

const COMMON = {
  area: 'certificates',
  owasp: ['I7'],
  etsi: ['5.5-1'],
  mqttClause: 'MQTT 5.0 §5.4.3',
  confidence: 'proven',
  command: showCertificate,
} as const;

/** Days before the end of an issuer's certificate from which on it is told, as for the server's own. */
const ISSUER_SOON_DAYS = 30;

export const CERTIFICATE_RULES: readonly Rule[] = [
  tlsProblem(
    'expired',
    {
      ...COMMON,
      id: 'TLS-CERT-EXPIRED',
      title: 'The certificate has expired',
      ok: 'The certificate has not expired',
      why: 'Devices that check it no longer connect, and those that do not check it can be deceived.',
      fix: fix('Renew the certificate and let the renewal run by itself.', CERTIFICATE),
      cvss: CVSS.interceptLittle,
      cwe: ['CWE-298'],
      references: ['RFC 5280 §4.1.2.5'],
    },
    ({ certificate }) => `The certificate was valid until ${certificate?.validTo}.`,
  ),
  tlsProblem(
    'not-yet-valid',
    {
      ...COMMON,
      id: 'TLS-CERT-NOT-YET-VALID',
      title: 'The certificate is not valid yet',
      ok: 'The certificate is valid already',
      why: 'Devices that check it do not connect, and those that do not check it can be deceived.',
      fix: general('Check the clock of the broker, or wait with the new certificate.'),
      cvss: CVSS.interceptLittle,
      cwe: ['CWE-298'],
      references: ['RFC 5280 §4.1.2.5'],
    },
    ({ certificate }) => `The certificate becomes valid at ${certificate?.validFrom}.`,
  ),
  tlsProblem(
    'expires-soon',
    {
      ...COMMON,
      id: 'TLS-CERT-EXPIRES-SOON',
      title: 'The certificate expires soon',
      ok: 'The certificate holds for longer than the warning time',
      why: 'On the day after its end, devices that check it lose their connection all at once.',
      fix: fix('Renew the certificate now; devices that check it will lose their connection.', CERTIFICATE),
      cwe: ['CWE-298'],
      etsi: ['5.9-1'],
    },
    ({ certificate }) => `The certificate is valid for ${plural(certificate?.daysLeft ?? 0, 'more day')}.`,
  ),
  tlsProblem(
    'self-signed',
    {
      ...COMMON,
      id: 'TLS-CERT-SELF-SIGNED',
      title: 'The certificate is signed by itself',
      ok: 'The certificate is not signed by itself, or is trusted',
      why: 'Devices cannot tell it from one that somebody on the way has made.',
      fix: fix('Use a certificate of a CA that the devices know, an own one or a public one.', CERTIFICATE),
      cvss: CVSS.intercept,
      cwe: ['CWE-295'],
    },
    ({ certificate }) => `${certificate?.subject} is its own issuer, and no known CA.`,
  ),
  tlsProblem(
    'untrusted',
    {
      ...COMMON,
      id: 'TLS-CERT-UNTRUSTED',
      title: 'The certificate is not signed by a known CA',
      ok: 'The certificate is signed by a known CA',
      why: 'Devices that do not know this CA either refuse the broker, or do not check at all.',
      fix: general(
        'Add your own CA to the scan profile, have the broker send the whole chain, or use a public CA.',
      ),
      cvss: CVSS.intercept,
      cwe: ['CWE-295'],
      command: shakeHands,
    },
    ({ certificate, trustError }) => `Issuer ${certificate?.issuer}: ${trustError ?? 'unknown'}.`,
  ),
  tlsProblem(
    'incomplete-chain',
    {
      ...COMMON,
      id: 'TLS-CHAIN-INCOMPLETE',
      title: 'The broker does not send the whole certificate chain',
      ok: 'The certificate chain is complete',
      why: 'Devices that do not have the missing certificate by chance cannot check the broker.',
      fix: fix('Send the certificates between the server and its root too.', {
        ...CERTIFICATE,
        mosquitto: 'In certfile put the certificate of the server first, then those of its issuers.',
      }),
      cvss: CVSS.interceptLittle,
      cwe: ['CWE-295'],
      references: ['RFC 8446 §4.4.2'],
      command: shakeHands,
    },
    ({ chain }) =>
      `${plural(chain.length, 'certificate')} served; the issuer of the last, ${chain.at(-1)?.issuer}, is missing.`,
    'certificate',
    'untrusted',
  ),
  tlsProblem(
    'chain-order',
    {
      ...COMMON,
      id: 'TLS-CHAIN-ORDER',
      title: 'The certificate chain is out of order',
      ok: 'The certificate chain is in order',
      why: 'Small TLS libraries, as devices have them, refuse a chain that is not in order.',
      fix: general('Put the certificate of the server first, each followed by its issuer, and nothing else.'),
      cwe: ['CWE-295'],
      references: ['RFC 5246 §7.4.2'],
      command: (facts) => shakeHands(facts, ' -showcerts'),
    },
    ({ chain }) => `Served in this order: ${some(chain.map(({ subject }) => printable(subject, 80)))}.`,
  ),
  tlsProblem(
    'name-mismatch',
    {
      ...COMMON,
      id: 'TLS-CERT-NAME',
      title: 'The certificate is for another name',
      ok: 'The certificate is for the name or address that was scanned',
      why: 'Devices that check the name refuse the broker; those that do not take any certificate of the same CA.',
      fix: general('Issue the certificate for the names and addresses under which devices reach the broker.'),
      cvss: CVSS.intercept,
      cwe: ['CWE-297'],
      references: ['RFC 9525 §6'],
    },
    ({ certificate }) =>
      `The certificate holds for ${some(certificate?.subjectAltNames ?? []) || 'no name at all'}.`,
  ),
  tlsProblem(
    'odd-name',
    {
      ...COMMON,
      id: 'TLS-CERT-ODD-NAME',
      title: 'A name in the certificate has characters that mislead',
      ok: 'The names in the certificate are plain',
      why: 'A careless client reads another name than the CA has signed (CVE-2009-2408).',
      fix: fix('Replace the certificate, and find out who issued it.', CERTIFICATE),
      cvss: CVSS.intercept,
      cwe: ['CWE-297', 'CWE-158'],
    },
    ({ certificate }) =>
      `Names: ${some((certificate?.subjectAltNames ?? []).map((name) => printable(name, 80)))}.`,
  ),
  tlsProblem(
    'weak-key',
    {
      ...COMMON,
      id: 'TLS-CERT-WEAK-KEY',
      title: 'The key of the certificate is too short',
      ok: 'The key of the certificate is long enough',
      why: 'A key that can be calculated lets others take the place of the broker.',
      fix: general('Use RSA with 2048 bits or more, or an elliptic curve with 256.'),
      cvss: CVSS.intercept,
      cwe: ['CWE-326'],
      references: ['NIST SP 800-131A'],
    },
    ({ certificate }) => `The key is ${certificate?.keyType} with ${certificate?.keyBits} bits.`,
  ),
  tlsProblem(
    'weak-signature',
    {
      ...COMMON,
      id: 'TLS-CERT-WEAK-SIGNATURE',
      title: 'The certificate is signed with SHA-1 or MD5',
      ok: 'The certificate is signed with a sound hash',
      why: 'Another certificate with the same signature can be made.',
      fix: fix('Have the certificate issued again with SHA-256 or better.', CERTIFICATE),
      cvss: CVSS.intercept,
      cwe: ['CWE-328'],
      references: ['RFC 9155'],
    },
    ({ chain }) =>
      `Signatures in the chain: ${some([...new Set(chain.flatMap(({ signatureAlgorithm: a }) => (a ? [a] : [])))]) || 'unknown'}.`,
  ),
  tlsProblem(
    'long-lifetime',
    {
      ...COMMON,
      id: 'TLS-CERT-LIFETIME',
      title: 'The certificate of a public CA is valid for too long',
      ok: 'The certificate is not valid for longer than public CAs may issue',
      why: 'Browsers and newer TLS libraries refuse it, and a stolen key serves its thief for longer.',
      fix: fix('Have it issued for a shorter time and let the renewal run by itself.', CERTIFICATE),
      cwe: ['CWE-298'],
      references: ['CA/Browser Forum BR §6.3.2'],
    },
    ({ certificate }) => `It is valid for ${plural(certificate?.lifetimeDays ?? 0, 'day')}.`,
  ),
  tlsProblem(
    'ca-as-server',
    {
      ...COMMON,
      id: 'TLS-CERT-CA-AS-SERVER',
      title: 'The server certificate is one of a CA',
      ok: 'The server certificate cannot sign others',
      why: 'Whoever steals the key of the broker can make certificates for any name.',
      fix: fix(
        'Keep the CA away from the broker, and issue a certificate of its own to the broker.',
        CERTIFICATE,
      ),
      cvss: CVSS.interceptLittle,
      cwe: ['CWE-295'],
      references: ['RFC 5280 §4.2.1.9'],
    },
    ({ certificate }) => `${certificate?.subject} is marked as a CA.`,
  ),
  tlsProblem(
    'known-certificate',
    {
      ...COMMON,
      id: 'TLS-CERT-KNOWN-KEY',
      title: 'The certificate comes with a product, and its key is public',
      ok: 'The certificate is none that comes with a product',
      why: 'Anybody can download the private key and take the place of the broker.',
      fix: fix('Make a key of your own and have a certificate issued for it.', CERTIFICATE),
      cvss: CVSS.noEncryption,
      cwe: ['CWE-321', 'CWE-1392'],
      owasp: ['I1', 'I9'],
      etsi: ['5.4-3'],
    },
    ({ knownCertificate }) =>
      `It is the certificate that ${knownCertificate ?? 'a product'} is shipped with.`,
  ),
  {
    ...COMMON,
    id: 'TLS-CERT-WILDCARD',
    title: 'The certificate holds for every name of a domain',
    ok: 'The certificate names its hosts singly',
    why: 'One stolen key serves for every host of the domain.',
    fix: fix('Issue a certificate for the name of the broker alone.', CERTIFICATE),
    references: ['RFC 9525 §7.1'],
    check: (facts) =>
      inspectedTls(facts, 'certificate', ({ certificate }) => {
        const wildcards = (certificate?.subjectAltNames ?? []).filter((name) => name.includes('*'));
        return foundOrPassed(wildcards.length > 0 && `The certificate holds for ${some(wildcards)}.`);
      }),
  },
  {
    ...COMMON,
    id: 'TLS-CHAIN-EXPIRED',
    title: 'The certificate of an issuer has expired or expires soon',
    ok: 'The certificates of the issuers hold',
    why: 'With its issuer the certificate of the broker ends too, on all devices at once.',
    fix: general('Renew the certificates of the issuers, and give the new root to the devices in time.'),
    cwe: ['CWE-298'],
    etsi: ['5.9-1'],
    references: ['RFC 5280 §6.1.3'],
    command: (facts) => shakeHands(facts, ' -showcerts'),
    check: (facts) =>
      inspectedTls(facts, 'certificate', ({ chain }) => {
        const ending = chain.slice(1).find(({ daysLeft }) => daysLeft < ISSUER_SOON_DAYS);
        return foundOrPassed(
          ending &&
            `${printable(ending.subject, 80)}, an issuer in the chain, is valid until ${ending.validTo}.`,
        );
      }),
  },
  {
    ...COMMON,
    id: 'TLS-CERT-USAGE',
    title: 'The certificate is not meant for servers',
    ok: 'The certificate is meant for servers',
    why: 'Devices that check the purpose refuse it.',
    fix: fix('Have it issued with the extended key usage serverAuth.', CERTIFICATE),
    cwe: ['CWE-295'],
    references: ['RFC 5280 §4.2.1.12'],
    check: (facts) =>
      inspectedTls(facts, 'certificate', ({ certificate }) => {
        const usage = certificate?.extendedKeyUsage;
        const isForServers =
          usage === undefined || usage.includes('serverAuth') || usage.includes('anyExtendedKeyUsage');
        return foundOrPassed(!isForServers && `Its extended key usage is ${some(usage ?? [])}.`);
      }),
  },
  {
    ...COMMON,
    id: 'TLS-CERT-NO-REVOCATION',
    title: 'The certificate of a public CA cannot be revoked in a way that devices see',
    ok: 'The certificate tells where its revocation can be looked up',
    why: 'When the key is stolen, the certificate keeps its force until its last day.',
    fix: general('Have it issued with an OCSP or CRL address, or for a few days only.'),
    cwe: ['CWE-299'],
    references: ['RFC 5280 §4.2.1.13'],
    check: (facts) =>
      inspectedTls(facts, 'certificate', ({ certificate, trustedBy }) => {
        if (trustedBy !== 'system' || !certificate) return undefined;
        const { ocspUrls = [], crlUrls = [], lifetimeDays = 0 } = certificate;
        // Short-lived certificates need none (CA/Browser Forum BR §7.1.2.11.2).
        const canBeRevoked = ocspUrls.length + crlUrls.length > 0 || lifetimeDays <= 10;
        return foundOrPassed(!canBeRevoked && 'It names neither an OCSP responder nor a revocation list.');
      }),
  },
];
