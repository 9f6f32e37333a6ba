import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type LiveReading, LiveReadings } from './readings';

function collect(): { live: LiveReadings; sent: LiveReading[] } {
  const sent: LiveReading[] = [];
  return { live: new LiveReadings('mqtt://x:1883', (reading) => sent.push(reading)), sent };
}

describe('LiveReadings', () => {
  it('passes on five readings a second and topic at most, and never loses the newest', async () => {
    const { live, sent } = collect();
    const startedAt = Date.now();
    for (let i = 0; i <= 500; i++) {
      live.add('t/temp', Buffer.from(String(i / 10)), Date.now());
      if (i % 100 === 0) await delay(10);
    }
    live.flush();
    const elapsed = Date.now() - startedAt;
    assert.equal(sent.at(-1)?.sensor.readings[0]?.value, 50);
    assert.ok(sent.length <= 2 + elapsed / 200, `${sent.length} in ${elapsed} ms`);
  });

  it('keeps topics apart', () => {
    const { live, sent } = collect();
    live.add('a/temp', Buffer.from('1'), 1000);
    live.add('b/temp', Buffer.from('2'), 1000);
    assert.deepEqual(
      sent.map(({ topic }) => topic),
      ['a/temp', 'b/temp'],
    );
  });

  it('leaves out what is no sensor, the topics of the broker itself, and long messages', () => {
    const { live, sent } = collect();
    live.add('a', Buffer.from('hello'), 1000);
    live.add('$SYS/temp', Buffer.from('1'), 1000);
    live.add('b/temp', Buffer.from(`${' '.repeat(3000)}1`), 1000);
    assert.deepEqual(sent, []);
  });
});
