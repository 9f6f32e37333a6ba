import type { BrokerLimits } from '../../model';
import { sendRaw, subscribe } from '../commands';
import { CVSS } from '../cvss';
import type { Facts } from '../facts';
import { fix, general, PACKET_LIMIT, RECEIVE_LIMIT, SESSION_LIMIT } from '../fixes';
import { type CheckResult, foundOrPassed, type Rule } from '../rule';

/** The largest packet that MQTT can express (5.0 §1.5.5): a limit of this size is none. */
const LARGEST_PACKET = 268_435_455;
/** 5.0 §3.2.2.3.3: what holds when the broker says nothing, and the most that can be said. */
const LARGEST_RECEIVE = 65_535;
/** 5.0 §3.1.2.11.2: the session never ends. */
const NEVER = 0xffff_ffff;
const DAY_S = 86_400;

const TOLD = { area: 'configuration', confidence: 'told' } as const;

export const CONFIGURATION_RULES: readonly Rule[] = [
  {
    ...TOLD,
    id: 'PROTO-LIMITS',
    title: 'The broker takes packets of any size',
    ok: 'The broker limits the size of packets',
    why: 'A few clients with packets of 256 MB use up its memory.',
    fix: PACKET_LIMIT,
    cvss: CVSS.exhaust,
    cwe: ['CWE-770'],
    owasp: ['I9'],
    etsi: ['5.9-1'],
    mqttClause: 'MQTT 5.0 §3.2.2.3.6',
    command: (facts) => sendRaw(facts, 'mqtt5'),
    check: (facts) =>
      withLimits(facts, ({ maximumPacketSize }) =>
        foundOrPassed(
          (maximumPacketSize === undefined || maximumPacketSize >= LARGEST_PACKET) &&
            (maximumPacketSize === undefined
              ? 'The broker announced no Maximum Packet Size.'
              : `The broker announced a Maximum Packet Size of ${maximumPacketSize} bytes.`),
        ),
      ),
  },
  {
    ...TOLD,
    id: 'PROTO-LIMITS-RECEIVE',
    title: 'A client may have 65,535 messages under way',
    ok: 'The broker limits the messages under way',
    why: 'The broker keeps each of them until it is acknowledged, for every client.',
    fix: RECEIVE_LIMIT,
    cvss: CVSS.exhaust,
    cwe: ['CWE-770'],
    owasp: ['I9'],
    etsi: ['5.9-1'],
    mqttClause: 'MQTT 5.0 §3.2.2.3.3',
    command: (facts) => sendRaw(facts, 'mqtt5'),
    check: (facts) =>
      withLimits(facts, ({ receiveMaximum = LARGEST_RECEIVE }) =>
        foundOrPassed(
          receiveMaximum >= LARGEST_RECEIVE && 'The broker announced no smaller Receive Maximum.',
        ),
      ),
  },
  {
    ...TOLD,
    id: 'PROTO-LIMITS-SESSION',
    title: 'Sessions of clients that are gone are kept for long',
    ok: 'Sessions of clients that are gone are not kept for long',
    why: 'Queues for devices that never come back fill the disk, and messages wait there for whoever takes the identifier.',
    fix: SESSION_LIMIT,
    cvss: CVSS.exhaust,
    cwe: ['CWE-770', 'CWE-613'],
    owasp: ['I9'],
    etsi: ['5.9-1'],
    mqttClause: 'MQTT 5.0 §3.1.2.11.2',
    command: (facts) => `${subscribe(facts, 'scan-check')} -V 5 -i scan-check-1 -c -x 86400 -d`,
    check: ({ spokeMqtt, report: { auth, probe } }) => {
      if (!spokeMqtt) return undefined;
      const safety = auth?.sessionSafety;
      const announced = probe?.limits?.sessionExpiryInterval;
      if (announced === NEVER) return { evidence: 'The broker announced that sessions never expire.' };
      if (!safety) return { notTested: 'no session of a day was asked for' };
      if (safety.persistentSession === 'inconclusive') return { notTested: 'the answer decides nothing' };
      const seconds = safety.sessionExpirySeconds ?? DAY_S;
      return foundOrPassed(
        safety.persistentSession === 'accepted' &&
          seconds >= DAY_S &&
          'A session was kept for a whole day, as asked, without a shorter limit.',
      );
    },
  },
  {
    ...TOLD,
    id: 'PROTO-LIMITS-ALIAS',
    title: 'The broker keeps very many topic aliases for each client',
    ok: 'The broker keeps few topic aliases for each client',
    why: 'Each alias costs memory, which every client may ask for.',
    fix: fix('Limit topic aliases to what the devices use.', {
      mosquitto: 'In mosquitto.conf set "max_topic_alias 10".',
      emqx: 'In emqx.conf set mqtt.max_topic_alias = 16.',
      hivemq: 'In config.xml set <mqtt><topic-alias><max-per-client>5</max-per-client></topic-alias></mqtt>.',
      vernemq: 'In vernemq.conf set topic_alias_max_broker = 10.',
      rabbitmq: 'In rabbitmq.conf set mqtt.topic_alias_maximum = 16.',
    }),
    cvss: CVSS.exhaust,
    cwe: ['CWE-770'],
    owasp: ['I9'],
    mqttClause: 'MQTT 5.0 §3.2.2.3.8',
    command: (facts) => sendRaw(facts, 'mqtt5'),
    check: (facts) =>
      withLimits(facts, ({ topicAliasMaximum = 0 }) =>
        foundOrPassed(
          topicAliasMaximum >= 1000 && `The broker announced a Topic Alias Maximum of ${topicAliasMaximum}.`,
        ),
      ),
  },
  {
    ...TOLD,
    id: 'PROTO-LIMITS-KEEPALIVE',
    title: 'The broker sets no keep alive of its own',
    ok: 'The broker sets a keep alive of its own',
    why: 'A client may stay connected and silent for 18 hours, or for ever with 0, and holds its place (CVE-2020-13849).',
    fix: fix('Limit the keep alive.', {
      mosquitto: 'In mosquitto.conf set "max_keepalive 300".',
      emqx: 'In emqx.conf set mqtt.server_keepalive = 300.',
      hivemq: 'In config.xml set <mqtt><keep-alive><max-keep-alive>300</max-keep-alive></keep-alive></mqtt>.',
    }),
    cwe: ['CWE-400'],
    owasp: ['I9'],
    mqttClause: 'MQTT 5.0 §3.2.2.3.14',
    command: (facts) => sendRaw(facts, 'mqtt5'),
    check: (facts) =>
      withLimits(facts, ({ serverKeepAlive }) =>
        foundOrPassed(
          (serverKeepAlive === undefined || serverKeepAlive === 0) && 'CONNACK held no Server Keep Alive.',
        ),
      ),
  },
  {
    ...TOLD,
    id: 'CONF-SHARED-SUBSCRIPTIONS',
    title: 'Shared subscriptions are open to strangers',
    ok: 'Strangers cannot join shared subscriptions',
    why: 'Who joins a group takes every other message away from those who belong there.',
    fix: fix('Deny $share/# to those who need none, or switch shared subscriptions off.', {
      emqx: 'In emqx.conf set mqtt.shared_subscription = false, or deny {topic, "$share/#"} in acl.conf.',
      hivemq:
        'In config.xml set <mqtt><shared-subscriptions><enabled>false</enabled></shared-subscriptions></mqtt>.',
    }),
    mqttClause: 'MQTT 5.0 §4.8.2',
    command: (facts) => sendRaw(facts, 'mqtt5'),
    check: (facts) => {
      if (!facts.isAnonymous) return undefined;
      return withLimits(facts, ({ sharedSubscriptions }) =>
        // What the broker does not forbid is available (5.0 §3.2.2.3.13).
        foundOrPassed(
          sharedSubscriptions !== false && 'A stranger was let in, and CONNACK did not forbid them.',
        ),
      );
    },
  },
  {
    ...TOLD,
    id: 'CONF-RETAIN',
    title: 'The broker keeps retained messages of strangers',
    ok: 'Strangers cannot leave retained messages',
    why: 'What a stranger leaves is sent to every device that subscribes later.',
    fix: fix('Require a login, or switch retained messages off.', {
      mosquitto: 'In mosquitto.conf set "retain_available false", or require a login.',
      emqx: 'In emqx.conf set mqtt.retain_available = false, or require a login.',
      hivemq:
        'In config.xml set <mqtt><retained-messages><enabled>false</enabled></retained-messages></mqtt>.',
    }),
    cwe: ['CWE-862'],
    mqttClause: 'MQTT 5.0 §3.2.2.3.5',
    command: (facts) => sendRaw(facts, 'mqtt5'),
    check: (facts) => {
      if (!facts.isAnonymous) return undefined;
      const write = facts.report.auth?.authorisation.find(({ as }) => as === 'anonymous')?.write;
      if (write !== 'proven') return { notTested: 'whether a stranger may write is not proven' };
      return withLimits(facts, ({ retainAvailable }) =>
        foundOrPassed(
          retainAvailable !== false && 'A stranger may write, and CONNACK did not forbid to retain.',
        ),
      );
    },
  },
  {
    ...TOLD,
    id: 'CONF-ONE-ADDRESS',
    title: 'One address may open several connections',
    ok: 'The broker limits the connections of one address',
    why: 'It is what most networks need; but without any limit one machine can take all places.',
    fix: fix('Limit connections, per address or in all.', {
      mosquitto:
        'In mosquitto.conf set "max_connections 1000" for the listener, and limit addresses in the firewall.',
      emqx: 'In emqx.conf set listeners.tcp.default.max_conn_rate and max_connections.',
      vernemq: 'In vernemq.conf set listener.max_connections.',
    }),
    mqttClause: 'MQTT 5.0 §5.4.8',
    command: (facts) => subscribe(facts, 'scan-check'),
    check: ({ report: { auth } }) => {
      const second = auth?.sessionSafety?.secondConnection;
      if (second === undefined) return undefined;
      if (second === 'inconclusive') return { notTested: 'the answer decides nothing' };
      return foundOrPassed(
        second === 'accepted' && 'Two connections at once were accepted; more were not tried.',
      );
    },
  },
  {
    ...TOLD,
    id: 'CONF-REDIRECT',
    title: 'The broker sends its clients elsewhere',
    ok: 'The broker does not send its clients elsewhere',
    why: 'Clients that follow go to a broker that was not looked at here.',
    fix: general('Scan the broker that is named, too.'),
    mqttClause: 'MQTT 5.0 §4.11',
    command: (facts) => sendRaw(facts, 'mqtt5'),
    check: ({ spokeMqtt, report: { auth } }) => {
      if (!spokeMqtt || !auth) return undefined;
      const reference = auth.anonymous.serverReference ?? auth.credentials.serverReference;
      return foundOrPassed(reference !== undefined && `It names the server ${reference}.`);
    },
  },
];

/** A check of what an MQTT 5 broker announces of itself (5.0 §3.2.2.3). */
function withLimits({ spokeMqtt, report }: Facts, check: (limits: BrokerLimits) => CheckResult): CheckResult {
  if (!spokeMqtt) return undefined;
  const limits = report.probe?.limits;
  return limits ? check(limits) : { notTested: 'nobody was let in with MQTT 5' };
}
