import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type LiveReading, LiveReadings } from './readings';
import { recogniseSensor } from './testing';

interface Source {
  readonly topic: string;
  payload: string;
  lastSeen: number;
  readingAt: number;
  readingPending: boolean;
}

function collect() {
  const sent: LiveReading[] = [];
  const sources = new Map<string, Source>();
  const read = ({ topic, payload }: Source) => {
    const sensor = recogniseSensor(topic, payload);
    return sensor && { topic, sensor };
  };
  const live = new LiveReadings('mqtt://x:1883', read, (reading) => sent.push(reading));
  const add = (topic: string, payload: string, now: number): void => {
    const known = sources.get(topic) ?? { topic, payload, lastSeen: 0, readingAt: 0, readingPending: false };
    sources.set(topic, Object.assign(known, { payload, lastSeen: now }));
    live.add(known, now);
  };
  return { live, add, sent };
}

describe('LiveReadings', () => {
  it('passes on five readings a second and topic at most, and never loses the newest', async () => {
    const { live, add, sent } = collect();
    const startedAt = Date.now();
    for (let i = 0; i <= 500; i++) {
      add('t/temp', String(i / 10), Date.now());
      if (i % 100 === 0) await delay(10);
    }
    live.flush();
    const elapsed = Date.now() - startedAt;
    assert.equal(sent.at(-1)?.sensor.readings[0]?.value, 50);
    assert.ok(sent.length <= 2 + elapsed / 200, `${sent.length} in ${elapsed} ms`);
  });

  it('keeps topics apart', () => {
    const { live, add, sent } = collect();
    add('a/temp', '1', 1000);
    add('b/temp', '2', 1000);
    assert.deepEqual(
      sent.map(({ topic }) => topic),
      ['a/temp', 'b/temp'],
    );
    live.flush();
  });

  it('leaves out what is no sensor', () => {
    const { live, add, sent } = collect();
    add('a', 'hello', 1000);
    live.flush();
    assert.deepEqual(sent, []);
  });

  it('is no flood whatever the number of topics, and all of them get their turn', async () => {
    const { live, add, sent } = collect();
    for (let i = 0; i < 400; i++) add(`t/${i}/temp`, String(i / 10), Date.now());
    assert.ok(sent.length <= 50, `${sent.length} at once`);
    await delay(450);
    assert.ok(sent.length <= 150, `${sent.length} after two intervals`);
    live.flush();
    assert.equal(new Set(sent.map(({ topic }) => topic)).size, 400);
  });
});
