import type { LoginRights, RightVerdict } from '../../model';
import { publish, subscribe } from '../commands';
import { CVSS } from '../cvss';
import { type Facts, plural, REASONS, some } from '../facts';
import { ACCESS_LIST, fix, SYS_ACCESS } from '../fixes';
import { type CheckResult, type Found, foundOrPassed, PASSED, type Rule } from '../rule';

const COMMON = {
  area: 'authorisation',
  confidence: 'proven',
  fix: ACCESS_LIST,
  cwe: ['CWE-862'],
  owasp: ['I3'],
  etsi: ['5.6-2'],
  mqttClause: 'MQTT 5.0 §5.4.2',
} as const;

export const AUTHORISATION_RULES: readonly Rule[] = [
  {
    ...COMMON,
    id: 'ACL-READ-ALL',
    title: 'A stranger can read what the devices send',
    ok: 'A stranger receives no message of a device',
    why: 'Readings, positions and habits are open to anybody who can reach the broker.',
    cvss: CVSS.read,
    etsi: ['5.6-2', '5.8-1'],
    command: (facts) => subscribe(facts, '#'),
    check: (facts) => {
      if (!facts.spokeMqtt) return undefined;
      if (!facts.isAnonymous) return facts.withoutStrangers();
      const topics = facts.heardWithLogin ? 0 : facts.topicsRead;
      if (topics > 0)
        return { evidence: `Without a login, messages of ${plural(topics, 'topic')} were received.` };
      const right = facts.readRight('anonymous', '#');
      if (right?.verdict === 'proven')
        return { evidence: 'Without a login, messages were received on the filter #.' };
      if (!right && !facts.report.traffic) return { notTested: REASONS.noAuth };
      // A granted filter on which nothing came is no proof: brokers grant and then deliver nothing [MQTT-3.8.4].
      return right?.verdict === 'denied' ? PASSED : { notTested: 'nothing was published while we listened' };
    },
  },
  {
    ...COMMON,
    id: 'ACL-READ-BYPASS',
    title: 'A filter other than # goes around the access list',
    ok: 'No other filter goes around the access list',
    why: 'The list forbids the one filter that everybody tries, and lets the same messages out by another.',
    fix: fix('End the list with a rule that denies all, and allow single topics before it.', ACCESS_LIST),
    cvss: CVSS.read,
    cwe: ['CWE-863'],
    command: (facts) => subscribe(facts, bypasses(facts)[0] ?? '+/#'),
    check: (facts) => {
      if (!facts.spokeMqtt || !facts.isAnonymous) return undefined;
      const rights = rightsOf(facts, 'anonymous');
      if (!rights) return { notTested: REASONS.noAuth };
      if (rights.read.some(({ filter, verdict }) => filter === '#' && verdict === 'proven')) return undefined;
      const tried = rights.read.filter(({ kind }) => kind === 'bypass');
      if (tried.length === 0) return { notTested: 'no other filters were tried' };
      const found = bypasses(facts);
      return foundOrPassed(found.length > 0 && `# delivers nothing, and these do: ${some(found)}.`);
    },
  },
  {
    ...COMMON,
    id: 'ACL-WRITE',
    title: 'A stranger can publish messages',
    ok: 'A message of a stranger is not passed on',
    why: 'Readings can be forged, and what listens to commands obeys anybody.',
    cvss: CVSS.write,
    command: (facts) => publish(facts),
    check: (facts) =>
      writing(facts, ({ write }) => write, 'a message to a random topic was accepted and came back.'),
  },
  {
    ...COMMON,
    id: 'ACL-WILL',
    title: 'A stranger can leave a will that the broker publishes',
    ok: 'The will of a stranger is not published',
    why: 'The broker itself sends the forged message, after its author has gone.',
    cvss: CVSS.writeKept,
    mqttClause: 'MQTT 5.0 §3.1.2.5',
    command: (facts) =>
      `${subscribe(facts, 'scan-check/will')} & timeout -s KILL 2 ${subscribe(facts, 'scan-check/other')} --will-topic scan-check/will --will-payload check`,
    check: (facts) => {
      // Where a stranger may publish anyhow, a will adds nothing: one cause, one finding.
      if (
        facts.report.auth?.authorisation.some(({ as, write }) => as === 'anonymous' && write === 'proven')
      ) {
        return undefined;
      }
      return writing(
        facts,
        ({ will }) => will ?? 'not-tested',
        'the will of an own client was published when its connection ended.',
      );
    },
  },
  {
    ...COMMON,
    id: 'ACL-SYS-READ',
    title: 'The broker tells about itself',
    ok: 'The topics of the broker itself are not readable',
    why: 'Version, load and number of clients tell an attacker where to begin.',
    fix: SYS_ACCESS,
    cvss: CVSS.readLittle,
    cwe: ['CWE-200'],
    command: (facts) => subscribe(facts, '$SYS/#', provenAs(facts, '$SYS/#') ?? 'anonymous'),
    check: (facts) => {
      if (!facts.spokeMqtt) return undefined;
      const as = provenAs(facts, '$SYS/#');
      if (!as) return readable(facts, '$SYS/#');
      return {
        evidence: `${as === 'anonymous' ? 'Without a login' : 'With the login given'}, topics under $SYS were received.`,
        ...withLogin(as),
      };
    },
  },
  {
    ...COMMON,
    id: 'ACL-CONTROL',
    title: 'Topics by which the broker is managed can be read',
    ok: 'Topics by which a broker is managed are not readable',
    why: 'They tell accounts, connections and rights, and take the commands that change them.',
    fix: fix('Deny $CONTROL/#, $aws/# and the like to all accounts but those of administrators.', SYS_ACCESS),
    cvss: CVSS.read,
    cwe: ['CWE-200'],
    command: (facts) => subscribe(facts, management(facts)?.filter ?? '$CONTROL/#', management(facts)?.as),
    check: (facts) => {
      if (!facts.spokeMqtt) return undefined;
      const found = management(facts);
      if (found) {
        return { evidence: `Messages were received on ${found.filter}.`, ...withLogin(found.as) };
      }
      const tried = facts.report.auth?.authorisation.some(({ read }) =>
        read.some((r) => r.kind === 'management'),
      );
      return tried ? PASSED : { notTested: untriedReason(facts) };
    },
  },
  {
    ...COMMON,
    id: 'ACL-LOGIN-ALL',
    title: 'The login given may read every topic',
    ok: 'The login given may not read every topic',
    why: 'Whoever gets hold of one device has the data of all.',
    cvss: CVSS.readWithLogin,
    cwe: ['CWE-863', 'CWE-1220'],
    command: (facts) => subscribe(facts, '#', 'credentials'),
    check: (facts) => {
      if (facts.isAnonymous || facts.report.auth?.credentials.verdict !== 'accepted') return undefined;
      const right = facts.readRight('credentials', '#');
      if (!right) return { notTested: 'the test of rights is off' };
      // What came on # may be a part only. Three first levels at least must have come to call it all.
      const roots = new Set(right.samples?.map((topic) => topic.split('/', 1)[0]));
      return foundOrPassed(
        right.verdict === 'proven' &&
          roots.size > 2 &&
          `On # came topics under ${some([...roots].map(String))}.`,
      );
    },
  },
  {
    ...COMMON,
    id: 'ACL-LOGIN-WRITE',
    title: 'The login given may publish to topics that nobody has given it',
    ok: 'The login given may publish to its own topics only',
    why: 'One stolen device can forge the messages of all.',
    cvss: CVSS.writeWithLogin,
    cwe: ['CWE-863', 'CWE-1220'],
    command: (facts) => publish(facts, '', 'credentials'),
    check: (facts) => {
      if (facts.isAnonymous) return undefined;
      const rights = rightsOf(facts, 'credentials');
      if (!rights) return undefined;
      if (rights.write === 'not-tested') return { notTested: REASONS.writeTest };
      if (rights.write === 'inconclusive') return { notTested: 'no answer decides it' };
      return foundOrPassed(
        rights.write === 'proven' &&
          'With the login given, a message to a random topic was accepted and came back.',
      );
    },
  },
  {
    ...COMMON,
    id: 'ACL-NOTHING-DELIVERED',
    title: 'Subscriptions of a stranger are granted, and nothing is delivered',
    ok: 'What is granted to a stranger is delivered, or refused openly',
    why: 'Whether nothing may be read, or nothing was sent just then, cannot be told apart; so this is no all-clear.',
    fix: fix('Listen for longer, or look at the access list of the broker.', ACCESS_LIST),
    cwe: [],
    command: (facts) => subscribe(facts, '#'),
    check: (facts) => {
      if (!facts.spokeMqtt || !facts.isAnonymous || facts.topicsRead > 0) return undefined;
      const verdict = facts.readVerdict('anonymous', '#');
      if (verdict === 'not-tested') return undefined;
      return foundOrPassed(verdict === 'granted' && 'The filter # was granted, and no message came.');
    },
  },
];

