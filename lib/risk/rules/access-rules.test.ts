import assert from 'node:assert/strict';
import type { AuthResult, EndpointReport, LoginRights } from '../../model';
import { classify } from '../classify';
import { policyNamed } from '../policy';
import { auth, locked, open, plain, probe, read, secure, topic, traffic } from '../testing';

/** What becomes of one rule: `found`, `passed`, the reason why it was not tested, or nothing. */
function verdictOn(id: string, report: EndpointReport): string | undefined {
  const { findings, passed = [], notTested = [] } = classify(report, policyNamed('default'));
  if (findings.some((finding) => finding.id === id)) return 'found';
  if (passed.some((check) => check.id === id)) return 'passed';
  return notTested.find((check) => check.id === id)?.reason;
}

const LEFT_OUT = 'left out, so that the broker locks nobody out';
const UNTRIED = { verdict: 'not-tested', meaning: LEFT_OUT } as const;
const REFUSED = { verdict: 'refused', meaning: 'not authorised' } as const;
const NOTHING_CAME = 'it was granted, and no message came while we listened';

const stranger = (rights: Partial<LoginRights>): EndpointReport =>
  secure({ auth: open(rights), traffic: traffic('anonymous') });
const inside = (rights: Partial<LoginRights>, parts: Partial<AuthResult> = {}): EndpointReport =>
  secure({
    auth: auth({ authorisation: [{ as: 'credentials', read: [], write: 'denied', ...rights }], ...parts }),
  });
const refused = (parts: Partial<AuthResult>): EndpointReport =>
  secure({ outcome: 'auth-failed', auth: locked(parts), traffic: undefined });

