import type {
  AnonymousVariant,
  LoginResult,
  ProtocolVersion,
  SessionSafetyResult,
  VersionAnswer,
} from '../../model';
import { askForMethod, connect, connectTwice, subscribe } from '../commands';
import { CVSS } from '../cvss';
import { type Facts, isStrangerRefused, plural, REASONS, some } from '../facts';
import { DEFAULT_LOGIN, fix, general, NO_ANONYMOUS } from '../fixes';
import { type CheckResult, type Found, foundOrPassed, PASSED, type Rule } from '../rule';

const AREA = { area: 'authentication', confidence: 'proven' } as const;
const EMPTY_LOGINS: Readonly<Partial<Record<AnonymousVariant, string>>> = {
  'empty-user-name': " -u ''",
  'empty-password': " -u scan-check -P ''",
};
const VERSION_NAMES: Readonly<Record<ProtocolVersion, string>> = { 3: '3.1', 4: '3.1.1', 5: '5.0' };

export const AUTHENTICATION_RULES: readonly Rule[] = [
  {
    ...AREA,
    id: 'AUTH-ANON',
    title: 'Anyone may connect without a login',
    ok: 'A client without a login is refused',
    why: 'Nobody has to know a secret to reach what the devices send and do.',
    fix: NO_ANONYMOUS,
    cvss: CVSS.entry,
    cwe: ['CWE-306'],
    owasp: ['I1', 'I9'],
    etsi: ['5.1-1', '5.5-5'],
    mqttClause: 'MQTT 5.0 §5.4.1',
    command: (facts) => connect(facts, { version: facts.report.auth?.anonymous.protocolVersion }),
    check: (facts) => {
      if (!facts.spokeMqtt) return undefined;
      if (facts.isAnonymous) return { evidence: 'A CONNECT without user name and password was accepted.' };
      return facts.withoutStrangers();
    },
  },
  {
    ...AREA,
    id: 'AUTH-ACCEPT-ANY',
    title: 'Any user name with any password is let in',
    ok: 'A random name with a random password is refused',
    why: 'The login looks like protection and is none.',
    fix: fix('Have the broker check names and passwords, and switch anonymous access off.', NO_ANONYMOUS),
    cvss: CVSS.entry,
    cwe: ['CWE-287'],
    owasp: ['I1', 'I9'],
    etsi: ['5.1-1', '5.5-5'],
    mqttClause: 'MQTT 5.0 §5.4.1',
    command: (facts) => connect(facts, { login: ' -u scan-check -P scan-check' }),
    check: (facts) => {
      const random = facts.report.auth?.randomLogin;
      // Where nobody needs a login, it is no wonder that any is taken: one cause, one finding.
      if (!facts.spokeMqtt || facts.isAnonymous) return undefined;
      return loginVerdict(random, facts, 'A random user name and password were accepted.');
    },
  },
  {
    ...AREA,
    id: 'AUTH-DEFAULT-CREDS',
    title: 'A login that the product ships with is let in',
    ok: 'Published default logins are refused',
    why: 'Default logins are the first thing that attackers and worms try.',
    fix: DEFAULT_LOGIN,
    cvss: CVSS.takeover,
    cwe: ['CWE-1392', 'CWE-798'],
    owasp: ['I1'],
    etsi: ['5.1-1'],
    mqttClause: 'MQTT 5.0 §5.4.1',
    command: (facts) => connect(facts, { as: 'credentials' }),
    check: ({ spokeMqtt, report: { auth } }) => {
      if (!spokeMqtt) return undefined;
      if (!auth) return { notTested: REASONS.noAuth };
      const { verdict, accepted, tried, meaning } = auth.defaultCredentials;
      if (verdict === 'accepted') {
        return { evidence: `The published default password of ${some(accepted)} was accepted.` };
      }
      if (verdict === 'not-tested') return { notTested: meaning || REASONS.defaults };
      if (verdict === 'inconclusive') {
        const first = tried > 0 ? `${plural(tried, 'login')} tried and refused, the rest ` : '';
        return { notTested: `${first}${meaning || REASONS.undecided}` };
      }
      return tried > 0 ? PASSED : { notTested: REASONS.defaults };
    },
  },
  {
    ...AREA,
    id: 'AUTH-NOT-CHECKED',
    title: 'The broker refused us, so what lies behind its login could not be checked',
    ok: 'The broker let us in, so that access rights and data could be checked',
    why: 'Weak rights and open data behind the login stay unseen in this report.',
    fix: general('Scan again with a login for this broker, so that access rights and data can be checked.'),
    mqttClause: 'MQTT 5.0 §5.4.1',
    command: (facts) => connect(facts),
    check: (facts) => {
      if (!facts.spokeMqtt) return undefined;
      return facts.report.outcome === 'auth-failed'
        ? { evidence: `The answer to CONNECT was: ${facts.refusal}.` }
        : PASSED;
    },
  },
  {
    ...AREA,
    id: 'AUTH-GIVEN-REFUSED',
    title: 'The login that was given for the scan is refused',
    ok: 'The login that was given for the scan is accepted',
    why: 'The scan could not look behind the login, or devices that use it are locked out.',
    fix: general('Check the user name and the password, and whether the account is blocked.'),
    command: (facts) => connect(facts, { as: 'credentials' }),
    check: ({ report: { auth } }) => {
      const given = auth?.credentials;
      if (!given || given.verdict === 'not-tested') return undefined;
      if (given.verdict === 'inconclusive') return undecided(given);
      return foundOrPassed(given.verdict === 'refused' && `The answer was: ${given.meaning || 'refused'}.`);
    },
  },
  {
    ...AREA,
    id: 'AUTH-DOWNGRADE',
    title: 'One protocol version is refused without a login, another is let in',
    ok: 'All protocol versions treat a client without a login alike',
    why: 'A client that asks in another version of MQTT walks around the login.',
    fix: fix('Apply the same authentication to every protocol version and listener.', {
      ...NO_ANONYMOUS,
      mosquitto:
        'In mosquitto.conf set "allow_anonymous false" globally; with per_listener_settings, in every listener.',
    }),
    cvss: CVSS.entry,
    cwe: ['CWE-757', 'CWE-288'],
    owasp: ['I9'],
    etsi: ['5.5-5'],
    mqttClause: 'MQTT 5.0 §5.4.1',
    command: (facts) =>
      `${connect(facts, { version: 4 })}; ${connect(facts, { version: 5 })}; ${connect(facts, { version: 3 })}`,
    check: checkVersions,
  },
  {
    ...AREA,
    id: 'AUTH-USER-NO-PASSWORD',
    title: 'A user name without a password is enough',
    ok: 'A user name without a password is refused',
    why: 'Who knows or guesses a name needs no password (CVE-2016-9877).',
    fix: fix('Update the broker, and have it refuse logins without a password.', {
      rabbitmq: 'Update RabbitMQ to 3.6.6 or newer.',
    }),
    cvss: CVSS.entry,
    cwe: ['CWE-287'],
    owasp: ['I1', 'I9'],
    etsi: ['5.1-1', '5.5-5'],
    mqttClause: 'MQTT 5.0 §3.1.2.9',
    command: (facts) => connect(facts, { login: ' -u scan-check' }),
    check: (facts) =>
      variantVerdict(facts, ['no-password'], () => ({
        evidence: 'A random user name without a password was accepted.',
      })),
  },
  {
    ...AREA,
    id: 'AUTH-EMPTY-LOGIN',
    title: 'An empty user name or password counts as a login',
    ok: 'Empty user names and passwords are refused',
    why: 'A client that sends nothing is treated like one that has proved who it is.',
    fix: fix('Have the broker refuse empty names and passwords.', NO_ANONYMOUS),
    cvss: CVSS.entry,
    cwe: ['CWE-287'],
    owasp: ['I1', 'I9'],
    etsi: ['5.1-1', '5.5-5'],
    mqttClause: 'MQTT 5.0 §5.4.1',
    command: (facts) => connect(facts, { login: EMPTY_LOGINS['empty-user-name'] }),
    check: (facts) =>
      variantVerdict(facts, ['empty-user-name', 'empty-password'], (variant) => ({
        evidence:
          variant === 'empty-password'
            ? 'A random user name with an empty password was accepted.'
            : 'An empty user name was accepted.',
        command: connect(facts, { login: EMPTY_LOGINS[variant] ?? '' }),
      })),
  },
  {
    ...AREA,
    id: 'AUTH-CERTIFICATE-ONLY-ASKED',
    title: 'The client certificate given is no login',
    ok: 'The client certificate given is a login, or part of one',
    why: 'A certificate that is asked for and then not used protects nothing.',
    fix: general(
      'Have the broker take the user from the certificate (mosquitto: use_identity_as_username true).',
    ),
    mqttClause: 'MQTT 5.0 §5.4.1',
    command: (facts) => connect(facts, { as: 'certificate' }),
    check: ({ report: { auth } }) => {
      const certificate = auth?.clientCertificate;
      if (!certificate || certificate.verdict === 'not-tested') return undefined;
      if (certificate.verdict === 'inconclusive') return undecided(certificate);
      const { verdict, outcome, meaning } = auth.anonymous;
      // Where TLS lets nobody in without one, it counts, though a password may be asked for besides.
      if (certificate.isLogin || outcome === 'certificate-required') return PASSED;
      if (verdict === 'not-tested') return { notTested: meaning };
      return foundOrPassed(
        verdict === certificate.verdict &&
          'With the client certificate the broker answers as it does without.',
      );
    },
  },
  {
    ...AREA,
    id: 'AUTH-TAKEOVER',
    title: 'A second client with the same identifier takes the session over',
    ok: 'Nobody can take over the session of another by its identifier',
    why: 'It is what MQTT prescribes; but who may choose any identifier can push devices out by theirs.',
    fix: fix('Tie client identifiers to accounts.', {
      mosquitto: 'In mosquitto.conf set "use_username_as_clientid true".',
      emqx: 'In emqx.conf set mqtt.use_username_as_clientid = true.',
      hivemq: 'Check the client identifier in a security extension.',
      vernemq: 'In the authentication check that the client identifier belongs to the user.',
    }),
    cwe: ['CWE-694'],
    mqttClause: 'MQTT 5.0 §3.1.4',
    command: connectTwice,
    check: (facts) =>
      sessionSafety(facts, ({ takeover }) =>
        takeover === 'inconclusive'
          ? { notTested: REASONS.twoSessions }
          : foundOrPassed(
              takeover === 'taken-over' &&
                'Of two own connections with the same random identifier, the older was ended.',
            ),
      ),
  },
  {
    ...AREA,
    id: 'AUTH-DUPLICATE-ID',
    title: 'Two clients with the same identifier are connected at once',
    ok: 'An identifier belongs to one connection at a time',
    why: 'The standard forbids it; messages may reach the wrong one of the two.',
    fix: general('Use a broker that keeps to the standard here, or update this one.'),
    cvss: CVSS.hijack,
    cwe: ['CWE-694'],
    mqttClause: 'MQTT 5.0 §3.1.4',
    command: connectTwice,
    check: (facts) =>
      sessionSafety(facts, ({ takeover }) =>
        takeover === 'inconclusive'
          ? { notTested: REASONS.twoSessions }
          : foundOrPassed(
              takeover === 'both-kept' && 'Two own connections with the same random identifier were kept.',
            ),
      ),
  },
  {
    ...AREA,
    id: 'AUTH-METHODS',
    title: 'No challenge and response is offered: passwords are sent as they are',
    ok: 'Enhanced authentication is offered',
    why: 'With SCRAM or Kerberos a broker that is not the real one learns no password.',
    fix: fix('Where clients speak MQTT 5, offer SCRAM.', {
      emqx: 'Add an authenticator with mechanism = scram, backend = built_in_database.',
      hivemq: 'Use an extension with enhanced authentication.',
    }),
    etsi: ['5.5-1'],
    mqttClause: 'MQTT 5.0 §4.12',
    command: askForMethod,
    check: ({ report: { auth } }) => {
      const enhanced = auth?.enhancedAuthentication;
      if (!enhanced) return undefined;
      if (enhanced.verdict === 'offered') return PASSED;
      if (enhanced.verdict === 'not-offered') {
        return { evidence: `Asked for and not offered: ${some(enhanced.asked) || 'no method'}.` };
      }
      return { notTested: enhanced.meaning || REASONS.undecided };
    },
  },
  {
    ...AREA,
    id: 'AUTH-LOGIN-DROPPED',
    title: 'A client without a login is let in and dropped at once',
    ok: 'Clients are refused before they are let in',
    why: 'Clients take the first answer for a yes, and tools report an open broker.',
    fix: general('Have the broker refuse in CONNACK, as the standard says, not by ending the session.'),
    mqttClause: 'MQTT 5.0 §4.13',
    command: (facts) => `${subscribe(facts, 'scan-check')} -d`,
    check: ({ spokeMqtt, report: { auth } }) => {
      const outcome = auth?.anonymous.outcome;
      if (!spokeMqtt || outcome === undefined) return undefined;
      return foundOrPassed(
        outcome === 'accepted-then-disconnected' &&
          'CONNACK said yes, and the connection ended before anything could be done with it.',
      );
    },
  },
];

