import assert from 'node:assert/strict';
import type { LoginOutcome, LoginResult } from '../model';
import { Refusals } from './refusals';

const answered = (outcome: LoginOutcome) => (): Promise<LoginResult> =>
  Promise.resolve({ verdict: 'inconclusive', meaning: outcome, outcome });

describe('Refusals', () => {
  it('lets as many logins be refused as it is told, and tries none after that', async () => {
    const refusals = new Refusals(3);
    const verdicts: string[] = [];
    let made = 0;
    for (let i = 0; i < 6; i++) {
      const login = () => {
        made++;
        return answered('bad-login')();
      };
      verdicts.push((await refusals.spend('user', login)).verdict);
    }
    assert.equal(made, 3);
    assert.deepEqual(verdicts.slice(3), ['not-tested', 'not-tested', 'not-tested']);
    assert.equal(refusals.refused, 3);
    assert.equal(refusals.triesOf('user'), 3);
    assert.equal(refusals.triesOf('other'), 0);
  });

  it('does not count logins that are accepted', async () => {
    const refusals = new Refusals(1);
    for (let i = 0; i < 3; i++) await refusals.spend(undefined, answered('accepted'));
    assert.equal(refusals.refused, 0);
    assert.equal(refusals.reason, undefined);
  });

  for (const sign of ['banned', 'quota-exceeded', 'rate-exceeded', 'server-busy', 'no-answer'] as const) {
    it(`stops at ${sign}`, async () => {
      const refusals = new Refusals(10);
      await refusals.spend(undefined, answered(sign));
      assert.match(refusals.reason ?? '', new RegExp(sign));
      assert.equal((await refusals.spend(undefined, answered('accepted'))).verdict, 'not-tested');
    });
  }

  it('counts what was refused before', () => {
    const refusals = new Refusals(2);
    refusals.note('user', 'not-authorised');
    refusals.note('user', 'closed');
    assert.equal(refusals.triesOf('user'), 2);
    assert.match(refusals.reason ?? '', /2 logins/);
  });
});
