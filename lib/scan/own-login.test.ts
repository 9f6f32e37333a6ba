import assert from 'node:assert/strict';
import { auth, plain, topic, traffic } from '../risk/testing';
import { withoutPassword } from './own-login';

const given = (password: string) => ({ username: 'somebody', password });

describe('a report without the password of the scan', () => {
  const quoting = (password: string) =>
    plain({
      target: password,
      auth: auth({ randomLogin: { verdict: 'refused', meaning: 'no', reasonString: `not ${password}` } }),
      traffic: traffic('credentials', [topic(`log/${password}`, { payload: `[${password}]` }), topic('a')]),
    });

  it('has it nowhere among the words of a target', () => {
    const report = quoting('secret-1');
    const shown = withoutPassword(report, given('secret-1'));
    assert.equal(shown.auth?.randomLogin?.reasonString, 'not ***');
    assert.deepEqual(
      shown.traffic?.topics.map(({ topic, payload }) => [topic, payload]),
      [
        ['log/***', '[***]'],
        ['a', 'x'],
      ],
    );
    // What the user wrote himself, and what nothing was hidden in, stays as it is.
    assert.equal(shown.target, 'secret-1');
    assert.equal(shown.traffic?.topics[1], report.traffic?.topics[1]);
    assert.equal(report.auth?.randomLogin?.reasonString, 'not secret-1');
  });

  it('has it nowhere in the forms of JSON and of URLs either', () => {
    const password = 'a"b\\c/d@e';
    const payload = `${JSON.stringify({ password })} mqtt://me:${encodeURIComponent(password)}@broker`;
    const report = plain({ traffic: traffic('credentials', [topic('config', { payload })]) });
    const [shown] = withoutPassword(report, given(password)).traffic?.topics ?? [];
    assert.equal(shown?.payload, '{"password":"***"} mqtt://me:***@broker');
  });

  it('is the same report where nothing quotes it, there is none, or it is a word that stands anywhere', () => {
    for (const [password, login] of [
      ['secret-1', given('another-1')],
      ['secret-1', undefined],
      ['sensors', given('sensors')],
      ['1', given('1')],
      ['accepted', given('accepted')],
    ] as const) {
      const report = quoting(password);
      assert.equal(withoutPassword(report, login), report);
    }
  });
});
