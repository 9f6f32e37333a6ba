import assert from 'node:assert/strict';
import type { LoginOutcome, LoginResult } from '../model';
import { RefusalsAtAddress } from '../net';
import { Refusals } from './refusals';

const answered = (outcome: LoginOutcome) => (): Promise<LoginResult> =>
  Promise.resolve({ verdict: 'inconclusive', meaning: outcome, outcome });

const { signal } = new AbortController();

function upTo(limit: number, namedLimit = limit, atAddress = new RefusalsAtAddress()): Refusals {
  return new Refusals(atAddress, 'listener', { limit, namedLimit }, signal);
}

describe('Refusals', () => {
  it('lets as many logins be refused as it is told, and tries none after that', async () => {
    const refusals = upTo(3);
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
    const refusals = upTo(1);
    for (let i = 0; i < 3; i++) await refusals.spend(undefined, answered('accepted'));
    assert.equal(refusals.refused, 0);
    assert.equal(refusals.reason, undefined);
  });

  for (const outcome of ['identifier-rejected', 'server-unavailable', 'version-refused', 'closed'] as const) {
    it(`counts ${outcome}, by which some brokers refuse a login`, async () => {
      const refusals = upTo(1);
      await refusals.spend(undefined, answered(outcome));
      assert.equal(refusals.refused, 1);
      assert.equal((await refusals.spend(undefined, answered('accepted'))).verdict, 'not-tested');
    });
  }

  for (const [sign, words] of [
    ['banned', /answered: banned$/],
    ['quota-exceeded', /answered: quota-exceeded$/],
    ['rate-exceeded', /answered: rate-exceeded$/],
    ['server-busy', /answered: server-busy$/],
    ['no-answer', /gave no answer to the one before$/],
  ] as const) {
    it(`stops at ${sign}`, async () => {
      const refusals = upTo(10);
      await refusals.spend(undefined, answered(sign));
      assert.match(refusals.reason ?? '', words);
      assert.equal((await refusals.spend(undefined, answered('accepted'))).verdict, 'not-tested');
    });
  }

  it('stops where connections are dropped after refusals in words, not where they always are', async () => {
    const silent = upTo(10);
    for (let i = 0; i < 3; i++) await silent.spend(undefined, answered('closed'));
    assert.equal(silent.reason, undefined);
    const talkative = upTo(10);
    for (const outcome of ['not-authorised', 'closed'] as const)
      await talkative.spend(undefined, answered(outcome));
    assert.match(talkative.reason ?? '', /close connections without a word/);
  });

  it('counts what was refused before', () => {
    const refusals = upTo(2);
    refusals.note('user', 'not-authorised');
    refusals.note('user', 'not-authorised');
    assert.equal(refusals.triesOf('user'), 2);
    assert.match(refusals.reason ?? '', /2 logins/);
  });

  it('leaves to other listeners the test of a login, and what is less to none', async () => {
    const host = new RefusalsAtAddress(2);
    for (const listener of ['a', 'b']) host.meet(listener)({ isRefused: true });
    const [one, other] = ['a', 'b'].map(
      (listener) => new Refusals(host, listener, { limit: 4, namedLimit: 4 }, signal),
    );
    assert.equal((await one?.spendAside('user', answered('bad-login')))?.verdict, 'not-tested');
    assert.equal((await one?.spendTest('user', answered('bad-login')))?.meaning, 'bad-login');
    assert.equal((await one?.spendTest('user', answered('bad-login')))?.verdict, 'not-tested');
    assert.equal((await other?.spendTest('user', answered('bad-login')))?.meaning, 'bad-login');
  });

  it('shares the count, and a ban, with the other listeners of the address', async () => {
    const host = new RefusalsAtAddress(2);
    for (const listener of ['a', 'b']) host.meet(listener)({ isRefused: true });
    const [one, other] = [upTo(4, 4, host), upTo(4, 4, host)];
    await one.spend('user', answered('bad-login'));
    await other.spend('user', answered('bad-login'));
    assert.match((await one.spend('user', answered('accepted'))).meaning, /at one address/);
    assert.equal(one.refused, 1);
    const banned = new RefusalsAtAddress(2);
    await upTo(4, 4, banned).spend('user', answered('banned'));
    assert.match((await upTo(4, 4, banned).spend('user', answered('accepted'))).meaning, /banned/);
  });
});
