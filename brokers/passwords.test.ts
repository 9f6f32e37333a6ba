import assert from 'node:assert/strict';
import { pbkdf2Sync } from 'node:crypto';
import { passwordLine } from './passwords';

describe('passwordLine', () => {
  it('writes what mosquitto_passwd would', async () => {
    const line = await passwordLine({ username: 'labuser', password: 'labpass' });
    const match = /^labuser:\$7\$101\$([A-Za-z0-9+/]{16})\$([A-Za-z0-9+/]{86}==)\n$/.exec(line);
    const [, salt = '', hash] = match ?? [];
    const expected = pbkdf2Sync('labpass', Buffer.from(salt, 'base64'), 101, 64, 'sha512').toString('base64');
    assert.equal(hash, expected);
  });

  it('salts', async () => {
    const login = { username: 'labuser', password: 'labpass' };
    assert.notEqual(await passwordLine(login), await passwordLine(login));
  });

  it('refuses names that would break the file', async () => {
    for (const username of ['', 'a:b', 'a\nb', '#a']) {
      await assert.rejects(passwordLine({ username, password: 'x' }), /user name/);
    }
  });
});
