import assert from 'node:assert/strict';
import { Cvss4P0 } from 'ae-cvss-calculator';
import type { EndpointReport, SensitiveClass, TlsProblem } from '../../model';
import { classify } from '../classify';
import { CVSS } from '../cvss';
import { DEFAULT_SEVERITIES } from '../default-severities';
import { policyNamed } from '../policy';
import {
  auth,
  CERTIFICATE,
  open,
  plain,
  probe,
  product,
  read,
  secure,
  tls,
  topic,
  traffic,
} from '../testing';
import { RULES } from '.';
import { SCAN_RULES } from './whole-scan';

const POLICY = policyNamed('default');

/** Facts in which the rule finds something, and facts in which it does not. */
interface Case {
  readonly bad: EndpointReport;
  readonly good: EndpointReport;
}

const good = secure();
/** A stranger is let in, and nothing else is wrong. */
const stranger = (parts: Parameters<typeof secure>[0] = {}): EndpointReport =>
  secure({ auth: open(), traffic: traffic('anonymous'), ...parts });

const problem = (name: TlsProblem): Case => ({ bad: secure({ tls: tls({}, name) }), good });

const sensitive = (kind: SensitiveClass): Case => {
  const found = {
    class: kind,
    severity: 'HIGH',
    confidence: 1,
    path: '$.x',
    sample: '***',
    retained: true,
  } as const;
  // Details of networks are minor always; of all else a minor one is no finding.
  const minor = { ...found, severity: 'LOW' } as const;
  return {
    bad: stranger({ traffic: traffic('anonymous', [topic('home/x', { sensitive: [found] })]) }),
    good: stranger({
      traffic: traffic('anonymous', [topic('home/x', kind === 'network' ? {} : { sensitive: [minor] })]),
    }),
  };
};

const control = (kind: 'ot-command' | 'firmware-update' | 'lock'): Case => {
  const topics = [topic('home/x')];
  const controls = [
    { kind, severity: 'HIGH', confidence: 1, convention: 'topic name', topic: 'home/x/set' },
  ] as const;
  return {
    bad: stranger({ traffic: traffic('anonymous', topics, { controls }) }),
    good: stranger({ traffic: traffic('anonymous', topics) }),
  };
};

const lax = (test: string): Case => ({
  bad: secure({ probe: probe({ strictness: { ...probe().strictness, [test]: 'accepted' } as never }) }),
  good,
});

const limits = (parts: object): Case => ({
  bad: secure({ probe: probe({ limits: { ...probe().limits, ...parts } }) }),
  good,
});

const withCertificate = (parts: object): EndpointReport => {
  const certificate = { ...CERTIFICATE, ...parts };
  return secure({ tls: tls({ certificate, chain: [certificate] }) });
};

const rights = (...filters: readonly ReturnType<typeof read>[]): EndpointReport =>
  stranger({ auth: open({ read: filters }) });

const SUITE = {
  name: 'TLS_RSA_WITH_AES_128_GCM_SHA256',
  code: '0x009C',
  grade: 'acceptable',
  forwardSecrecy: false,
} as const;

