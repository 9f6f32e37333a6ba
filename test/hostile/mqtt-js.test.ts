import assert from 'node:assert/strict';
import type { Endpoint } from '../../lib/model';
import { Session, SessionError } from '../../lib/wire';
import { startScripted } from '../support/scripted-server';
import { loopbackContext } from '../support/stage-context';
import { AUTH, CONNACK_V5, publishV5, topicAlias } from './packets';
import { brokerV5, floods, type Script, sends } from './scripts';

const context = loopbackContext({ phaseTimeoutMs: 1000 });

/** Opens a session of MQTT 5 with a broker of this script and waits for its end. */
async function failureOf(script: Script): Promise<string | undefined> {
  const server = await startScripted(script);
  const endpoint: Endpoint = { target: '127.0.0.1', address: '127.0.0.1', port: server.port, named: true };
  try {
    const session = await Session.open(
      endpoint,
      'tcp',
      { protocolVersion: 5, maxPublishBytes: 1000 },
      context,
    );
    await new Promise<void>((resolve) => session.onClose(resolve));
    session.destroy();
    return session.failure;
  } catch (thrown) {
    // The breach may come together with CONNACK.
    assert.ok(thrown instanceof SessionError, String(thrown));
    return thrown.message;
  } finally {
    await server.stop();
  }
}

/** Each of these ended a process with MQTT.js before 5.16, or kept it busy for ever (GHSA-c8jq-r765-cq7g). */
describe('packets that MQTT.js before 5.16 died from', () => {
  it('a Topic Alias that nobody announced ends the session', async () => {
    assert.match((await failureOf(brokerV5(sends(publishV5('', topicAlias(1)))))) ?? '', /Topic Alias/);
  });

  it('AUTH that nobody asked for ends the session', async () => {
    assert.match((await failureOf(brokerV5(sends(AUTH)))) ?? '', /packet type 15/);
  });

  it('a flood of CONNACK ends the session at the second', async () => {
    assert.match((await failureOf(brokerV5(floods(CONNACK_V5)))) ?? '', /packet type 2 at the wrong time/);
  });

  it('MQTT.js is not older', () => {
    const { version } = require('mqtt/package.json') as { version: string };
    const [major = 0, minor = 0] = version.split('.').map(Number);
    assert.ok(major > 5 || (major === 5 && minor >= 16), version);
  });
});
