import type { StrictnessResult } from '../../model';
import { connect, sendRaw, subscribe } from '../commands';
import { CVSS } from '../cvss';
import { type Facts, REASONS, some } from '../facts';
import { fix, general, OLD_MQTT, STRICT } from '../fixes';
import { foundOrPassed, PASSED, type Rule } from '../rule';

const LAX = {
  area: 'protocol',
  confidence: 'proven',
  fix: STRICT,
  cvss: CVSS.lax,
  cwe: ['CWE-20'],
  owasp: ['I3'],
  etsi: ['5.13-1'],
} as const;

export const PROTOCOL_RULES: readonly Rule[] = [
  {
    area: 'protocol',
    confidence: 'proven',
    id: 'PROTO-LEGACY',
    title: 'MQTT 3.1 is spoken',
    ok: 'MQTT 3.1 is not spoken',
    why: 'MQTT 3.1 is no standard and leaves open much that later versions forbid.',
    fix: OLD_MQTT,
    cwe: ['CWE-477'],
    owasp: ['I5'],
    command: (facts) => connect(facts, { version: 3 }),
    check: ({ spokeMqtt, report: { probe } }) => {
      if (!spokeMqtt) return undefined;
      if (!probe?.answers?.some(({ asked }) => asked === 3) && !probe?.versions.includes(3)) {
        return { notTested: 'MQTT 3.1 was not asked for' };
      }
      return foundOrPassed(
        probe.versions.includes(3) && 'The broker answered a CONNECT of MQTT 3.1 in its form.',
      );
    },
  },
  {
    area: 'protocol',
    confidence: 'proven',
    id: 'PROTO-NO-MQTT5',
    title: 'MQTT 5 is not spoken',
    ok: 'MQTT 5 is spoken',
    why: 'Limits, expiry of messages and reasons for refusals came with MQTT 5.',
    fix: general('Use a broker that speaks MQTT 5, or switch it on.'),
    owasp: ['I5'],
    mqttClause: 'MQTT 5.0 §3.1.2.2',
    command: (facts) => connect(facts, { version: 5 }),
    check: ({ spokeMqtt, report: { probe } }) => {
      if (!spokeMqtt) return undefined;
      if (probe?.versions.includes(5)) return PASSED;
      const asked = probe?.answers?.find((answer) => answer.asked === 5);
      return asked
        ? { evidence: `The answer to a CONNECT of MQTT 5: ${asked.meaning}.` }
        : { notTested: 'MQTT 5 was not asked for' };
    },
  },
  {
    area: 'protocol',
    confidence: 'proven',
    id: 'PROTO-WRONG-FORM',
    title: 'The broker answers in the form of another protocol version',
    ok: 'The broker answers in the form of the version that was asked',
    why: 'Clients may misread the answer, a refusal for a success among others.',
    fix: general('Update the broker; it should refuse versions that it does not speak with code 1 or 0x84.'),
    cvss: CVSS.lax,
    cwe: ['CWE-436'],
    owasp: ['I5'],
    etsi: ['5.13-1'],
    mqttClause: 'MQTT 5.0 §3.1.2.2',
    command: (facts) => connect(facts, { version: 5 }),
    check: ({ spokeMqtt, report: { probe } }) => {
      if (!spokeMqtt || !probe?.answers) return undefined;
      // A refusal in the older form is what the standard expects of a broker that does not know the version.
      const wrong = probe.answers.filter(
        ({ asked, connack }) => connack?.code === 0 && connack.protocolVersion !== asked,
      );
      return foundOrPassed(
        wrong.length > 0 &&
          `Versions answered in another form: ${some(wrong.map(({ asked }) => String(asked)))}.`,
      );
    },
  },
  lax('unknownProtocolName', {
    command: (facts) => sendRaw(facts, 'unknownName'),
    id: 'PROTO-LAX',
    title: 'A CONNECT with a protocol name that does not exist is accepted',
    ok: 'A CONNECT with an unknown protocol name is not accepted',
    why: 'A broker that checks so little is likely to trip over worse.',
    mqttClause: 'MQTT 5.0 §3.1.2.1',
  }),
  lax('reservedConnectFlag', {
    command: (facts) => sendRaw(facts, 'reservedFlag'),
    id: 'PROTO-LAX-RESERVED',
    title: 'A CONNECT with its reserved flag set is accepted',
    ok: 'A CONNECT with its reserved flag set is not accepted',
    why: 'The standard demands that the connection be closed; a broker that does not checks its input badly.',
    mqttClause: 'MQTT 5.0 §3.1.2.3',
  }),
  lax('packetBeforeConnect', {
    command: (facts) => sendRaw(facts, 'pingFirst'),
    id: 'PROTO-LAX-FIRST',
    title: 'A packet before CONNECT is accepted',
    ok: 'A packet before CONNECT is not accepted',
    why: 'What is accepted before the login needs no login.',
    mqttClause: 'MQTT 5.0 §3.1',
  }),
  lax('secondConnect', {
    command: (facts) => sendRaw(facts, 'twice'),
    id: 'PROTO-LAX-SECOND',
    title: 'A second CONNECT on one connection is accepted',
    ok: 'A second CONNECT on one connection is not accepted',
    why: 'A client could change who it is in the middle of its session.',
    mqttClause: 'MQTT 5.0 §3.1',
  }),
  {
    area: 'protocol',
    confidence: 'proven',
    id: 'PROTO-EMPTY-ID',
    title: 'Clients may connect without an identifier',
    ok: 'Clients must name themselves',
    why: 'In the logs nobody can tell such clients apart.',
    fix: fix('Require an identifier of every client.', {
      mosquitto: 'In mosquitto.conf set "allow_zero_length_clientid false".',
      hivemq:
        'In config.xml set <security><allow-empty-client-id><enabled>false</enabled></allow-empty-client-id></security>.',
      vernemq: 'In vernemq.conf leave out allow_register_during_netsplit and check identifiers in a plugin.',
    }),
    mqttClause: 'MQTT 3.1.1 §3.1.3.1',
    command: (facts) => subscribe(facts, 'scan-check'),
    check: ({ spokeMqtt, report: { probe } }) => {
      if (!spokeMqtt) return undefined;
      if (probe?.emptyClientId === undefined) return { notTested: 'an empty identifier was not tried' };
      return foundOrPassed(
        probe.emptyClientId === 'accepted' &&
          'A CONNECT of MQTT 3.1.1 with an empty identifier was accepted.',
      );
    },
  },
  {
    area: 'protocol',
    confidence: 'told',
    id: 'PROTO-ASSIGNED-ID',
    title: 'Identifiers that the broker assigns can be guessed',
    ok: 'Identifiers that the broker assigns cannot be guessed',
    why: 'Who guesses the identifier of another client can push it out and take over its session.',
    fix: general('Have clients bring random identifiers of their own, or update the broker.'),
    cvss: CVSS.hijack,
    cwe: ['CWE-340'],
    owasp: ['I3'],
    mqttClause: 'MQTT 5.0 §3.2.2.3.7',
    command: (facts) => connect(facts, { version: 5 }),
    check: ({ spokeMqtt, report: { probe } }) => {
      if (!spokeMqtt) return undefined;
      const shape = probe?.limits?.assignedClientId;
      if (shape === undefined) return { notTested: 'the broker assigned no identifier' };
      return foundOrPassed(
        COUNTED_ID.test(shape) && `The broker assigned an identifier of the form ${shape}.`,
      );
    },
  },
  {
    area: 'protocol',
    confidence: 'guessed',
    id: 'NET-HONEYPOT',
    title: 'The signs of this broker contradict each other',
    ok: 'The signs of this broker fit together',
    why: 'It may be a decoy or hide behind another name; what it says of itself proves nothing then.',
    fix: general('Find out what runs at this address before relying on these results.'),
    command: (facts) => subscribe(facts, '$SYS/broker/version'),
    check: contradictions,
  },
];

