import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { DialError } from './dial';
import { Gate } from './gate';

const never = new AbortController().signal;

describe('Gate', () => {
  it('lets no more in than the window holds', async () => {
    const gate = new Gate({ window: 3, rate: 1e6 });
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 30 }, async (_, i) => {
        const leave = await gate.enter(`10.0.0.${i}`, never);
        most = Math.max(most, ++inside);
        await delay(1);
        inside--;
        leave();
      }),
    );
    assert.equal(most, 3);
  });

  it('lets two in to one host, and others past it meanwhile', async () => {
    const gate = new Gate({ window: 10, rate: 1e6 });
    const first = await gate.enter('a', never);
    await gate.enter('a', never);
    let third = false;
    void gate.enter('a', never).then(() => {
      third = true;
    });
    await gate.enter('b', never);
    assert.equal(third, false);
    first();
    await delay(5);
    assert.equal(third, true);
  });

  it('keeps the rate', async () => {
    const gate = new Gate({ window: 1000, rate: 200 });
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 50 }, (_, i) => gate.enter(String(i), never)));
    const elapsed = performance.now() - startedAt;
    // 50 entries at 200 a second, less the ten that may be saved up: 200 ms.
    assert.ok(elapsed >= 180, `${elapsed} ms`);
  });

  it('gives a turn back once only', async () => {
    const gate = new Gate({ window: 1, rate: 1e6 });
    const leave = await gate.enter('a', never);
    leave();
    leave();
    await gate.enter('a', never);
    let second = false;
    void gate.enter('b', never).then(() => {
      second = true;
    });
    await delay(5);
    assert.equal(second, false);
  });

  it('ends a wait when the scan is stopped', async () => {
    const gate = new Gate({ window: 1, rate: 1e6 });
    await gate.enter('a', never);
    const controller = new AbortController();
    const waiting = gate.enter('b', controller.signal);
    controller.abort();
    await assert.rejects(
      waiting,
      (thrown: unknown) => thrown instanceof DialError && thrown.failure === 'aborted',
    );
  });

  it('shrinks when the machine has no sockets left, and recovers when all are closed', async () => {
    const gate = new Gate({ window: 8, rate: 1e6 });
    const leave = await gate.enter('a', never);
    gate.shrink();
    assert.equal(gate.window, 4);
    leave();
    assert.equal(gate.window, 8);
  });
});
