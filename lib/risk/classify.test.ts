import assert from 'node:assert/strict';
import type {
  AuthResult,
  CertificateFacts,
  EndpointReport,
  TlsProblem,
  TlsResult,
  TopicReport,
  TrafficResult,
} from '../model';
import { classify } from './classify';
import { policyNamed } from './policy';

const POLICY = policyNamed('default');

const CERTIFICATE: CertificateFacts = {
  subject: 'CN=broker',
  issuer: 'CN=ca',
  subjectAltNames: ['DNS:broker'],
  validFrom: '2026-01-01T00:00:00.000Z',
  validTo: '2027-01-01T00:00:00.000Z',
  daysLeft: 100,
  serialNumber: '01',
  keyType: 'rsa',
  keyBits: 2048,
  fingerprint256: 'AA',
  selfSigned: false,
  ca: false,
};

function tls(...problems: TlsProblem[]): TlsResult {
  return {
    versions: ['TLSv1.2', 'TLSv1.3'],
    cipherSuites: [],
    certificate: CERTIFICATE,
    chain: [CERTIFICATE],
    trusted: problems.length === 0,
    hostnameMatches: true,
    problems,
  };
}

function auth(parts: Partial<AuthResult> = {}): AuthResult {
  return {
    anonymous: { verdict: 'refused', meaning: 'not authorised' },
    credentials: { verdict: 'not-tested', meaning: '', sentInClear: false },
    defaultCredentials: { verdict: 'not-tested', tried: 0, accepted: [], meaning: '' },
    authorisation: [],
    ...parts,
  };
}

const ANONYMOUS = { anonymous: { verdict: 'accepted', meaning: 'accepted' } } as const;

function topic(name: string): TopicReport {
  return {
    topic: name,
    messages: 1,
    bytes: 1,
    retained: true,
    qos: 0,
    payload: 'x',
    truncated: false,
    firstSeen: '',
    lastSeen: '',
  };
}

function traffic(listenedAs: TrafficResult['listenedAs'], ...topics: string[]): TrafficResult {
  return {
    listenedMs: 1,
    messages: topics.length,
    bytes: 0,
    topics: topics.map(topic),
    listenedAs,
    filters: [],
    endedBy: 'time',
    dropped: 0,
  };
}

/** A broker that is secure in everything; each case takes something away. */
function secure(parts: Partial<EndpointReport> = {}): EndpointReport {
  return {
    target: 'broker',
    address: '10.0.0.1',
    port: 8883,
    transport: 'tls',
    url: 'mqtts://10.0.0.1:8883',
    outcome: 'open',
    probe: { versions: [4] },
    tls: tls(),
    auth: auth({ credentials: { verdict: 'accepted', meaning: 'accepted', sentInClear: false } }),
    traffic: traffic('credentials'),
    ...parts,
  };
}

interface Case {
  readonly what: string;
  readonly report: EndpointReport;
  readonly level: string;
  readonly findings: readonly string[];
}

