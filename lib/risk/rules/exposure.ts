import type { ControlSurface, SensitiveClass } from '../../model';
import { parseIp, Scope } from '../../net';
import { subscribe } from '../commands';
import { CVSS } from '../cvss';
import { type Facts, plural, REASONS, SECRETS, SEEN_AS, some, WITH_LOGIN } from '../facts';
import { ACCESS_LIST, fix, general, NO_ANONYMOUS, SYS_ACCESS } from '../fixes';
import { type CheckResult, type Found, foundOrPassed, PASSED, type Rule } from '../rule';

const COMMON = {
  area: 'exposure',
  confidence: 'proven',
  cwe: ['CWE-200'],
  owasp: ['I6'],
  etsi: ['5.8-1'],
  mqttClause: 'MQTT 5.0 §5.4.5',
  command: hear,
} as const;

const INSIDE = Scope.parse('private, loopback');

export const EXPOSURE_RULES: readonly Rule[] = [
  {
    ...COMMON,
    id: 'DATA-READABLE',
    title: 'The login given for the scan can read device data',
    ok: 'The login given for the scan receives no device data',
    why: 'Whoever has this login sees what the devices send.',
    fix: fix('Check that this login needs all of it; give each account only the topics that it needs.', {}),
    cvss: CVSS.readWithLogin,
    etsi: ['5.8-1'],
    command: (facts) => subscribe(facts, '#', facts.heardWithLogin ? facts.heardAs : 'credentials'),
    check: (facts) => {
      const { report, topicsRead } = facts;
      if (facts.heardWithLogin && topicsRead > 0) {
        return withLogin(
          `${SEEN_AS[facts.heardAs]}, messages of ${plural(topicsRead, 'topic')} were received.`,
        );
      }
      const reader = WITH_LOGIN.find((as) => facts.readVerdict(as, '#') === 'proven');
      if (reader) {
        return {
          ...withLogin(`${SEEN_AS[reader]}, messages were received on the filter #.`),
          command: subscribe(facts, '#', reader),
        };
      }
      return report.auth?.credentials.verdict === 'accepted' ? PASSED : undefined;
    },
  },
  {
    ...sensitiveRule([...SECRETS], 'passwords, keys or tokens'),
    id: 'DATA-SECRET',
    title: 'Passwords, keys or tokens can be read',
    ok: 'No passwords, keys or tokens were seen',
    why: 'With them an attacker goes on to other systems, and nobody notices.',
    fix: fix(
      'Take secrets out of messages, change those that were readable, and restrict the topics.',
      ACCESS_LIST,
    ),
    cvss: CVSS.readSecrets,
    cwe: ['CWE-312', 'CWE-522'],
    owasp: ['I6', 'I7'],
    etsi: ['5.5-6'],
  },
  {
    ...sensitiveRule(['email', 'phone', 'person', 'plate', 'payment', 'device-identity'], 'personal data'),
    id: 'DATA-PII',
    title: 'Personal data can be read',
    ok: 'No personal data was seen',
    why: 'Personal data in the open is a breach that has to be reported in many countries.',
    fix: fix(
      'Take personal data out of messages, or restrict the topics to those who need them.',
      ACCESS_LIST,
    ),
    cvss: CVSS.read,
    cwe: ['CWE-359'],
    references: ['GDPR Art. 32'],
  },
  {
    ...sensitiveRule(['location'], 'positions'),
    id: 'DATA-LOCATION',
    title: 'Positions can be read',
    ok: 'No positions were seen',
    why: 'Positions tell where people and goods are, and where they are not.',
    fix: fix('Restrict the topics with positions to those who need them.', ACCESS_LIST),
    cvss: CVSS.read,
    cwe: ['CWE-359'],
    references: ['GDPR Art. 32'],
  },
  {
    ...sensitiveRule(['presence'], 'whether people are present'),
    id: 'DATA-PRESENCE',
    title: 'Presence and absence of people can be read',
    ok: 'Nothing about the presence of people was seen',
    why: 'It tells burglars when nobody is at home.',
    fix: fix('Restrict the topics of motion and presence to those who need them.', ACCESS_LIST),
    cvss: CVSS.readLittle,
    cwe: ['CWE-359'],
  },
  {
    ...sensitiveRule(['health'], 'health data'),
    id: 'DATA-HEALTH',
    title: 'Health data can be read',
    ok: 'No health data was seen',
    why: 'Data about health are among those that the law protects most.',
    fix: fix('Take health data off this broker, or restrict the topics to those who need them.', ACCESS_LIST),
    cvss: CVSS.read,
    cwe: ['CWE-359'],
    references: ['GDPR Art. 9'],
  },
  {
    ...sensitiveRule(['image', 'audio'], 'pictures or sound'),
    id: 'DATA-MEDIA',
    title: 'Pictures or sound can be received',
    ok: 'No pictures and no sound were seen',
    why: 'A camera or microphone that anybody can receive is one that anybody owns.',
    fix: fix('Send pictures and sound over a channel of their own, or restrict the topics.', ACCESS_LIST),
    cvss: CVSS.read,
    cwe: ['CWE-359'],
  },
  {
    ...sensitiveRule(['network', 'open-network'], 'details of the network'),
    id: 'DATA-NETWORK',
    title: 'Details of the network can be read',
    ok: 'No details of the network were seen',
    why: 'Addresses and names of networks show an attacker the way.',
    fix: fix('Have devices send no details of their network, or restrict the topics.', ACCESS_LIST),
    cvss: CVSS.readLittle,
  },
  {
    ...COMMON,
    id: 'DATA-RETAINED-SECRET',
    title: 'A secret stands in a retained message',
    ok: 'No retained message holds a secret',
    why: 'The broker hands it to everybody who subscribes, until somebody clears it.',
    fix: fix(
      'Clear the message (publish an empty one, retained), change the secret, and send none retained.',
      ACCESS_LIST,
    ),
    cvss: CVSS.readSecrets,
    cwe: ['CWE-312'],
    etsi: ['5.5-6'],
    mqttClause: 'MQTT 5.0 §3.3.1.3',
    check: (facts) => {
      const { traffic } = facts.report;
      if (!traffic || facts.topicsRead === 0) return undefined;
      const topic = facts.retainedSecret;
      return topic === undefined
        ? PASSED
        : heard(facts, `The retained message of ${quoted(topic)} holds a secret.`);
    },
  },
  {
    ...COMMON,
    id: 'DATA-RETAINED-STALE',
    title: 'Retained messages were not renewed while we listened',
    ok: 'Retained messages are renewed',
    why: 'Old values look like new ones, and tell strangers what was.',
    fix: general(
      'Clear retained messages of devices that are gone; let devices publish with an expiry (MQTT 5).',
    ),
    cvss: CVSS.readLittle,
    cwe: ['CWE-672'],
    confidence: 'guessed',
    mqttClause: 'MQTT 5.0 §3.3.1.3',
    check: (facts) => {
      const retained = facts.report.traffic?.topics.filter(
        ({ retained, topic }) => retained && !topic.startsWith('$'),
      );
      if (!retained || retained.length === 0) return undefined;
      if (retained.every(({ live }) => live === undefined))
        return { notTested: 'live messages were not counted' };
      const stale = retained.filter(({ live }) => live === 0);
      return stale.length === 0
        ? PASSED
        : heard(facts, `${plural(stale.length, 'topic')} sent a retained message only: ${topicsOf(stale)}.`);
    },
  },
  controlRule(['ot-command', 'command'], {
    id: 'DATA-OT-COMMAND',
    title: 'Topics that take commands are visible',
    ok: 'No topics that take commands were seen',
    why: 'Who sees where commands go knows where to send his own.',
    cvss: CVSS.command,
  }),
  controlRule(['firmware-update'], {
    id: 'DATA-FIRMWARE-UPDATE',
    title: 'Topics that start a firmware update are visible',
    ok: 'No topics that start a firmware update were seen',
    why: 'Whoever may write there can put software of his own into the devices.',
    cvss: CVSS.command,
  }),
  controlRule(['lock', 'alarm', 'cover', 'camera'], {
    id: 'DATA-ACCESS-CONTROL',
    title: 'Locks, alarms, doors or cameras can be seen and perhaps operated',
    ok: 'No locks, alarms, doors or cameras were seen',
    why: 'Whoever may write there opens the house.',
    cvss: CVSS.command,
  }),
  {
    ...COMMON,
    id: 'DATA-INVENTORY',
    title: 'The devices describe themselves to whoever listens',
    ok: 'No descriptions of devices were seen',
    why: 'Makes, models and firmware versions tell which attacks are worth trying.',
    fix: fix('Restrict the topics with which devices announce themselves.', ACCESS_LIST),
    cvss: CVSS.readLittle,
    owasp: ['I3', 'I6'],
    etsi: ['5.6-2'],
    check: (facts) => {
      const { traffic } = facts.report;
      if (!traffic) return undefined;
      if (!traffic.devices) return { notTested: 'devices were not looked for' };
      if (traffic.devices.length === 0) return PASSED;
      const names = traffic.devices.map(({ id, model }) => (model === undefined ? id : `${id} (${model})`));
      return heard(facts, `${plural(traffic.devices.length, 'device')}: ${some(names, 3)}.`);
    },
  },
  {
    ...COMMON,
    id: 'INFO-CLIENT-LEAK',
    title: 'The broker tells who is connected',
    ok: 'The broker does not tell who is connected',
    why: 'With the identifiers of clients an attacker can push them out, or take their place.',
    fix: SYS_ACCESS,
    cvss: CVSS.readLittle,
    owasp: ['I3'],
    etsi: ['5.6-2'],
    mqttClause: 'MQTT 5.0 §5.4.2',
    command: (facts) => subscribe(facts, '$SYS/#', facts.heardAs),
    check: (facts) => {
      const { traffic } = facts.report;
      if (!traffic) return facts.spokeMqtt ? { notTested: REASONS.noTraffic } : undefined;
      const leaking = traffic.topics.filter(({ topic }) => CLIENT_TOPIC.test(topic));
      return leaking.length === 0 ? PASSED : heard(facts, `Messages came on ${topicsOf(leaking)}.`);
    },
  },
  {
    ...COMMON,
    id: 'INFO-VERSION',
    title: 'The broker tells its product and version',
    ok: 'The broker does not tell its version',
    why: 'A version is all that is needed to look up what it can be attacked with.',
    fix: fix(
      'Deny $SYS/# to accounts that do not watch over the broker, and leave the version out of its CONNACK and of the Server field of its WebSocket.',
      SYS_ACCESS,
    ),
    cvss: CVSS.readLittle,
    owasp: ['I5'],
    etsi: ['5.6-2'],
    mqttClause: 'MQTT 5.0 §5.4.2',
    confidence: 'told',
    command: (facts) => subscribe(facts, '$SYS/broker/version', openedAs(facts)),
    check: (facts) => {
      const { probe } = facts.report;
      if (!facts.spokeMqtt) return undefined;
      if (!probe) return { notTested: 'the product was not asked for' };
      const { product } = probe;
      if (product?.version === undefined) return PASSED;
      const evidence = `It told: ${product.name} ${product.version}.`;
      return openedAs(facts) === 'credentials' ? withLogin(evidence) : { evidence };
    },
  },
  {
    ...COMMON,
    id: 'DATA-BAD-TOPIC',
    title: 'Topics have names that MQTT forbids or that mislead',
    ok: 'All topics seen have lawful names',
    why: 'Such names break or deceive programs that receive them, and no sane device makes them.',
    fix: general('Find the client that publishes them, and use a broker that refuses such names.'),
    cvss: CVSS.lax,
    cwe: ['CWE-20'],
    owasp: ['I3'],
    etsi: ['5.13-1'],
    mqttClause: 'MQTT 5.0 §1.5.4',
    check: (facts) => {
      const { traffic } = facts.report;
      if (!traffic || traffic.topics.length === 0) return undefined;
      const odd = traffic.topics.filter(({ violations }) => violations && violations.length > 0);
      return odd.length === 0
        ? PASSED
        : heard(
            facts,
            `${plural(odd.length, 'topic')} with ${some([...new Set(odd.flatMap((t) => t.violations ?? []))])}.`,
          );
    },
  },
  {
    ...COMMON,
    id: 'NET-PUBLIC-ADDRESS',
    title: 'The broker has a public address',
    ok: 'The broker has a private address',
    why: 'The whole Internet can try it, day and night.',
    fix: general('Unless it must be reached from everywhere, put it behind a firewall or a VPN.'),
    owasp: ['I3'],
    etsi: ['5.6-1'],
    mqttClause: 'MQTT 5.0 §5.4.7',
    confidence: 'guessed',
    command: (facts) => subscribe(facts, 'scan-check'),
    check: (facts) =>
      facts.spokeMqtt
        ? foundOrPassed(isPublic(facts) && `${facts.report.address} is neither private nor loopback.`)
        : undefined,
  },
  {
    ...COMMON,
    id: 'NET-PUBLIC-ANON',
    title: 'A broker with a public address lets anyone in',
    ok: 'Strangers on the Internet are not let in',
    why: 'Search engines list such brokers, and strangers read and write there within days.',
    fix: fix('Close the port to the Internet now, then require a login and TLS.', NO_ANONYMOUS),
    cvss: CVSS.stranger,
    cwe: ['CWE-306'],
    owasp: ['I1', 'I3'],
    etsi: ['5.6-1'],
    mqttClause: 'MQTT 5.0 §5.4.1',
    command: (facts) => subscribe(facts, 'scan-check'),
    check: (facts) => {
      if (!facts.spokeMqtt || !isPublic(facts)) return undefined;
      if (!facts.isAnonymous) return facts.withoutStrangers();
      return {
        evidence: `${facts.report.address} is a public address, and a CONNECT without a login was accepted.`,
      };
    },
  },
];