function loginVerdict(result: LoginResult | undefined, { report }: Facts, evidence: string): CheckResult {
  if (!report.auth) return { notTested: REASONS.noAuth };
  if (!result) return { notTested: 'a random login was not tried' };
  if (result.verdict === 'not-tested') return { notTested: result.meaning };
  if (result.verdict === 'inconclusive') return undecided(result);
  return foundOrPassed(result.verdict === 'accepted' && evidence);
}

/** What the broker said instead of yes or no: whoever reads the report can tell whether to try again. */
function undecided({ meaning }: LoginResult): CheckResult {
  return { notTested: meaning ? `${REASONS.undecided}: ${meaning}` : REASONS.undecided };
}

/** Forms of no login that are accepted where none at all is refused. */
function variantVerdict(
  { spokeMqtt, isAnonymous, report: { auth } }: Facts,
  variants: readonly AnonymousVariant[],
  found: (variant: AnonymousVariant) => Found,
): CheckResult {
  if (!spokeMqtt || isAnonymous || auth?.randomLogin?.verdict === 'accepted') return undefined;
  if (!auth) return { notTested: REASONS.noAuth };
  if (auth.anonymous.outcome === 'certificate-required') return PASSED;
  const results = (auth.anonymousVariants ?? []).filter(({ variant }) => variants.includes(variant));
  const accepted = results.find(({ verdict }) => verdict === 'accepted');
  if (accepted) return found(accepted.variant);
  const untried = results.find(({ verdict }) => verdict === 'not-tested');
  if (untried) return { notTested: untried.meaning };
  const unclear = results.find(({ verdict }) => verdict === 'inconclusive');
  if (unclear) return undecided(unclear);
  return results.length > 0 ? PASSED : { notTested: 'this form of a login was not tried' };
}