const CASES: readonly Case[] = [
  { what: 'a secure broker whose login reads nothing', report: secure(), level: 'OK', findings: [] },
  {
    what: 'a secure broker whose login reads sensors',
    report: secure({ traffic: traffic('credentials', 'a', 'b') }),
    level: 'LOW',
    findings: ['DATA-READABLE'],
  },
  {
    what: 'a secure broker without a login for it',
    report: secure({ outcome: 'auth-failed', auth: auth(), traffic: undefined as never }),
    level: 'MEDIUM',
    findings: ['AUTH-NOT-CHECKED'],
  },
  {
    what: 'a plain broker that refuses',
    report: secure({
      transport: 'tcp',
      outcome: 'auth-failed',
      tls: undefined as never,
      auth: auth(),
      traffic: undefined as never,
    }),
    level: 'CRITICAL',
    findings: ['NET-PLAINTEXT', 'AUTH-NOT-CHECKED'],
  },
  {
    what: 'a plain broker that lets anyone read',
    report: secure({
      transport: 'tcp',
      tls: undefined as never,
      auth: auth(ANONYMOUS),
      traffic: traffic('anonymous', 'a'),
    }),
    level: 'CRITICAL',
    findings: ['NET-PLAINTEXT', 'AUTH-ANON', 'ACL-READ-ALL'],
  },
  {
    what: 'anonymous access over TLS',
    report: secure({ auth: auth(ANONYMOUS), traffic: traffic('anonymous') }),
    level: 'HIGH',
    findings: ['AUTH-ANON'],
  },
  {
    what: 'anonymous reading that only the rights test proved',
    report: secure({
      auth: auth({
        ...ANONYMOUS,
        authorisation: [
          {
            as: 'anonymous',
            read: [
              { filter: '#', verdict: 'proven' },
              { filter: '$SYS/#', verdict: 'proven' },
            ],
            write: 'proven',
          },
        ],
      }),
      traffic: undefined as never,
    }),
    level: 'HIGH',
    findings: ['AUTH-ANON', 'ACL-READ-ALL', 'ACL-WRITE', 'ACL-SYS-READ'],
  },
  {
    what: 'a subscription that was granted and delivered nothing',
    report: secure({
      auth: auth({
        ...ANONYMOUS,
        authorisation: [
          { as: 'anonymous', read: [{ filter: '#', verdict: 'granted' }], write: 'not-tested' },
        ],
      }),
      traffic: traffic('anonymous', '$SYS/broker/uptime'),
    }),
    level: 'HIGH',
    findings: ['AUTH-ANON'],
  },
  {
    what: 'a default login',
    report: secure({
      auth: auth({ defaultCredentials: { verdict: 'accepted', tried: 2, accepted: ['admin'], meaning: '' } }),
    }),
    level: 'CRITICAL',
    findings: ['AUTH-DEFAULT-CREDS'],
  },
  {
    what: 'a failed handshake',
    report: secure({
      outcome: 'tls-error',
      tls: undefined as never,
      auth: undefined as never,
      traffic: undefined as never,
    }),
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
    report: secure({ tls: tls(problem) }),
    level,
    findings: [id],
  })),
  ...(['closed', 'unreachable', 'not-mqtt'] as const).map((outcome) => ({
    what: `an endpoint that is ${outcome}`,
    report: secure({
      outcome,
      tls: undefined as never,
      auth: undefined as never,
      traffic: undefined as never,
    }),
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
    assert.equal(level(secure({ outcome: 'auth-failed', auth: auth(), traffic: undefined as never })), 'OK');
  });

  it('grades by the scores of the findings', () => {
    assert.equal(level(secure({ auth: auth(ANONYMOUS), traffic: traffic('anonymous') })), 'MEDIUM');
    assert.equal(level(secure({ auth: auth(ANONYMOUS), traffic: traffic('anonymous', 'a') })), 'HIGH');
    assert.equal(level(secure({ traffic: traffic('credentials', 'a') })), 'MEDIUM');
  });

  it('grades known vulnerabilities by their published scores', () => {
    const product = { name: 'ActiveMQ', version: '5.15.0', confidence: 1, evidence: [] };
    const { findings } = classify(secure({ probe: { versions: [4], product } }), policyNamed('cvss'));
    assert.equal(findings.find(({ id }) => id === 'VULN-ACCESS')?.severity, 'CRITICAL');
  });
});

describe('a verdict', () => {
  const judge = (report: EndpointReport) => classify(report, POLICY);

  it('shows how the score came about', () => {
    const { score } = judge(secure({ traffic: traffic('credentials', 'a') }));
    assert.deepEqual(score, {
      value: 95,
      deductions: [{ id: 'DATA-READABLE', points: 5 }],
      arithmetic: '100 - 5 (DATA-READABLE) = 95',
    });
    const open = judge(secure({ transport: 'tcp', tls: undefined as never, auth: auth(ANONYMOUS) }));
    assert.equal(open.score?.arithmetic, '100 - 60 (NET-PLAINTEXT) - 30 (AUTH-ANON) = 10');
  });

  it('says what was not tested, and why', () => {
    const { notTested = [] } = judge(secure({ tls: undefined as never, auth: undefined as never }));
    const reasonOf = (id: string) => notTested.find((check) => check.id === id)?.reason;
    assert.equal(reasonOf('TLS-CERT-EXPIRED'), 'the TLS inspection was not part of this scan');
    assert.equal(reasonOf('AUTH-DEFAULT-CREDS'), 'the access test was not part of this scan');
    assert.equal(reasonOf('PROTO-LAX'), 'malformed packets are off');
  });

  it('counts everything behind a failed handshake as not tested', () => {
    const failed = secure({
      outcome: 'tls-error',
      tls: undefined as never,
      auth: undefined as never,
      traffic: undefined as never,
    });
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
      const { outcome } = judge(secure(parts));
      assert.equal(outcome?.label, label);
      for (const text of [outcome?.meaning, outcome?.evidence, outcome?.implication]) {
        assert.match(text ?? '', /^[A-Z].*\.$/);
      }
    });
  }

  it('gives the setting of the product that was found', () => {
    const remedy = (name: string) => {
      const product = { name, confidence: 1, evidence: [] };
      const report = secure({ auth: auth(ANONYMOUS), probe: { versions: [4], product } });
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
    const risk = judge(secure({ outcome: 'auth-failed', probe: { versions: [4], reason } }));
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
