import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { loginCommand, readCommand, writeCommand } from './evidence';
import type { LoginTarget } from './login';

const at = (transport: LoginTarget['transport'], address = '192.0.2.1'): LoginTarget => ({
  endpoint: { target: 'broker.lan', address, port: 1883, named: true },
  transport,
  versions: [4],
});

describe('commands that repeat a test', () => {
  it('name the address, the version and who asks', () => {
    assert.equal(
      loginCommand(at('tcp'), { protocolVersion: 4 }, undefined).evidence,
      "mosquitto_sub -h 192.0.2.1 -p 1883 -V mqttv311 -t 'mqttscan/none' -E -W 5",
    );
    assert.match(
      readCommand(at('tcp'), { protocolVersion: 5 }, undefined, '#').evidence ?? '',
      /-V mqttv5 -t '#' -v/,
    );
    assert.match(
      loginCommand(at('tls', '2001:db8::1'), { protocolVersion: 4 }, { cert: 'x', key: 'y' }).evidence ?? '',
      /-h 2001:db8::1 .*--cafile "\$CA_FILE" --insecure --cert "\$CLIENT_CERTIFICATE" --key "\$CLIENT_KEY"/,
    );
  });

  it('never hold the login that was given', () => {
    const who = { protocolVersion: 4, username: 'somebody', password: 'secret' } as const;
    const commands = [
      loginCommand(at('tcp'), who, undefined).evidence,
      readCommand(at('tls'), who, undefined, '#').evidence,
      writeCommand(at('tcp'), who, undefined, 'mqttscan/0'),
    ];
    for (const command of commands) {
      assert.ok(command);
      assert.ok(command.includes('-u "$MQTT_USER" -P "$MQTT_PASSWORD"'));
      assert.ok(!command.includes('secret') && !command.includes('somebody'));
    }
  });

  it('tell an empty user name and an empty password from none', () => {
    assert.match(
      loginCommand(at('tcp'), { protocolVersion: 4, username: '' }, undefined).evidence ?? '',
      / -u '' -t/,
    );
    assert.match(
      loginCommand(at('tcp'), { protocolVersion: 4, username: 'mqttscan0', password: '' }, undefined)
        .evidence ?? '',
      / -u 'mqttscan0' -P '' -t/,
    );
  });

  it('are left out where the clients of mosquitto cannot follow', () => {
    assert.deepEqual(loginCommand(at('wss'), { protocolVersion: 4 }, undefined), {});
    assert.equal(writeCommand(at('ws'), { protocolVersion: 4 }, undefined, 'a'), undefined);
  });

  it('keep each text one word of the shell, whatever is in it', function () {
    if (process.platform === 'win32') this.skip();
    for (const topic of ["it's", '$(id)', '`id`', 'a b', '"', '; rm -rf /', '\\', '-u']) {
      const { evidence = '' } = readCommand(at('tcp'), { protocolVersion: 4 }, undefined, topic);
      const words = execFileSync('sh', ['-c', evidence.replace('mosquitto_sub', "printf '%s\\n'")], {
        encoding: 'utf8',
      });
      assert.equal(words.split('\n')[7], topic);
    }
  });
});
