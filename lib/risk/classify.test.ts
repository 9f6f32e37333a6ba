import assert from 'node:assert/strict';
import type { EndpointReport } from '../model';
import { classify } from './classify';
import { policyNamed } from './policy';
import { auth, locked, open, probe, product, read, secure, tls, topic, traffic } from './testing';

const POLICY = policyNamed('default');

/** Secure in everything, its version unknown included; each case takes something away. */
function quiet(parts: Parameters<typeof secure>[0] = {}): EndpointReport {
  return secure({ probe: probe({ product: product('HiveMQ') }), ...parts });
}

/** What else is there where nothing behind the first answer was looked at. */
const NOTHING = { tls: undefined, auth: undefined, traffic: undefined } as const;
const REFUSED = { outcome: 'auth-failed', auth: locked(), traffic: undefined } as const;
const PLAIN = { transport: 'tcp', tls: undefined } as const;

interface Case {
  readonly what: string;
  readonly report: EndpointReport;
  readonly level: string;
  readonly findings: readonly string[];
}

const CASES: readonly Case[] = [
  { what: 'a secure broker whose login reads nothing', report: quiet(), level: 'OK', findings: [] },
  {
    what: 'a secure broker whose login reads sensors',
    report: quiet({ traffic: traffic('credentials', [topic('a'), topic('b')]) }),
    level: 'LOW',
    findings: ['DATA-READABLE'],
  },
  {
    what: 'a secure broker without a login for it',
    report: quiet(REFUSED),
    level: 'MEDIUM',
    findings: ['AUTH-NOT-CHECKED'],
  },
  {
    what: 'a plain broker that refuses',
    report: quiet({ ...PLAIN, ...REFUSED }),
    level: 'CRITICAL',
    findings: ['NET-PLAINTEXT', 'AUTH-NOT-CHECKED'],
  },
  {
    what: 'a plain broker that lets anyone read',
    report: quiet({
      ...PLAIN,
      auth: open(),
      traffic: traffic('anonymous', [topic('a')]),
    }),
    level: 'CRITICAL',
    findings: ['NET-PLAINTEXT', 'AUTH-ANON', 'ACL-READ-ALL'],
  },
  {
    what: 'anonymous access over TLS',
    report: quiet({ auth: open(), traffic: traffic('anonymous') }),
    level: 'HIGH',
    findings: ['AUTH-ANON'],
  },
  {
    what: 'anonymous reading that only the rights test proved',
    report: quiet({
      auth: open({ read: [read('#', 'proven'), read('$SYS/#', 'proven')], write: 'proven' }),
      traffic: undefined,
    }),
    level: 'HIGH',
    findings: ['AUTH-ANON', 'ACL-READ-ALL', 'ACL-WRITE', 'ACL-SYS-READ'],
  },
  {
    what: 'a subscription that was granted and delivered nothing',
    report: quiet({
      auth: open({ read: [read('#', 'granted')], write: 'not-tested' }),
      traffic: traffic('anonymous', [topic('$SYS/broker/uptime')]),
    }),
    level: 'HIGH',
    findings: ['AUTH-ANON'],
  },
  {
    what: 'a default login',
    report: quiet({
      auth: auth({ defaultCredentials: { verdict: 'accepted', tried: 2, accepted: ['admin'], meaning: '' } }),
    }),
    level: 'CRITICAL',
    findings: ['AUTH-DEFAULT-CREDS'],
  },
  {
    what: 'a failed handshake',
    report: quiet({ outcome: 'tls-error', ...NOTHING }),
    level: 'MEDIUM',
    findings: ['TLS-HANDSHAKE'],
  },
  ...(
    [
      ['expired', 'TLS-CERT-EXPIRED', 'HIGH'],
      ['not-yet-valid', 'TLS-CERT-NOT-YET-VALID', 'HIGH'],
      ['expires-soon', 'TLS-CERT-EXPIRES-SOON', 'MEDIUM'],
      ['self-signed', 'TLS-CERT-SELF-SIGNED', 'MEDIUM'],
      ['untrusted', 'TLS-CERT-UNTRUSTED', 'MEDIUM'],
      ['name-mismatch', 'TLS-CERT-NAME', 'MEDIUM'],
      ['weak-key', 'TLS-CERT-WEAK-KEY', 'HIGH'],
      ['old-protocol', 'TLS-OLD-PROTOCOL', 'MEDIUM'],
    ] as const
  ).map(([problem, id, level]) => ({
    what: `a certificate or listener with the problem ${problem}`,
    report: quiet({ tls: tls({}, problem) }),
    level,
    findings: [id],
  })),
  ...(['closed', 'unreachable', 'not-mqtt'] as const).map((outcome) => ({
    what: `an endpoint that is ${outcome}`,
    report: quiet({ outcome, ...NOTHING }),
    level: 'OK',
    findings: [],
  })),
];