function sessionSafety(
  { spokeMqtt, isInside, report: { auth } }: Facts,
  check: (safety: SessionSafetyResult) => CheckResult,
): CheckResult {
  if (!spokeMqtt || !auth) return undefined;
  if (auth.sessionSafety) return check(auth.sessionSafety);
  return { notTested: isInside ? REASONS.rights : REASONS.refused };
}

/** Without a login: what the access test saw per version, or else the probe. */
function checkVersions({ spokeMqtt, report: { auth, probe } }: Facts): CheckResult {
  if (!spokeMqtt) return undefined;
  const accepted: ProtocolVersion[] = [];
  const refused: ProtocolVersion[] = [];
  const logins = auth?.anonymousVersions ?? [];
  for (const { protocolVersion, verdict } of logins) {
    if (protocolVersion === undefined) continue;
    if (verdict === 'accepted') accepted.push(protocolVersion);
    else if (verdict === 'refused') refused.push(protocolVersion);
  }
  // The probe asks with the login given where it has one, and then its answers say nothing of strangers.
  if (logins.length === 0 && probe?.openedAs !== 'credentials') {
    for (const answer of probe?.answers ?? []) noteAnswer(answer, accepted, refused);
  }
  if (accepted.length + refused.length < 2) {
    const untried = logins.find(({ verdict }) => verdict === 'not-tested');
    const few = 'fewer than two protocol versions gave an answer about the login';
    return { notTested: untried?.meaning ?? few };
  }
  return foundOrPassed(
    accepted.length > 0 &&
      refused.length > 0 &&
      `Without a login, MQTT ${namesOf(accepted)} is let in and MQTT ${namesOf(refused)} is refused.`,
  );
}

function noteAnswer(
  { asked, connack, withLogin }: VersionAnswer,
  accepted: ProtocolVersion[],
  refused: ProtocolVersion[],
) {
  if (withLogin) return;
  if (connack?.code === 0) accepted.push(asked);
  else if (connack && isStrangerRefused(connack)) refused.push(asked);
}

function namesOf(versions: readonly ProtocolVersion[]): string {
  return versions.map((version) => VERSION_NAMES[version]).join(', ');
}