function rightsOf({ report }: Facts, as: LoginRights['as']): LoginRights | undefined {
  return report.auth?.authorisation.find((login) => login.as === as);
}

function bypasses(facts: Facts): string[] {
  const read = rightsOf(facts, 'anonymous')?.read ?? [];
  return read
    .filter(({ kind, verdict }) => kind === 'bypass' && verdict === 'proven')
    .map(({ filter }) => filter);
}

function provenAs(facts: Facts, filter: string): 'anonymous' | 'credentials' | undefined {
  return (['anonymous', 'credentials'] as const).find((as) => facts.readVerdict(as, filter) === 'proven');
}

/** A management filter that delivered, the stranger's first. */
function management({ report }: Facts): { as: 'anonymous' | 'credentials'; filter: string } | undefined {
  for (const as of ['anonymous', 'credentials'] as const) {
    const rights = report.auth?.authorisation.find((login) => login.as === as);
    const right = rights?.read.find(({ kind, verdict }) => kind === 'management' && verdict === 'proven');
    if (right) return { as, filter: right.filter };
  }
  return undefined;
}

/** What only the login given can do is marked, so that a policy can weigh it less. */
function withLogin(as: 'anonymous' | 'credentials'): Partial<Found> {
  return as === 'credentials' ? { withLogin: true, cvss: CVSS.readWithLogin } : {};
}