function classifiedAs(policy: string): (report: EndpointReport) => string {
  return (report) => classify(report, policyNamed(policy)).level;
}

describe('classify with the policy cvss', () => {
  const level = classifiedAs('cvss');

  it('takes a refusal behind TLS for good', () => {
    assert.equal(level(quiet(REFUSED)), 'OK');
  });

  it('grades by the scores of the findings', () => {
    assert.equal(level(quiet({ auth: open(), traffic: traffic('anonymous') })), 'MEDIUM');
    assert.equal(level(quiet({ auth: open(), traffic: traffic('anonymous', [topic('a')]) })), 'HIGH');
    assert.equal(level(quiet({ traffic: traffic('credentials', [topic('a')]) })), 'MEDIUM');
  });

  it('grades known vulnerabilities by their published scores', () => {
    const old = quiet({ probe: probe({ product: product('ActiveMQ', '5.15.0') }) });
    const { findings } = classify(old, policyNamed('cvss'));
    assert.equal(findings.find(({ id }) => id === 'VULN-ACCESS')?.severity, 'CRITICAL');
  });
});

describe('a verdict', () => {
  const judge = (report: EndpointReport) => classify(report, POLICY);

  it('shows how the score came about', () => {
    const { score } = judge(quiet({ traffic: traffic('credentials', [topic('a')]) }));
    assert.deepEqual(score, {
      value: 95,
      deductions: [{ id: 'DATA-READABLE', points: 5 }],
      arithmetic: '100 - 5 (DATA-READABLE) = 95',
    });
    const stranger = judge(quiet({ ...PLAIN, auth: open() }));
    assert.equal(stranger.score?.arithmetic, '100 - 60 (NET-PLAINTEXT) - 30 (AUTH-ANON) = 10');
  });

  it('says what was not tested, and why', () => {
    const { notTested = [] } = judge(
      quiet({ tls: undefined, auth: undefined, probe: probe({ strictness: undefined as never }) }),
    );
    const reasonOf = (id: string) => notTested.find((check) => check.id === id)?.reason;
    assert.equal(reasonOf('TLS-CERT-EXPIRED'), 'the TLS inspection was not part of this scan');
    assert.equal(reasonOf('AUTH-DEFAULT-CREDS'), 'the access test was not part of this scan');
    assert.equal(reasonOf('PROTO-LAX'), 'malformed packets are off');
  });

  it('counts everything behind a failed handshake as not tested', () => {
    const failed = quiet({ outcome: 'tls-error', ...NOTHING });
    const { passed, notTested = [] } = judge(failed);
    assert.deepEqual(passed, []);
    assert.ok(notTested.some(({ id }) => id === 'AUTH-ANON'));
  });

  it('has each check once: found, passed, not tested, or without meaning here', () => {
    for (const { report } of CASES) {
      const { findings, passed = [], notTested = [] } = judge(report);
      const ids = [...findings, ...passed, ...notTested].map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length, ids.join(' '));
    }
  });

  const labels: readonly (readonly [Partial<EndpointReport>, string])[] = [
    [{}, 'Connected (8883)'],
    [{ port: 1883, transport: 'tcp' }, 'Connected (1883)'],
    [{ outcome: 'auth-failed' }, 'Not Authorised / Auth Required'],
    [{ outcome: 'tls-error' }, 'TLS Error'],
    [{ outcome: 'closed' }, 'Closed / Refused'],
    [{ outcome: 'unreachable' }, 'Unreachable / Timeout'],
    [{ outcome: 'not-mqtt' }, 'Not MQTT'],
  ];
  for (const [parts, label] of labels) {
    it(`names the outcome ${label}, with meaning, evidence and implication`, () => {
      const { outcome } = judge(quiet(parts));
      assert.equal(outcome?.label, label);
      for (const text of [outcome?.meaning, outcome?.evidence, outcome?.implication]) {
        assert.match(text ?? '', /^[A-Z].*\.$/);
      }
    });
  }

  it('does not say of whoever closes or keeps silent that it is no broker', () => {
    const outcomeOf = (service: string, reason: string) =>
      judge(quiet({ outcome: 'not-mqtt', ...NOTHING, probe: { versions: [], service, reason } })).outcome;
    const mute = outcomeOf('closed without an answer (inside TLS)', 'closed without an answer');
    assert.equal(mute?.evidence, 'Closed without an answer.');
    assert.match(mute?.implication ?? '', /not known.*Scan again with a login/);
    const web = outcomeOf('HTTP', 'garbage');
    assert.equal(web?.evidence, 'What answered: HTTP.');
    assert.match(web?.implication ?? '', /^There is no broker/);
  });

  it('says what a server thinks of the client certificate', () => {
    const implied = (reason: string) =>
      judge(quiet({ outcome: 'tls-error', ...NOTHING, probe: { versions: [], reason } })).outcome
        ?.implication ?? '';
    assert.match(implied('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), /is required: strangers are kept out/);
    assert.match(implied('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'), /of the scan is refused; scan again without it/);
    assert.match(implied('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'), /may be required, or the versions differ/);
  });

  it('says how we were thrown out where CONNACK said yes', () => {
    const meaning = 'accepted, and ended at once: not authorised';
    const anonymous = { verdict: 'refused', meaning, outcome: 'accepted-then-disconnected' } as const;
    const risk = judge(quiet({ ...REFUSED, auth: locked({ anonymous }) }));
    assert.equal(risk.outcome?.evidence, `Answer to CONNECT: ${meaning}.`);
    assert.ok(risk.findings.some(({ evidence }) => evidence === `The answer to CONNECT was: ${meaning}.`));
  });

  it('says by what a session came about', () => {
    const { credentials, ...rest } = auth();
    const refused = { ...credentials, verdict: 'not-tested' } as const;
    const byCertificate = judge(quiet({ auth: { ...rest, credentials: refused } })).outcome;
    assert.match(byCertificate?.meaning ?? '', /, with the client certificate given\.$/);
    assert.match(judge(quiet()).outcome?.meaning ?? '', /, with the login given\.$/);
    assert.match(judge(quiet({ auth: open() })).outcome?.meaning ?? '', /, without a login\.$/);
  });

  it('gives the setting of the product that was found', () => {
    const remedy = (name: string) => {
      const report = quiet({ auth: open(), probe: probe({ product: product(name) }) });
      return judge(report).findings.find(({ id }) => id === 'AUTH-ANON')?.remediation ?? '';
    };
    assert.match(remedy('mosquitto'), /allow_anonymous false/);
    assert.match(remedy('EMQX'), /emqx\.conf/);
    assert.match(remedy('HiveMQ'), /extension/);
    assert.match(remedy('VerneMQ'), /vernemq\.conf/);
    assert.match(remedy('RabbitMQ'), /anonymous_login_user/);
    assert.match(remedy('NanoMQ'), /nanomq\.conf/);
    assert.match(remedy('unheard-of'), /^Switch anonymous access off/);
  });

  it('shows nothing that a target wrote as it came', () => {
    const reason = `\u202e<b>${'x'.repeat(5000)}\n`;
    const risk = judge(quiet({ outcome: 'auth-failed', probe: probe({ reason }) }));
    for (const text of [risk.outcome?.evidence, ...risk.findings.map(({ evidence }) => evidence)]) {
      assert.doesNotMatch(text ?? '', /[\p{Cc}\p{Cf}]/u);
      assert.ok((text ?? '').length <= 1001);
    }
  });
});

describe('classify with the default policy', () => {
  for (const { what, report, level, findings } of CASES) {
    it(`${what} is ${level}`, () => {
      const risk = classify(report, POLICY);
      assert.equal(risk.level, level);
      const weaknesses = risk.findings.filter(({ severity }) => severity !== 'OK');
      assert.deepEqual(
        weaknesses.map(({ id }) => id),
        findings,
      );
      for (const { evidence, remediation } of risk.findings) {
        assert.match(evidence, /\.$/);
        assert.doesNotMatch(evidence, /undefined|NaN/);
        assert.match(remediation, /\.$/);
      }
    });
  }

  it('gives the same bytes for the same facts', () => {
    for (const { report } of CASES) {
      assert.equal(
        JSON.stringify(classify(report, POLICY)),
        JSON.stringify(classify(structuredClone(report), POLICY)),
      );
    }
  });
});