const CASES: Readonly<Record<string, Case>> = {
  'NET-PLAINTEXT': { bad: plain(), good },
  'NET-WS-PLAINTEXT': {
    bad: plain({ transport: 'ws', url: 'ws://10.0.0.1:1883/mqtt' }),
    good: secure({ transport: 'wss' }),
  },
  'NET-WS-ORIGIN': {
    bad: secure({
      transport: 'wss',
      probe: probe({ webSocket: { path: '/mqtt', foreignOrigin: 'accepted' } }),
    }),
    good: secure({
      transport: 'wss',
      probe: probe({ webSocket: { path: '/mqtt', foreignOrigin: 'refused' } }),
    }),
  },
  'NET-LOGIN-IN-CLEAR': {
    bad: plain({ auth: auth({ credentials: { verdict: 'refused', meaning: '', sentInClear: true } }) }),
    good,
  },
  'NET-PLAIN-ON-TLS-PORT': { bad: plain({ port: 8883 }), good },
  'NET-TLS-ON-PLAIN-PORT': {
    bad: secure({
      port: 1883,
      probe: probe({ oddities: [{ id: 'tls-on-plain-port', text: 'port 1883 speaks TLS' }] }),
    }),
    good: secure({ port: 1883 }),
  },
  'NET-NO-BROKER': { bad: secure({ outcome: 'closed' }), good },
  'TLS-HANDSHAKE': { bad: secure({ outcome: 'tls-error' }), good },
  'TLS-OLD-PROTOCOL': problem('old-protocol'),
  'TLS-SSLV3': { bad: secure({ tls: tls({ versions: ['SSLv3', 'TLSv1.2'] }) }), good },
  'TLS-NO-TLS13': { bad: secure({ tls: tls({ versions: ['TLSv1.2'] }) }), good },
  'TLS-WEAK-CIPHER': problem('weak-cipher'),
  'TLS-NO-FORWARD-SECRECY': {
    bad: secure({ tls: tls({ protocols: [{ version: 'TLSv1.2', suites: [SUITE], groups: [] }] }) }),
    good,
  },
  'TLS-WEAK-DH': problem('weak-dh'),
  'TLS-COMPRESSION': problem('compression'),
  'TLS-RENEGOTIATION': problem('insecure-renegotiation'),
  'TLS-MTLS': { bad: secure({ tls: tls({ clientCertificate: { demand: 'none', authorities: [] } }) }), good },

  'AUTH-ANON': { bad: stranger(), good },
  'AUTH-ACCEPT-ANY': {
    bad: secure({ auth: auth({ randomLogin: { verdict: 'accepted', meaning: '' } }) }),
    good,
  },
  'AUTH-DEFAULT-CREDS': {
    bad: secure({
      auth: auth({ defaultCredentials: { verdict: 'accepted', tried: 2, accepted: ['admin'], meaning: '' } }),
    }),
    good,
  },
  'AUTH-NOT-CHECKED': { bad: secure({ outcome: 'auth-failed' }), good },
  'AUTH-GIVEN-REFUSED': {
    bad: secure({
      auth: auth({ credentials: { verdict: 'refused', meaning: 'bad login', sentInClear: false } }),
    }),
    good,
  },
  'AUTH-DOWNGRADE': {
    bad: secure({
      auth: auth({
        anonymousVersions: [
          { verdict: 'accepted', meaning: '', protocolVersion: 3 },
          { verdict: 'refused', meaning: '', protocolVersion: 5 },
        ],
      }),
    }),
    good,
  },
  'AUTH-USER-NO-PASSWORD': {
    bad: secure({
      auth: auth({ anonymousVariants: [{ variant: 'no-password', verdict: 'accepted', meaning: '' }] }),
    }),
    good,
  },
  'AUTH-EMPTY-LOGIN': {
    bad: secure({
      auth: auth({ anonymousVariants: [{ variant: 'empty-password', verdict: 'accepted', meaning: '' }] }),
    }),
    good,
  },
  'AUTH-CERTIFICATE-ONLY-ASKED': {
    bad: secure({ auth: auth({ clientCertificate: { verdict: 'refused', meaning: '', isLogin: false } }) }),
    good,
  },
  'AUTH-TAKEOVER': { bad: safety({ takeover: 'taken-over' }), good },
  'AUTH-DUPLICATE-ID': { bad: safety({ takeover: 'both-kept' }), good },
  'AUTH-METHODS': {
    bad: secure({
      auth: auth({
        enhancedAuthentication: { verdict: 'not-offered', methods: [], asked: ['SCRAM'], meaning: '' },
      }),
    }),
    good,
  },
  'AUTH-LOGIN-DROPPED': {
    bad: secure({
      auth: auth({ anonymous: { verdict: 'refused', meaning: '', outcome: 'accepted-then-disconnected' } }),
    }),
    good,
  },

  'ACL-READ-ALL': { bad: rights(read('#', 'proven')), good: rights(read('#', 'denied')) },
  'ACL-READ-BYPASS': {
    bad: rights(read('#', 'denied'), read('+/#', 'proven', { kind: 'bypass' })),
    good: rights(read('#', 'denied'), read('+/#', 'denied', { kind: 'bypass' })),
  },
  'ACL-WRITE': { bad: stranger({ auth: open({ write: 'proven' }) }), good: stranger() },
  'ACL-WILL': { bad: stranger({ auth: open({ will: 'proven' }) }), good: stranger() },
  'ACL-SYS-READ': { bad: rights(read('$SYS/#', 'proven')), good },
  'ACL-CONTROL': { bad: rights(read('$CONTROL/#', 'proven', { kind: 'management' })), good },
  'ACL-LOGIN-ALL': {
    bad: login({ read: [read('#', 'proven', { samples: ['a/1', 'b/1', 'c/1'] })] }),
    good: login({ read: [read('#', 'denied')] }),
  },
  'ACL-LOGIN-WRITE': { bad: login({ write: 'proven' }), good },
  'ACL-NOTHING-DELIVERED': { bad: rights(read('#', 'granted')), good: rights(read('#', 'denied')) },

  'DATA-READABLE': { bad: secure({ traffic: traffic('credentials', [topic('a')]) }), good },
  'DATA-SECRET': sensitive('wifi-key'),
  'DATA-PII': sensitive('email'),
  'DATA-LOCATION': sensitive('location'),
  'DATA-PRESENCE': sensitive('presence'),
  'DATA-HEALTH': sensitive('health'),
  'DATA-MEDIA': sensitive('image'),
  'DATA-NETWORK': sensitive('network'),
  'DATA-RETAINED-SECRET': sensitive('token'),
  'DATA-RETAINED-STALE': {
    bad: stranger({ traffic: traffic('anonymous', [topic('a', { live: 0 })]) }),
    good: stranger({ traffic: traffic('anonymous', [topic('a', { live: 1 })]) }),
  },
  'DATA-OT-COMMAND': control('ot-command'),
  'DATA-FIRMWARE-UPDATE': control('firmware-update'),
  'DATA-ACCESS-CONTROL': control('lock'),
  'DATA-INVENTORY': {
    bad: stranger({
      traffic: traffic('anonymous', [topic('a')], {
        devices: [{ id: 'd1', convention: 'Tasmota', topic: 'a' }],
      }),
    }),
    good: stranger({ traffic: traffic('anonymous', [topic('a')]) }),
  },
  'INFO-CLIENT-LEAK': {
    bad: stranger({ traffic: traffic('anonymous', [topic('$SYS/brokers/n1/clients/c1/connected')]) }),
    good: stranger({ traffic: traffic('anonymous', [topic('$SYS/broker/clients/connected')]) }),
  },
  'INFO-VERSION': {
    bad: secure({ probe: probe({ product: product('mosquitto', '2.0.23') }) }),
    good: secure({ probe: probe({ product: product('mosquitto') }) }),
  },
  'DATA-BAD-TOPIC': {
    bad: stranger({ traffic: traffic('anonymous', [topic('a', { violations: ['wildcard'] })]) }),
    good: stranger({ traffic: traffic('anonymous', [topic('a')]) }),
  },
  'NET-PUBLIC-ADDRESS': { bad: secure({ address: '8.8.8.8' }), good },
  'NET-PUBLIC-ANON': { bad: stranger({ address: '8.8.8.8' }), good: secure({ address: '8.8.8.8' }) },

  'TLS-CERT-EXPIRED': problem('expired'),
  'TLS-CERT-NOT-YET-VALID': problem('not-yet-valid'),
  'TLS-CERT-EXPIRES-SOON': problem('expires-soon'),
  'TLS-CERT-SELF-SIGNED': problem('self-signed'),
  'TLS-CERT-UNTRUSTED': problem('untrusted'),
  'TLS-CHAIN-INCOMPLETE': problem('incomplete-chain'),
  'TLS-CHAIN-ORDER': problem('chain-order'),
  'TLS-CERT-NAME': problem('name-mismatch'),
  'TLS-CERT-ODD-NAME': problem('odd-name'),
  'TLS-CERT-WEAK-KEY': problem('weak-key'),
  'TLS-CERT-WEAK-SIGNATURE': problem('weak-signature'),
  'TLS-CERT-LIFETIME': problem('long-lifetime'),
  'TLS-CERT-CA-AS-SERVER': problem('ca-as-server'),
  'TLS-CERT-KNOWN-KEY': problem('known-certificate'),
  'TLS-CERT-WILDCARD': { bad: withCertificate({ subjectAltNames: ['DNS:*.example'] }), good },
  'TLS-CHAIN-EXPIRED': {
    bad: secure({ tls: tls({ chain: [CERTIFICATE, { ...CERTIFICATE, daysLeft: 3 }] }) }),
    good,
  },
  'TLS-CERT-USAGE': { bad: withCertificate({ extendedKeyUsage: ['clientAuth'] }), good },
  'TLS-CERT-NO-REVOCATION': { bad: withCertificate({ crlUrls: [] }), good },

  'VULN-KNOWN': version('mosquitto', '2.0.11', '2.0.23'),
  'VULN-ACCESS': version('RabbitMQ', '3.6.5', '4.2.9'),
  'VULN-EOL': version('mosquitto', '1.6.15', '2.0.23'),
  'PRODUCT-EMQX-DEFAULT-ACL': {
    bad: stranger({
      probe: probe({ product: product('EMQX', '5.8.0') }),
      auth: open({ read: [read('#', 'denied')] }),
    }),
    good: stranger({
      probe: probe({ product: product('EMQX', '5.8.0') }),
      auth: open({ read: [read('#', 'granted')] }),
    }),
  },
  'PRODUCT-UNKNOWN': { bad: secure({ probe: probe({ product: undefined as never }) }), good },

  'PROTO-LEGACY': { bad: secure({ probe: probe({ versions: [3, 4] }) }), good },
  'PROTO-NO-MQTT5': { bad: secure({ probe: probe({ versions: [4] }) }), good },
  'PROTO-WRONG-FORM': {
    bad: secure({
      probe: probe({
        answers: [
          {
            asked: 5,
            meaning: 'accepted',
            connack: { protocolVersion: 4, code: 0, meaning: 'accepted', sessionPresent: false },
          },
        ],
      }),
    }),
    good,
  },
  'PROTO-LAX': lax('unknownProtocolName'),
  'PROTO-LAX-RESERVED': lax('reservedConnectFlag'),
  'PROTO-LAX-FIRST': lax('packetBeforeConnect'),
  'PROTO-LAX-SECOND': lax('secondConnect'),
  'PROTO-EMPTY-ID': { bad: secure({ probe: probe({ emptyClientId: 'accepted' }) }), good },
  'PROTO-ASSIGNED-ID': limits({ assignedClientId: 'client-17' }),
  'NET-HONEYPOT': {
    bad: secure({
      probe: probe({ oddities: [{ id: 'contradictory-answers', text: 'it lets in protocol level 6' }] }),
    }),
    good,
  },

  'PROTO-LIMITS': limits({ maximumPacketSize: undefined }),
  'PROTO-LIMITS-RECEIVE': limits({ receiveMaximum: 65_535 }),
  'PROTO-LIMITS-SESSION': {
    bad: safety({ persistentSession: 'accepted', sessionExpirySeconds: 86_400 }),
    good,
  },
  'PROTO-LIMITS-ALIAS': limits({ topicAliasMaximum: 65_535 }),
  'PROTO-LIMITS-KEEPALIVE': limits({ serverKeepAlive: undefined }),
  'CONF-SHARED-SUBSCRIPTIONS': {
    bad: stranger({ probe: probe({ limits: {} }) }),
    good: stranger({ probe: probe({ limits: { sharedSubscriptions: false } }) }),
  },
  'CONF-RETAIN': {
    bad: stranger({ auth: open({ write: 'proven' }), probe: probe({ limits: {} }) }),
    good: stranger({ auth: open({ write: 'proven' }) }),
  },
  'CONF-ONE-ADDRESS': { bad: safety({ secondConnection: 'accepted' }), good },
  'CONF-REDIRECT': {
    bad: secure({
      auth: auth({ anonymous: { verdict: 'refused', meaning: '', serverReference: 'other:1883' } }),
    }),
    good,
  },
};

