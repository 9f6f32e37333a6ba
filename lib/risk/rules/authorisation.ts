import type { LoginName, LoginRights, ReadRight, RightVerdict } from '../../model';
import { publish, subscribe } from '../commands';
import { CVSS } from '../cvss';
import { type Facts, plural, REASONS, SEEN_AS, some, WITH_LOGIN } from '../facts';
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
      const rights = facts.rightsOf('anonymous');
      if (!rights) return { notTested: REASONS.noAuth };
      if (facts.readVerdict('anonymous', '#') === 'proven') return undefined;
      const found = bypasses(facts);
      if (found.length > 0) return { evidence: `# delivers nothing, and these do: ${some(found)}.` };
      return unread(rights.read.filter(({ kind }) => kind === 'bypass'));
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
      if (!as) return unreadBy(facts, ({ filter }) => filter === '$SYS/#');
      return { evidence: `${SEEN_AS[as]}, topics under $SYS were received.`, ...withLogin(as) };
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
      return found
        ? { evidence: `Messages were received on ${found.filter}.`, ...withLogin(found.as) }
        : unreadBy(facts, ({ kind }) => kind === 'management');
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
    command: (facts) => subscribe(facts, '#', readerOf(facts) ?? 'credentials'),
    check: (facts) => {
      // What a stranger may read, a login may too: one cause, one finding.
      if (!facts.spokeMqtt || facts.readVerdict('anonymous', '#') === 'proven') return undefined;
      const as = readerOf(facts);
      if (!as) return undefined;
      const right = facts.readRight(as, '#');
      if (right?.verdict !== 'proven') return unread(right ? [right] : []);
      const roots = facts.rootsReadAs(as);
      // What came on # may be a part only. Three first levels at least must have come to call it all.
      return roots.length > 2
        ? { evidence: `${SEEN_AS[as]}, topics under ${some(roots)} came on #.` }
        : {
            notTested: `on # came topics under ${some(roots)} alone, which may be all there are or all that is allowed`,
          };
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
    command: (facts) => publish(facts, readerOf(facts) ?? 'credentials'),
    check: (facts) => {
      if (facts.rightsOf('anonymous')?.write === 'proven') return undefined;
      const as = readerOf(facts);
      const rights = as && facts.rightsOf(as);
      if (!rights) return undefined;
      if (rights.write === 'proven')
        return { evidence: `${SEEN_AS[as]}, a message to a random topic was accepted and came back.` };
      if (rights.write === 'not-tested') return { notTested: REASONS.writeTest };
      return rights.write === 'denied' ? PASSED : { notTested: 'no answer decides it' };
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

/** As whom rights were looked at that a stranger need not have. */
function readerOf(facts: Facts): LoginName | undefined {
  return WITH_LOGIN.find((as) => facts.rightsOf(as) !== undefined);
}

function bypasses(facts: Facts): string[] {
  const read = facts.rightsOf('anonymous')?.read ?? [];
  return read
    .filter(({ kind, verdict }) => kind === 'bypass' && verdict === 'proven')
    .map(({ filter }) => filter);
}

/** Who reads something, the stranger first. */
const READERS: readonly LoginName[] = ['anonymous', ...WITH_LOGIN];

function provenAs(facts: Facts, filter: string): LoginName | undefined {
  return READERS.find((as) => facts.readVerdict(as, filter) === 'proven');
}

/** A management filter that delivered. */
function management(facts: Facts): { as: LoginName; filter: string } | undefined {
  for (const as of READERS) {
    const { read = [] } = facts.rightsOf(as) ?? {};
    const right = read.find(({ kind, verdict }) => kind === 'management' && verdict === 'proven');
    if (right) return { as, filter: right.filter };
  }
  return undefined;
}

/** What only the login given can do is marked, so that a policy can weigh it less. */
function withLogin(as: LoginName): Partial<Found> {
  return as === 'anonymous' ? {} : { withLogin: true, cvss: CVSS.readWithLogin };
}

/** The result for filters that delivered to nobody, whoever asked for them. */
function unreadBy(facts: Facts, isAsked: (right: ReadRight) => boolean): CheckResult {
  const { auth } = facts.report;
  if (!auth) return { notTested: REASONS.noAuth };
  if (!facts.isInside) return { notTested: REASONS.refused };
  return unread(auth.authorisation.flatMap(({ read }) => read.filter(isAsked)));
}

/**
 * The result for filters that delivered nothing. Only a refusal proves that they cannot be read: some brokers grant a
 * filter and then deliver nothing, and there may have been nothing to deliver while we listened.
 */
function unread(rights: readonly ReadRight[]): CheckResult {
  if (rights.length === 0) return { notTested: REASONS.noFilters };
  if (rights.every(({ verdict }) => verdict === 'denied')) return PASSED;
  return {
    notTested: rights.some(({ verdict }) => verdict === 'granted') ? REASONS.nothingCame : REASONS.undecided,
  };
}

function writing(
  facts: Facts,
  verdictOf: (rights: LoginRights) => RightVerdict,
  evidence: string,
): CheckResult {
  if (!facts.spokeMqtt) return undefined;
  if (!facts.isAnonymous) return facts.withoutStrangers();
  const rights = facts.rightsOf('anonymous');
  const verdict = rights ? verdictOf(rights) : 'not-tested';
  if (verdict === 'proven') return { evidence: `Without a login, ${evidence}` };
  if (verdict === 'not-tested') return { notTested: facts.report.auth ? REASONS.writeTest : REASONS.noAuth };
  return verdict === 'denied' ? PASSED : { notTested: 'no answer decides it' };
}