function untriedReason({ report, isAnonymous }: Facts): string {
  if (!report.auth) return REASONS.noAuth;
  const isIn = isAnonymous || report.auth.credentials.verdict === 'accepted';
  return isIn ? 'these filters were not tried' : REASONS.refused;
}

/** The result for a filter that delivered to nobody. */
function readable(facts: Facts, filter: string): CheckResult {
  const rights = (facts.report.auth?.authorisation ?? []).flatMap(({ read }) =>
    read.filter((right) => right.filter === filter),
  );
  if (rights.length === 0) return { notTested: untriedReason(facts) };
  return rights.every(({ verdict }) => verdict === 'denied' || verdict === 'granted')
    ? PASSED
    : { notTested: 'the answers decide nothing' };
}

function writing(
  facts: Facts,
  verdictOf: (rights: LoginRights) => RightVerdict,
  evidence: string,
): CheckResult {
  if (!facts.spokeMqtt) return undefined;
  if (!facts.isAnonymous) return facts.withoutStrangers();
  const rights = rightsOf(facts, 'anonymous');
  const verdict = rights ? verdictOf(rights) : 'not-tested';
  if (verdict === 'proven') return { evidence: `Without a login, ${evidence}` };
  if (verdict === 'not-tested') return { notTested: facts.report.auth ? REASONS.writeTest : REASONS.noAuth };
  return verdict === 'denied' ? PASSED : { notTested: 'no answer decides it' };
}
