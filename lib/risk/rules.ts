import { type EndpointReport, isEncrypted, type RightVerdict, type TlsProblem } from '../model';

/** One thing that can be wrong. How bad it is stands in the policy. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly remediation: string;
  readonly references: readonly string[];
  /** What was seen, in words; undefined when the rule does not apply. Pure. */
  readonly evidence: (report: EndpointReport) => string | undefined;
}

const spokeMqtt = ({ outcome }: EndpointReport): boolean => outcome === 'open' || outcome === 'auth-failed';

function isAnonymous({ probe, auth }: EndpointReport): boolean {
  return auth ? auth.anonymous.verdict === 'accepted' : probe?.openedAs === 'anonymous';
}

/** Topics of applications that were read; the broker's own start with `$`. */
function topicsRead({ traffic }: EndpointReport): number {
  return traffic?.topics.filter(({ topic }) => !topic.startsWith('$')).length ?? 0;
}

function readVerdict(report: EndpointReport, as: 'anonymous' | 'credentials', filter: string): RightVerdict {
  const rights = report.auth?.authorisation.find((login) => login.as === as);
  return rights?.read.find((right) => right.filter === filter)?.verdict ?? 'not-tested';
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** A rule about the certificate or the handshake. `say` makes the evidence from the report. */
function tlsRule(
  problem: TlsProblem,
  rule: Omit<Rule, 'evidence'>,
  say: (tls: NonNullable<EndpointReport['tls']>) => string,
): Rule {
  return { ...rule, evidence: ({ tls }) => (tls?.problems.includes(problem) ? say(tls) : undefined) };
}

export const RULES: readonly Rule[] = [
  {
    id: 'NET-PLAINTEXT',
    title: 'Messages and logins cross the network unencrypted',
    remediation:
      'Offer MQTT over TLS only: give the broker a certificate, close the plain listener, or bind it to 127.0.0.1.',
    references: ['CWE-319', 'OWASP IoT Top 10 2018: I7', 'MQTT 5.0 §5.4.5'],
    evidence: (report) =>
      spokeMqtt(report) && !isEncrypted(report.transport)
        ? `The broker at ${report.url} speaks MQTT without TLS.`
        : undefined,
  },
  {
    id: 'AUTH-ANON',
    title: 'Anyone may connect without a login',
    remediation:
      'Switch anonymous access off (mosquitto: allow_anonymous false) and give every device a login.',
    references: ['CWE-306', 'OWASP IoT Top 10 2018: I1', 'MQTT 5.0 §5.4.1'],
    evidence: (report) =>
      spokeMqtt(report) && isAnonymous(report)
        ? 'A CONNECT without user name and password was accepted.'
        : undefined,
  },
  {
    id: 'AUTH-DEFAULT-CREDS',
    title: 'A login that the product ships with is let in',
    remediation: 'Change the password, or remove the account.',
    references: ['CWE-1392', 'OWASP IoT Top 10 2018: I1'],
    evidence: ({ auth }) =>
      auth?.defaultCredentials.verdict === 'accepted'
        ? `The published default password of ${auth.defaultCredentials.accepted.join(', ')} was accepted.`
        : undefined,
  },
  {
    id: 'AUTH-NOT-CHECKED',
    title: 'The broker refused us, so what lies behind its login could not be checked',
    remediation: 'Scan again with a login for this broker, so that access rights and data can be checked.',
    references: ['MQTT 5.0 §5.4.1'],
    evidence: ({ outcome, probe }) =>
      outcome === 'auth-failed' ? `The answer to CONNECT was: ${probe?.reason ?? 'refused'}.` : undefined,
  },
  {
    id: 'ACL-READ-ALL',
    title: 'A stranger can read what the devices send',
    remediation: 'Require a login and give each account only the topics that it needs (mosquitto: acl_file).',
    references: ['CWE-862', 'MQTT 5.0 §5.4.2'],
    evidence: (report) => {
      if (!isAnonymous(report)) return undefined;
      const topics = report.traffic?.listenedAs === 'anonymous' ? topicsRead(report) : 0;
      if (topics > 0) return `Without a login, messages of ${plural(topics, 'topic')} were received.`;
      return readVerdict(report, 'anonymous', '#') === 'proven'
        ? 'Without a login, messages were received on the filter #.'
        : undefined;
    },
  },
  {
    id: 'ACL-WRITE',
    title: 'A stranger can publish messages',
    remediation: 'Require a login and give each account only the topics that it needs (mosquitto: acl_file).',
    references: ['CWE-862', 'MQTT 5.0 §5.4.2'],
    evidence: ({ auth }) =>
      auth?.authorisation.some(({ as, write }) => as === 'anonymous' && write === 'proven')
        ? 'Without a login, a message to a random topic was accepted and came back.'
        : undefined,
  },
  {
    id: 'ACL-SYS-READ',
    title: 'The broker tells about itself',
    remediation: 'Deny $SYS/# to accounts that do not watch over the broker.',
    references: ['CWE-200'],
    evidence: (report) => {
      const as = (['anonymous', 'credentials'] as const).find(
        (login) => readVerdict(report, login, '$SYS/#') === 'proven',
      );
      if (!as) return undefined;
      return `Messages under $SYS were received ${as === 'anonymous' ? 'without a login' : 'with the login given'}.`;
    },
  },
  {
    id: 'DATA-READABLE',
    title: 'The login that was given can read device data',
    remediation: 'Check that this account needs all the topics that it can read, and narrow them if not.',
    references: ['CWE-863', 'MQTT 5.0 §5.4.2'],
    evidence: (report) => {
      // Where a stranger may read, that is the finding.
      if (isAnonymous(report)) return undefined;
      const topics = report.traffic?.listenedAs === 'credentials' ? topicsRead(report) : 0;
      if (topics > 0) return `With the login given, messages of ${plural(topics, 'topic')} were received.`;
      return readVerdict(report, 'credentials', '#') === 'proven'
        ? 'With the login given, messages were received on the filter #.'
        : undefined;
    },
  },
  {
    id: 'TLS-HANDSHAKE',
    title: 'TLS answered, but no connection came about, so nothing could be checked',
    remediation:
      'Find out why the handshake fails: a client certificate may be required, or the versions differ.',
    references: ['RFC 8446 §6.2'],
    evidence: ({ outcome, probe }) =>
      outcome === 'tls-error' ? `The handshake failed: ${probe?.reason ?? 'unknown'}.` : undefined,
  },
  tlsRule(
    'expired',
    {
      id: 'TLS-CERT-EXPIRED',
      title: 'The certificate has expired',
      remediation: 'Renew the certificate and let the renewal run by itself.',
      references: ['CWE-298', 'RFC 5280 §4.1.2.5'],
    },
    ({ certificate }) => `The certificate was valid until ${certificate?.validTo}.`,
  ),
  tlsRule(
    'not-yet-valid',
    {
      id: 'TLS-CERT-NOT-YET-VALID',
      title: 'The certificate is not valid yet',
      remediation: 'Check the clock of the broker, or wait with the new certificate.',
      references: ['CWE-298', 'RFC 5280 §4.1.2.5'],
    },
    ({ certificate }) => `The certificate becomes valid at ${certificate?.validFrom}.`,
  ),
  tlsRule(
    'expires-soon',
    {
      id: 'TLS-CERT-EXPIRES-SOON',
      title: 'The certificate expires soon',
      remediation: 'Renew the certificate now; devices that check it will lose their connection.',
      references: ['CWE-298'],
    },
    ({ certificate }) => `The certificate is valid for ${plural(certificate?.daysLeft ?? 0, 'more day')}.`,
  ),
  tlsRule(
    'self-signed',
    {
      id: 'TLS-CERT-SELF-SIGNED',
      title: 'The certificate is signed by itself',
      remediation: 'Use a certificate of a CA that the devices know, an own one or a public one.',
      references: ['CWE-295'],
    },
    ({ certificate }) => `${certificate?.subject} is its own issuer, and no known CA.`,
  ),
  tlsRule(
    'untrusted',
    {
      id: 'TLS-CERT-UNTRUSTED',
      title: 'The certificate is not signed by a known CA',
      remediation:
        'Add your own CA to the scan profile, have the broker send the whole chain, or use a public CA.',
      references: ['CWE-295'],
    },
    ({ certificate, trustError }) => `Issuer ${certificate?.issuer}: ${trustError ?? 'unknown'}.`,
  ),
  tlsRule(
    'name-mismatch',
    {
      id: 'TLS-CERT-NAME',
      title: 'The certificate is for another name',
      remediation: 'Issue the certificate for the names and addresses under which devices reach the broker.',
      references: ['CWE-297', 'RFC 9525 §6'],
    },
    ({ certificate }) =>
      `The certificate holds for ${certificate?.subjectAltNames.join(', ') || 'no name at all'}.`,
  ),
  tlsRule(
    'weak-key',
    {
      id: 'TLS-CERT-WEAK-KEY',
      title: 'The key of the certificate is too short',
      remediation: 'Use RSA with 2048 bits or more, or an elliptic curve with 256.',
      references: ['CWE-326', 'NIST SP 800-131A'],
    },
    ({ certificate }) => `The key is ${certificate?.keyType} with ${certificate?.keyBits} bits.`,
  ),
  tlsRule(
    'old-protocol',
    {
      id: 'TLS-OLD-PROTOCOL',
      title: 'Outdated TLS versions are accepted',
      remediation: 'Allow TLS 1.2 and 1.3 only (mosquitto: tls_version tlsv1.2).',
      references: ['CWE-327', 'RFC 8996'],
    },
    ({ versions }) => `Handshakes succeeded with ${versions.join(', ')}.`,
  ),
  {
    id: 'NET-NO-BROKER',
    title: 'No MQTT broker was found here, so nothing was tested',
    remediation: 'Nothing to do, unless a broker was expected here.',
    references: [],
    evidence: ({ outcome, probe }) => {
      if (outcome === 'not-mqtt') return `What answers is not MQTT: ${probe?.service ?? 'unknown'}.`;
      if (outcome === 'closed') return 'The connection was refused.';
      return outcome === 'unreachable' ? 'Nothing answered.' : undefined;
    },
  },
];