function safety(parts: object): EndpointReport {
  return secure({ auth: auth({ sessionSafety: { ...auth().sessionSafety, ...parts } as never }) });
}

function login(parts: object): EndpointReport {
  return secure({
    auth: auth({ authorisation: [{ as: 'credentials', read: [], write: 'denied', ...parts }] }),
  });
}

function version(name: string, affected: string, mended: string): Case {
  return {
    bad: secure({ probe: probe({ product: product(name, affected) }) }),
    good: secure({ probe: probe({ product: product(name, mended) }) }),
  };
}

describe('the rule catalogue', () => {
  for (const { id, ok } of RULES) {
    it(`${id} is found where it should be, and passed where all is well`, () => {
      const cases = CASES[id];
      assert.ok(cases, `no case for ${id}`);
      const bad = classify(cases.bad, POLICY);
      const finding = bad.findings.find((found) => found.id === id);
      assert.ok(finding, JSON.stringify(bad));
      assert.match(finding.evidence, /\.$/);
      assert.match(finding.remediation, /[.\]]$/);
      assert.doesNotMatch(`${finding.evidence}${finding.command}`, /undefined|NaN|\[object/);
      assert.equal(finding.severity, DEFAULT_SEVERITIES[id]);
      const well = classify(cases.good, POLICY);
      assert.ok(!well.findings.some((found) => found.id === id));
      // An endpoint with a broker passes the check that a broker is there without a word.
      if (id !== 'NET-NO-BROKER') {
        assert.deepEqual(
          well.passed?.find((check) => check.id === id),
          { id, title: ok },
          JSON.stringify(well.notTested?.find((check) => check.id === id)),
        );
      }
    });
  }

  it('says of a server that takes pre-shared keys only that it does', () => {
    const suites = [{ ...SUITE, name: 'TLS_DHE_PSK_WITH_AES_256_GCM_SHA384' }];
    const { findings } = classify(
      secure({
        outcome: 'tls-error',
        tls: tls({ protocols: [{ version: 'TLSv1.2', suites, groups: [] }] }),
      }),
      POLICY,
    );
    assert.match(
      findings.find(({ id }) => id === 'TLS-HANDSHAKE')?.evidence ?? '',
      /pre-shared keys only\.$/,
    );
  });

  it('says of what was heard with a client certificate that it was no stranger who heard it', () => {
    const heard = secure({ traffic: traffic('certificate', [topic('a')]) });
    const { findings = [] } = classify(heard, policyNamed('default'), '2026-01-01T00:00:00.000Z');
    const found = findings.find(({ id }) => id === 'DATA-READABLE');
    assert.match(found?.evidence ?? '', /^With the client certificate given, messages of 1 topic/);
    assert.match(found?.command ?? '', / --cert "\$CLIENT_CERTIFICATE" --key "\$CLIENT_KEY" /);
    assert.ok(!findings.some(({ id, severity }) => id === 'ACL-READ-ALL' && severity !== 'OK'));
  });

  it('has no cases for rules that are gone', () => {
    const ids = new Set(RULES.map(({ id }) => id));
    assert.deepEqual(
      Object.keys(CASES).filter((id) => !ids.has(id)),
      [],
    );
  });

  it('has 60 rules and more, with ids that are theirs alone and a severity each in the default policy', () => {
    const ids = [...RULES, ...SCAN_RULES].map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.length >= 60);
    assert.deepEqual(Object.keys(DEFAULT_SEVERITIES).sort(), [...ids].sort());
  });

  it('covers every area', () => {
    const areas = new Set(RULES.map(({ area }) => area));
    assert.deepEqual([...areas].sort(), [
      'authentication',
      'authorisation',
      'certificates',
      'configuration',
      'exposure',
      'product',
      'protocol',
      'transport',
    ]);
  });

  it('says of a broker that is secure in everything that it is', () => {
    // One that tells its version is a little less secure; whether the version is sound is not known then.
    const quiet = secure({ probe: probe({ product: product('HiveMQ') }) });
    const { level, findings, score, notTested } = classify(quiet, POLICY);
    assert.deepEqual([level, score?.value, findings], ['OK', 100, []]);
    assert.deepEqual(
      new Set(notTested?.map(({ reason }) => reason)),
      new Set(['no message was received', 'the version is not known']),
    );
  });

  for (const rule of [...RULES, ...SCAN_RULES]) {
    it(`${rule.id} says what it stands on`, () => {
      assert.match(rule.why, /\.$|\)\.$/);
      for (const text of [rule.title, rule.ok]) assert.doesNotMatch(text, /\.$/);
      for (const cwe of rule.cwe ?? []) assert.match(cwe, /^CWE-\d+$/);
      for (const item of rule.owasp ?? []) assert.match(item, /^I\d0?$/);
      for (const provision of rule.etsi ?? []) assert.match(provision, /^5\.\d{1,2}-\d{1,2}$/);
      // A weakness has a score; what has none is a remark, or says that something could not be seen.
      const severity = DEFAULT_SEVERITIES[rule.id];
      if (severity === 'CRITICAL' || severity === 'HIGH') assert.ok(rule.cvss, `${rule.id} has no CVSS`);
    });
  }

  for (const [name, { vector, score }] of Object.entries(CVSS)) {
    it(`the score of ${name} is that of its vector`, () => {
      assert.equal(new Cvss4P0(vector).calculateScores().overall, score);
    });
  }
});