/**
 * Client lists and logs: EMQX `$SYS/brokers/+/clients/…`, mosquitto's log and bridge topics. Events that only a
 * client coming or going brings about are left out: whether one is seen is chance.
 */
const CLIENT_TOPIC = /^\$SYS\/(?:brokers\/[^/]+\/clients\/|broker\/log\/|broker\/connection\/)/;

function isPublic({ report: { address } }: Facts): boolean {
  const ip = parseIp(address);
  return ip !== undefined && !INSIDE.allows(ip);
}

function hear(facts: Facts): string {
  return subscribe(facts, '#', facts.heardAs);
}

function openedAs({ report: { probe } }: Facts): 'anonymous' | 'credentials' {
  return probe?.openedAs ?? 'anonymous';
}

function withLogin(evidence: string): Found {
  return { evidence, withLogin: true, cvss: CVSS.readWithLogin };
}

/** What was heard is weighed by who could hear it. */
function heard(facts: Facts, evidence: string): Found {
  return facts.heardWithLogin ? withLogin(evidence) : { evidence };
}

function quoted(topic: string): string {
  return `"${topic.length > 120 ? `${topic.slice(0, 119)}…` : topic}"`;
}

function topicsOf(topics: readonly { readonly topic: string }[]): string {
  return some(
    topics.map(({ topic }) => quoted(topic)),
    3,
  );
}

