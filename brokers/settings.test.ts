import assert from 'node:assert/strict';
import { dialHost, namesFor } from './addresses';
import { labOptionsFrom } from './settings';

describe('lab settings', () => {
  it('have defaults', () => {
    assert.deepEqual(labOptionsFrom({ LAB_HOST: '', LAB_TLS_PORT: '' }), {
      host: '127.0.0.1',
      plainPort: 1883,
      tlsPort: 8883,
      credentials: { username: 'labuser', password: 'labpass' },
    });
  });

  it('come from the environment', () => {
    const environment = {
      LAB_HOST: '::1',
      LAB_PLAIN_PORT: '0',
      LAB_TLS_PORT: '9',
      LAB_USERNAME: 'u',
      LAB_PASSWORD: 'p',
    };
    assert.deepEqual(labOptionsFrom(environment), {
      host: '::1',
      plainPort: 0,
      tlsPort: 9,
      credentials: { username: 'u', password: 'p' },
    });
  });

  it('tell a port that is none', () => {
    for (const text of ['x', '-1', '65536', '1.5', '0x10']) {
      assert.throws(
        () => labOptionsFrom({ LAB_PLAIN_PORT: text }),
        /LAB_PLAIN_PORT is ".*" *; it must be a port/,
      );
    }
  });
});

describe('lab addresses', () => {
  it('dial this machine where a wildcard is listened on', () => {
    assert.equal(dialHost('0.0.0.0'), '127.0.0.1');
    assert.equal(dialHost('::'), '::1');
    assert.equal(dialHost('192.0.2.1'), '192.0.2.1');
  });

  it('name what was asked for, and never a zone', () => {
    assert.deepEqual(namesFor('broker.lan'), ['broker.lan']);
    assert.ok(namesFor('0.0.0.0').every((name) => !name.startsWith('fe80') && name !== '127.0.0.1'));
  });
});
