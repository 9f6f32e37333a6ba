import assert from 'node:assert/strict';
import { matches } from './attribution';
import { bypassFilters, firstFilters } from './filters';

const product = (name: string, version?: string) => ({
  name,
  confidence: 1,
  evidence: [],
  ...(version !== undefined && { version }),
});

describe('filters that are asked for', () => {
  const isSharedAsked = (...args: Parameters<typeof product>): boolean =>
    bypassFilters(product(...args)).some(({ filter }) => filter.startsWith('$share/'));

  it('leave shared subscriptions out where NanoMQ may be old enough to break (CVE-2025-59947)', () => {
    assert.ok(!bypassFilters(undefined).some(({ filter }) => filter.startsWith('$share/')));
    for (const version of [undefined, '0.24.3', '0.23.9', 'unknown', '0.24.x'])
      assert.ok(!isSharedAsked('NanoMQ', version), version);
    for (const version of ['0.24.4', '0.25', '1.0.0']) assert.ok(isSharedAsked('NanoMQ', version), version);
    assert.ok(isSharedAsked('mosquitto', '2.0.11'));
  });

  it('name the group of a shared subscription anew each time', () => {
    const shared = () => bypassFilters(product('mosquitto')).at(-1)?.filter;
    assert.match(shared() ?? '', /^\$share\/mqttscan[0-9a-f]{16}\/#$/);
    assert.notEqual(shared(), shared());
  });

  it('hold the management topics of the product', () => {
    const management = (name?: string): string[] =>
      firstFilters(name === undefined ? undefined : product(name))
        .filter(({ kind }) => kind === 'management')
        .map(({ filter }) => filter);
    assert.deepEqual(management(), ['$CONTROL/#']);
    assert.deepEqual(management('mosquitto'), ['$CONTROL/#']);
    assert.deepEqual(management('ActiveMQ'), ['ActiveMQ/Advisory/#']);
    assert.deepEqual(management('RabbitMQ'), ['$CONTROL/#']);
    assert.ok(management('EMQX').includes('$SYS/brokers/+/clients/#'));
  });
});

describe('matches', () => {
  // 5.0 §4.7.1, §4.7.2
  for (const [filter, topic, expected] of [
    ['#', 'a', true],
    ['#', 'a/b/c', true],
    ['#', '$SYS/a', false],
    ['+/#', '$SYS/a', false],
    ['+/#', 'a', true],
    ['$SYS/#', '$SYS/a/b', true],
    ['$SYS/#', '$SYS', true],
    ['$SYS/brokers/+/clients/#', '$SYS/brokers/n/clients/c/connected', true],
    ['a/+', 'a/b', true],
    ['a/+', 'a', false],
    ['a/+', 'a/b/c', false],
    ['+', '/a', false],
    ['+/+', '/a', true],
    ['a/#', 'a', true],
    ['a/#', 'ab', false],
    ['$share/g/#', 'a', true],
    ['$share/g/a/+', 'a/b', true],
    ['$share/g/#', '$SYS/a', false],
  ] as const) {
    it(`${filter} ${expected ? 'takes' : 'leaves'} ${topic}`, () =>
      assert.equal(matches(filter, topic), expected));
  }
});