/** A rule about sensitive data of some classes. Only redacted samples are in the report, and none is repeated here. */
function sensitiveRule(
  classes: readonly SensitiveClass[],
  what: string,
): typeof COMMON & Pick<Rule, 'check' | 'confidence'> {
  const check = (facts: Facts): CheckResult => {
    const { traffic } = facts.report;
    if (!facts.spokeMqtt) return undefined;
    if (!traffic) return { notTested: REASONS.noTraffic };
    const seen = facts.sensitive(classes);
    if (seen)
      return heard(
        facts,
        `${plural(seen.count, 'topic')} with ${what}, for example ${quoted(seen.example)}.`,
      );
    return facts.topicsRead > 0 ? PASSED : { notTested: 'no message was received' };
  };
  return { ...COMMON, check, confidence: 'proven' };
}

function controlRule(
  kinds: readonly ControlSurface['kind'][],
  rule: Pick<Rule, 'id' | 'title' | 'ok' | 'why' | 'cvss'>,
): Rule {
  return {
    ...COMMON,
    ...rule,
    fix: fix(
      'Let only those publish there who give commands, and hide the topics from all others.',
      ACCESS_LIST,
    ),
    cwe: ['CWE-862'],
    owasp: ['I3'],
    etsi: ['5.5-5'],
    mqttClause: 'MQTT 5.0 §5.4.2',
    confidence: 'guessed',
    check: (facts) => {
      const { traffic } = facts.report;
      if (!facts.spokeMqtt) return undefined;
      if (!traffic) return { notTested: REASONS.noTraffic };
      if (!traffic.controls) return { notTested: 'topics for commands were not looked for' };
      const seen = traffic.controls.filter(({ kind }) => kinds.includes(kind));
      if (seen.length > 0)
        return heard(facts, `${plural(seen.length, 'topic')}, among them ${topicsOf(seen)}.`);
      return facts.topicsRead > 0 ? PASSED : { notTested: 'no message was received' };
    },
  };
}