/** Letters and a number of few digits, instead of something random. */
const COUNTED_ID = /^[A-Za-z_/-]*\d{1,5}$/;

function lax(
  test: keyof StrictnessResult,
  rule: Pick<Rule, 'id' | 'title' | 'ok' | 'why' | 'mqttClause' | 'command'>,
): Rule {
  return {
    ...LAX,
    ...rule,
    check: ({ spokeMqtt, report: { probe } }) => {
      if (!spokeMqtt) return undefined;
      const verdict = probe?.strictness?.[test];
      if (verdict === undefined) {
        return { notTested: probe?.strictness ? 'nobody was let in' : REASONS.strictness };
      }
      if (verdict === 'unreachable') return { notTested: 'the broker took no connection any more' };
      return foundOrPassed(verdict === 'accepted' && 'The malformed packet was accepted.');
    },
  };
}

function contradictions({ spokeMqtt, isAnonymous, report: { probe, auth } }: Facts) {
  if (!spokeMqtt) return undefined;
  const odd = probe?.oddities?.filter(({ id }) => id === 'contradictory-answers') ?? [];
  if (odd.length > 0) return { evidence: `${odd.map(({ text }) => text).join('; ')}.` };
  const acceptsAll = isAnonymous && auth?.randomLogin?.verdict === 'accepted';
  const accepted = auth?.defaultCredentials.accepted.length ?? 0;
  // Products differ in their default logins; one broker that takes those of many is none of them.
  if (acceptsAll && accepted >= 3) {
    return {
      evidence: `It takes no login, any login, and ${accepted} default logins of different products.`,
    };
  }
  return PASSED;
}
