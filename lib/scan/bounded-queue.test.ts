import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { BoundedQueue } from './bounded-queue';

describe('BoundedQueue', () => {
  it('hands over every value of many more producers than it has places', async () => {
    const queue = new BoundedQueue<number>(4);
    const producers = Array.from({ length: 200 }, async (_, i) => {
      await queue.push(i);
      await queue.push(1000 + i);
    });
    void Promise.all(producers).then(() => queue.end());
    const seen = new Set<number>();
    for await (const value of queue) {
      seen.add(value);
      if (seen.size % 50 === 0) await delay(1);
    }
    assert.equal(seen.size, 400);
  });

  it('never holds more than its limit', async () => {
    const queue = new BoundedQueue<number>(3);
    let pushed = 0;
    const producer = (async () => {
      for (let i = 0; i < 10; i++) {
        await queue.push(i);
        pushed++;
      }
      queue.end();
    })();
    await delay(5);
    assert.equal(pushed, 3);
    const values: number[] = [];
    for await (const value of queue) values.push(value);
    await producer;
    assert.deepEqual(values, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('takes what producers still hold when it ends', async () => {
    const queue = new BoundedQueue<number>(1);
    await queue.push(1);
    const waiting = queue.push(2);
    queue.end();
    await waiting;
    const values: number[] = [];
    for await (const value of queue) values.push(value);
    assert.deepEqual(values, [1, 2]);
  });
});