describe('the rules about access', () => {
  const CASES: readonly (readonly [what: string, id: string, report: EndpointReport, verdict: string])[] = [
    [
      'what was granted and delivered nothing',
      'ACL-SYS-READ',
      stranger({ read: [read('$SYS/#', 'granted')] }),
      NOTHING_CAME,
    ],
    [
      'a granted management filter',
      'ACL-CONTROL',
      stranger({ read: [read('$CONTROL/#', 'granted', { kind: 'management' })] }),
      NOTHING_CAME,
    ],
    [
      'a detour that was granted while # was refused',
      'ACL-READ-BYPASS',
      stranger({ read: [read('#', 'denied'), read('+/#', 'granted', { kind: 'bypass' })] }),
      NOTHING_CAME,
    ],
    [
      'a login whose # delivered nothing',
      'ACL-LOGIN-ALL',
      inside({ read: [read('#', 'granted')] }),
      NOTHING_CAME,
    ],
    [
      'a login that was seen to read topics of one kind',
      'ACL-LOGIN-ALL',
      inside({ read: [read('#', 'proven', { samples: ['a/1', 'a/2', 'a/3'] })] }),
      'on # came topics under a alone, which may be all there are or all that is allowed',
    ],
    [
      'a login that was heard to read topics of many kinds',
      'ACL-LOGIN-ALL',
      {
        ...inside({ read: [read('#', 'proven', { samples: ['a/1', 'a/2'] })] }),
        traffic: traffic('credentials', [topic('b/1'), topic('c/1'), topic('$SYS/x')]),
      },
      'found',
    ],
    [
      'a login that reads all where a stranger is let in and reads nothing',
      'ACL-LOGIN-ALL',
      secure({
        auth: open(
          {},
          {
            authorisation: [
              { as: 'anonymous', read: [read('#', 'granted')], write: 'denied' },
              {
                as: 'credentials',
                read: [read('#', 'proven', { samples: ['a', 'b', 'c'] })],
                write: 'denied',
              },
            ],
          },
        ),
      }),
      'found',
    ],
    [
      'a certificate that may read every topic',
      'ACL-LOGIN-ALL',
      inside({ as: 'certificate', read: [read('#', 'proven', { samples: ['a', 'b', 'c'] })] }),
      'found',
    ],
    [
      'a certificate that may write',
      'ACL-LOGIN-WRITE',
      inside({ as: 'certificate', write: 'proven' }),
      'found',
    ],
    [
      'statistics that a certificate reads',
      'ACL-SYS-READ',
      inside({ as: 'certificate', read: [read('$SYS/#', 'proven')] }),
      'found',
    ],
    [
      'a certificate that TLS demands, beside a password',
      'AUTH-CERTIFICATE-ONLY-ASKED',
      secure({
        auth: auth({
          anonymous: { verdict: 'refused', outcome: 'certificate-required', meaning: '' },
          clientCertificate: { ...REFUSED, isLogin: false, passwordNeeded: true },
        }),
      }),
      'passed',
    ],
    [
      'a certificate where no stranger was tried',
      'AUTH-CERTIFICATE-ONLY-ASKED',
      secure({ auth: auth({ anonymous: UNTRIED, clientCertificate: { ...REFUSED, isLogin: false } }) }),
      LEFT_OUT,
    ],
    [
      'a stranger who was not tried, whatever the probe was answered to a certificate',
      'AUTH-ANON',
      secure({
        outcome: 'auth-failed',
        auth: locked({ anonymous: UNTRIED, clientCertificate: { ...REFUSED, isLogin: false } }),
        probe: probe({
          openedAs: undefined as never,
          connack: { protocolVersion: 4, code: 5, meaning: 'not authorised', sessionPresent: false },
        }),
      }),
      LEFT_OUT,
    ],
    ['a random login that was left out', 'AUTH-ACCEPT-ANY', refused({ randomLogin: UNTRIED }), LEFT_OUT],
    [
      'empty logins that were left out',
      'AUTH-EMPTY-LOGIN',
      refused({ anonymousVariants: [{ variant: 'empty-password', ...UNTRIED }] }),
      LEFT_OUT,
    ],
    [
      'a login without a password where TLS lets nobody in',
      'AUTH-USER-NO-PASSWORD',
      refused({
        anonymous: { verdict: 'refused', outcome: 'certificate-required', meaning: '' },
        anonymousVariants: [],
      }),
      'passed',
    ],
    [
      'a version that was left out',
      'AUTH-DOWNGRADE',
      refused({
        anonymousVersions: [
          { ...REFUSED, protocolVersion: 4 },
          { ...UNTRIED, protocolVersion: 5 },
        ],
      }),
      LEFT_OUT,
    ],
    [
      'default logins of which some were left out',
      'AUTH-DEFAULT-CREDS',
      refused({
        defaultCredentials: { verdict: 'inconclusive', tried: 2, accepted: [], meaning: LEFT_OUT, left: 11 },
      }),
      `2 logins tried and refused, the rest ${LEFT_OUT}`,
    ],
    [
      'a given login to which the broker was too busy',
      'AUTH-GIVEN-REFUSED',
      refused({ credentials: { verdict: 'inconclusive', meaning: 'server busy', sentInClear: false } }),
      'the answer decides nothing: server busy',
    ],
    ['sessions where nobody was let in', 'AUTH-TAKEOVER', refused({}), 'the broker refused us'],
    [
      'sessions where rights were not looked at',
      'AUTH-TAKEOVER',
      inside({}, { sessionSafety: undefined as never }),
      'the test of rights is off',
    ],
  ];
  for (const [what, id, report, verdict] of CASES) {
    it(`say of ${what}: ${verdict}`, () => {
      assert.equal(verdictOn(id, report), verdict);
    });
  }

  const commandOf = (id: string, report: EndpointReport): string | undefined =>
    classify(report, policyNamed('default')).findings.find((finding) => finding.id === id)?.command;

  it('give commands that reach the broker: its authority, its version, its transport', () => {
    const anonymous = (version: 4 | 5): AuthResult =>
      open({}, { anonymous: { verdict: 'accepted', meaning: 'accepted', protocolVersion: version } });
    const onlyFive = probe({ versions: [5] });
    assert.equal(
      commandOf('AUTH-ANON', secure({ auth: anonymous(4) })),
      'mosquitto_sub -h 10.0.0.1 -p 8883 --cafile "$CA_FILE" --insecure -V mqttv311 -t scan-check -E -W 5',
    );
    assert.equal(
      commandOf('ACL-READ-ALL', plain({ auth: open({ read: [read('#', 'proven')] }), probe: onlyFive })),
      "mosquitto_sub -h 10.0.0.1 -p 1883 -V mqttv5 -t '#' -v -W 5",
    );
    // Nobody can publish in a version that the broker does not speak.
    assert.equal(
      commandOf('ACL-WRITE', plain({ auth: open({ write: 'proven' }), probe: probe({ versions: [3, 4] }) })),
      'mosquitto_sub -h 10.0.0.1 -p 1883 -t "scan-check/$$" -C 1 -W 5 & sleep 1; ' +
        'mosquitto_pub -h 10.0.0.1 -p 1883 -t "scan-check/$$" -m check; wait',
    );
    const socket = { port: 9001, transport: 'wss', url: 'wss://10.0.0.1:9001/ws' } as const;
    assert.equal(
      commandOf(
        'AUTH-ANON',
        secure({ ...socket, auth: anonymous(5), probe: probe({ webSocket: { path: '/ws' } }) }),
      ),
      'timeout 5 mqttx conn -l wss -h 10.0.0.1 -p 9001 --path /ws --insecure -V 5',
    );
    const hostile = probe({ webSocket: { path: '/$(reboot)' } });
    assert.doesNotMatch(
      commandOf('AUTH-ANON', secure({ ...socket, auth: open(), probe: hostile })) ?? '',
      /\$\(/,
    );
  });

  it('give commands over WebSocket that mqttx knows, in a version that the broker speaks', () => {
    const takeover = {
      as: 'anonymous',
      secondConnection: 'accepted',
      takeover: 'taken-over',
      persistentSession: 'inconclusive',
      meaning: '',
    } as const;
    const methods = { verdict: 'not-offered', methods: [], asked: ['SCRAM-SHA-256'], meaning: '' } as const;
    const report = plain({
      transport: 'ws',
      auth: open({}, { sessionSafety: takeover, enhancedAuthentication: methods }),
      probe: probe({ versions: [3, 4], webSocket: { path: '/mqtt' } }),
    });
    const once =
      "timeout 5 mqttx sub -l ws -h 10.0.0.1 -p 1883 -V 3.1.1 -t 'scan-check' -i scan-check-$$ -rp 0";
    assert.equal(commandOf('AUTH-TAKEOVER', report), `${once} & sleep 1; ${once}`);
    assert.match(commandOf('AUTH-METHODS', report) ?? '', / -V 5 --authentication-method SCRAM-SHA-256$/);
  });

  it('give the command for the form of a login that was let in', () => {
    const variants = (variant: 'empty-user-name' | 'empty-password') =>
      refused({ anonymousVariants: [{ variant, verdict: 'accepted', meaning: 'accepted' }] });
    assert.match(commandOf('AUTH-EMPTY-LOGIN', variants('empty-user-name')) ?? '', / -u '' -t /);
    assert.match(commandOf('AUTH-EMPTY-LOGIN', variants('empty-password')) ?? '', / -u scan-check -P '' -t /);
  });
});
