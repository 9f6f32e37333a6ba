import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { MAX_REFUSED_LOGINS, RefusalsAtAddress, RefusedLogins, type Settle } from './refused-logins';

const REFUSED = { isRefused: true };
const LET_IN = { isRefused: false };
const { signal } = new AbortController();

/** A host of which some listeners were met and refused strangers. */
function locked(listeners: number, expected = listeners): RefusalsAtAddress {
  const host = new RefusalsAtAddress(expected);
  for (let i = 0; i < listeners; i++) host.meet(`listener ${i}`)(REFUSED);
  return host;
}

describe('RefusalsAtAddress', () => {
  it('leaves room for the first question of listeners that are still to come', async () => {
    assert.equal(await locked(1, 4).ask({ limit: MAX_REFUSED_LOGINS }, signal), undefined);
    assert.ok(await locked(1, 3).ask({ limit: MAX_REFUSED_LOGINS }, signal));
  });

  it('keeps no room for a listener that was visited over each of its two transports', async () => {
    const host = new RefusalsAtAddress(2);
    host.meet('listener')(REFUSED);
    host.meet('listener')(LET_IN);
    for (let refused = 1; refused < MAX_REFUSED_LOGINS; refused++) {
      const settle = await host.ask({ limit: MAX_REFUSED_LOGINS }, signal);
      assert.ok(settle, `after ${refused}`);
      settle(REFUSED);
    }
  });

  it('never lets more be refused than the limit, however many ask at once', async () => {
    const host = locked(2);
    const asking = Array.from({ length: 8 }, async () => {
      const settle = await host.ask({ limit: MAX_REFUSED_LOGINS }, signal);
      await delay(1);
      settle?.(REFUSED);
      return settle !== undefined;
    });
    assert.equal((await Promise.all(asking)).filter(Boolean).length, 2);
    assert.equal(host.refused, MAX_REFUSED_LOGINS);
  });

  it('lets one wait for another whose answer decides', async () => {
    const host = locked(3);
    const first = await host.ask({ limit: MAX_REFUSED_LOGINS }, signal);
    let second: Settle | undefined | 'waiting' = 'waiting';
    const asked = host.ask({ limit: MAX_REFUSED_LOGINS }, signal).then((settle) => {
      second = settle;
    });
    await delay(5);
    assert.equal(second, 'waiting');
    first?.(LET_IN);
    await asked;
    assert.equal(typeof second, 'function');
  });

  it('waits for the first answers of other listeners, and not for long', async () => {
    const answers = locked(2, 3);
    const third = answers.meet('third');
    const asked = answers.ask({ limit: 3 }, signal);
    setTimeout(() => third(LET_IN), 5);
    assert.ok(await asked);
    const silent = locked(2, 3);
    silent.meet('third');
    assert.equal(await silent.ask({ limit: 3 }, signal), undefined);
  });

  it('leaves room for the test of a login at every locked listener', async () => {
    const host = locked(2);
    const [login, aside] = [{ limit: MAX_REFUSED_LOGINS }, { limit: MAX_REFUSED_LOGINS, leaves: 0 }];
    assert.equal(await host.ask(aside, signal), undefined);
    const settle = await host.ask(login, signal);
    host.noteTested('listener 0');
    settle?.(LET_IN);
    assert.ok(host.isUntested('listener 1'));
    assert.ok(await host.ask(aside, signal));
  });

  it('waits to see whether another listener is locked too, once', async () => {
    const aside = { limit: MAX_REFUSED_LOGINS, leaves: 1 };
    const busy = locked(1, 2);
    const second = busy.meet('second');
    const asked = busy.ask(aside, signal);
    second(REFUSED);
    assert.equal(await asked, undefined);
    const filtered = locked(1, 2);
    filtered.meet('second');
    const settle = await filtered.ask(aside, signal);
    assert.ok(settle);
    settle(REFUSED);
    const startedAt = performance.now();
    assert.equal(await filtered.ask({ limit: 3 }, signal), undefined);
    assert.ok(performance.now() - startedAt < 200);
  });

  it('leaves as much as it is told where no listener is waited for', async () => {
    const host = new RefusalsAtAddress();
    for (let i = 0; i < 3; i++) host.note(REFUSED);
    assert.equal(await host.ask({ limit: MAX_REFUSED_LOGINS, leaves: 1 }, signal), undefined);
    assert.ok(await host.ask({ limit: MAX_REFUSED_LOGINS, leaves: 0 }, signal));
  });

  it('counts those with a user name for themselves', async () => {
    const host = new RefusalsAtAddress();
    host.note({ isRefused: true, isNamed: true });
    assert.equal(await host.ask({ limit: 9, namedLimit: 1 }, signal), undefined);
    assert.ok(await host.ask({ limit: 9 }, signal));
  });

  it('ends at a ban, also for those who wait', async () => {
    const host = locked(3);
    await host.ask({ limit: MAX_REFUSED_LOGINS }, signal);
    const waits = host.ask({ limit: MAX_REFUSED_LOGINS }, signal);
    host.stop('banned');
    assert.equal(await waits, undefined);
    assert.equal(host.stoppedBy, 'banned');
  });

  it('stops waiting with the scan', async () => {
    const stop = new AbortController();
    const host = locked(3);
    await host.ask({ limit: MAX_REFUSED_LOGINS }, stop.signal);
    const waits = host.ask({ limit: MAX_REFUSED_LOGINS }, stop.signal);
    stop.abort(new Error('stopped'));
    await assert.rejects(waits, /stopped/);
  });

  it('takes one answer to a question and no second', () => {
    const host = new RefusalsAtAddress();
    const settle = host.meet('listener');
    settle(REFUSED);
    settle(REFUSED);
    assert.equal(host.refused, 1);
  });
});

describe('RefusedLogins', () => {
  it('keeps one count for each address, and not for endlessly many', () => {
    const refused = new RefusedLogins();
    const first = refused.at('10.0.0.1');
    assert.equal(refused.at('10.0.0.1'), first);
    assert.notEqual(refused.at('10.0.0.2'), first);
    for (let i = 0; i < 70_000; i++) refused.at(`host ${i}`);
    assert.notEqual(refused.at('10.0.0.1'), first);
  });
});
