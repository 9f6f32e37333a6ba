import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { placeAcl, placeConfig } from './mosquitto-config';

const read = (...path: string[]): string => readFileSync(join(__dirname, ...path), 'utf8');
const place = {
  host: '::1',
  port: 4711,
  configDirectory: '/tmp/a folder',
  dataDirectory: '/tmp/data',
  certificates: { 'server.crt': '/c/server.crt', 'server.key': '/c/server.key' },
};

describe('placeConfig', () => {
  it('moves listener, configuration files and certificates, and leaves no container path', () => {
    const lines = placeConfig(read('secure', 'mosquitto.conf'), place)
      .split('\n')
      .filter((line) => !line.startsWith('#'));
    assert.ok(lines.includes('listener 4711 ::1'));
    assert.ok(lines.includes('certfile /c/server.crt'));
    assert.ok(lines.includes('keyfile /c/server.key'));
    assert.ok(lines.includes('password_file /tmp/a folder/passwords'));
    assert.ok(lines.includes('acl_file /tmp/a folder/acl'));
    assert.ok(lines.includes('persistence_location /tmp/data/'));
    assert.ok(lines.includes('allow_anonymous false'));
    assert.ok(!lines.some((line) => line.includes('/mosquitto/')));
  });

  it('refuses a certificate it has no file for', () => {
    assert.throws(() => placeConfig('cafile /mosquitto/certs/other.crt', place), /other\.crt/);
  });
});

describe('placeAcl', () => {
  it('gives the rules to the user, whatever signs the name has', () => {
    assert.match(placeAcl(read('secure', 'acl'), 'a$&b'), /^user a\$&b\ntopic readwrite sensors\/#$/m);
  });
});
