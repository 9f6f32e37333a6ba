import assert from 'node:assert/strict';
import { startScripted } from '../../test/support/scripted-server';
import { loopbackContext } from '../../test/support/stage-context';
import type { AuthResult, Credentials } from '../model';
import { MAX_REFUSED_LOGINS, RefusedLogins } from '../net';
import { probeEndpoint } from '../probe';
import { playBroker, RECORDED } from '../probe/testing';
import { testAccess } from './access';

/** Probes a mosquitto that lets nobody in, and tests the access to it. */
async function testedAt(credentials: Credentials | undefined): Promise<AuthResult> {
  const mosquitto = RECORDED.find(({ name }) => name.startsWith('mosquitto'));
  assert.ok(mosquitto);
  const server = await startScripted(playBroker(mosquitto, 'locked'));
  try {
    const endpoint = { target: '127.0.0.1', address: '127.0.0.1', port: server.port, named: true };
    const context = loopbackContext({ credentials, refusedLogins: new RefusedLogins(() => 1) });
    const report = await probeEndpoint(endpoint, context);
    const options = { defaultCredentials: false, authorisation: true, writeTest: false };
    return await testAccess(endpoint, report, options, context);
  } finally {
    await server.stop();
  }
}

describe('testAccess', () => {
  for (const [what, credentials] of [
    ['no login is given', undefined],
    ['the login given is refused', { username: 'someone', password: 'wrong' }],
  ] as const) {
    it(`tries a random login before the last of the versions where ${what}`, async () => {
      const { randomLogin, enhancedAuthentication, refusedLogins } = await testedAt(credentials);
      assert.equal(randomLogin?.verdict, 'refused', randomLogin?.meaning);
      assert.equal(enhancedAuthentication?.verdict, 'not-offered', enhancedAuthentication?.meaning);
      assert.ok((refusedLogins ?? 0) <= MAX_REFUSED_LOGINS, `${refusedLogins} logins were refused`);
    });
  }
});
