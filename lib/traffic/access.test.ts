import assert from 'node:assert/strict';
import type { EndpointReport, LoginName } from '../model';
import type { StageContext } from '../net';
import { keeperFor, listenerFor } from './access';

const credentials = { username: 'owner', password: 'pw' };
const withCertificate = {
  credentials,
  tls: { cert: 'cert', key: 'key', ca: 'ca' },
} as unknown as StageContext;
const without = { credentials } as unknown as StageContext;

type Parts = { readonly transport?: 'tcp' | 'tls'; readonly probe?: object; readonly auth?: object };
const report = ({ transport = 'tls', ...parts }: Parts): EndpointReport =>
  ({ transport, ...parts }) as unknown as EndpointReport;
const verdicts = (anonymous: string, isLogin = false): object => ({
  anonymous: { verdict: anonymous },
  ...(isLogin && { clientCertificate: { isLogin } }),
});

describe('as whom is listened', () => {
  const openedAs = (openedAs: string): object => ({ openedAs });
  const table: readonly (readonly [string, Parts, StageContext, LoginName])[] = [
    [
      'without TLS nothing but a stranger',
      { transport: 'tcp', probe: openedAs('anonymous') },
      withCertificate,
      'anonymous',
    ],
    ['nobody brings a certificate', { probe: openedAs('anonymous') }, without, 'anonymous'],
    [
      'the certificate was shown and nothing tells whether it was needed',
      { probe: openedAs('anonymous') },
      withCertificate,
      'certificate',
    ],
    [
      'strangers were refused and the certificate opened',
      { probe: openedAs('anonymous'), auth: verdicts('refused', true) },
      withCertificate,
      'certificate',
    ],
    [
      'the certificate is a login although the probe had another',
      { probe: openedAs('credentials'), auth: verdicts('refused', true) },
      withCertificate,
      'certificate',
    ],
    [
      'strangers were let in',
      { probe: openedAs('anonymous'), auth: verdicts('accepted') },
      withCertificate,
      'anonymous',
    ],
    [
      'the login was needed',
      { probe: openedAs('credentials'), auth: verdicts('refused') },
      withCertificate,
      'credentials',
    ],
  ];
  for (const [title, parts, context, expected] of table) {
    it(`${title}: ${expected}`, () => {
      const listener = listenerFor(report(parts), context);
      assert.equal(listener.as, expected);
      assert.deepEqual(listener.credentials, expected === 'credentials' ? credentials : undefined);
    });
  }

  it('what is retained is looked after with the login, unless that is refused or must not be sent', () => {
    const open = { probe: openedAs('anonymous'), transport: 'tcp' } as const;
    const as = (parts: Parts, context: StageContext = without): LoginName =>
      keeperFor(report(parts), context).as;
    assert.equal(as(open), 'credentials');
    assert.equal(
      as({ ...open, auth: { anonymous: { verdict: 'accepted' }, credentials: { verdict: 'refused' } } }),
      'anonymous',
    );
    assert.equal(as(open, { ...without, credentialsOver: 'trusted-tls' }), 'anonymous');
    assert.equal(as(open, { ...without, credentials: undefined }), 'anonymous');
  });

  it('no certificate is shown where a stranger is let in', () => {
    const { context } = listenerFor(report({ auth: verdicts('accepted') }), withCertificate);
    assert.deepEqual(context.tls, { ca: 'ca' });
  });
});
