import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { startScripted } from '../../test/support/scripted-server';
import { loopbackContext } from '../../test/support/stage-context';
import type { AuthResult, Credentials } from '../model';
import { MAX_REFUSED_LOGINS, RefusedLogins } from '../net';
import { probeEndpoint } from '../probe';
import { playBroker, RECORDED } from '../probe/testing';
import { testAccess } from './access';

/** Probes a broker, and tests the access to it. */
async function tested(
  broker: (socket: Socket) => void,
  credentials: Credentials | undefined,
): Promise<AuthResult> {
  const server = await startScripted(broker);
  try {
    const endpoint = { target: '127.0.0.1', address: '127.0.0.1', port: server.port, named: true } as const;
    const context = loopbackContext({ credentials, refusedLogins: new RefusedLogins(() => 1) });
    const report = await probeEndpoint({ ...endpoint, transport: 'tcp' }, context);
    const options = { defaultCredentials: false, authorisation: true, writeTest: false };
    return await testAccess(endpoint, report, options, context);
  } finally {
    await server.stop();
  }
}

/** Whether the User Name Flag is set (3.1.1 §3.1.2.8). */
function hasUserName(connect: Buffer): boolean {
  const nameEnd = 4 + connect.readUInt16BE(2);
  return ((connect[nameEnd + 1] ?? 0) & 0x80) !== 0;
}

const WRONG: Credentials = { username: 'someone', password: 'wrong' };

/** A mosquitto that lets nobody in. */
function lockedMosquitto(): (socket: Socket) => void {
  const recorded = RECORDED.find(({ name }) => name.startsWith('mosquitto'));
  assert.ok(recorded);
  return playBroker(recorded, 'locked');
}

describe('testAccess', () => {
  it('goes on where a broker closes on strangers and refuses a login in words', async () => {
    const { credentials, randomLogin, refusedLogins } = await tested((socket) => {
      socket.once('data', (bytes) => {
        if (hasUserName(bytes)) socket.write(Buffer.from([0x20, 2, 0, 5]));
        socket.end();
      });
    }, WRONG);
    assert.equal(credentials.verdict, 'refused');
    assert.doesNotMatch(randomLogin?.meaning ?? '', /began to close/);
    assert.ok((refusedLogins ?? 0) <= MAX_REFUSED_LOGINS, `${refusedLogins} logins were refused`);
  });

  for (const [what, credentials] of [
    ['no login is given', undefined],
    ['the login given is refused', WRONG],
  ] as const) {
    it(`tries a random login before the last of the versions where ${what}`, async () => {
      const { randomLogin, enhancedAuthentication, refusedLogins } = await tested(
        lockedMosquitto(),
        credentials,
      );
      assert.equal(randomLogin?.verdict, 'refused', randomLogin?.meaning);
      assert.equal(enhancedAuthentication?.verdict, 'not-offered', enhancedAuthentication?.meaning);
      assert.ok((refusedLogins ?? 0) <= MAX_REFUSED_LOGINS, `${refusedLogins} logins were refused`);
    });
  }
});
