import assert from 'node:assert/strict';
import { TopicLog } from './topic-log';

const FLAGS = { retain: false, qos: 0 };

describe('TopicLog', () => {
  it('counts per topic and keeps the newest payload', () => {
    const log = new TopicLog({ maxTopics: 10, maxPayload: 100 });
    log.add('a', Buffer.from('1'), { retain: true, qos: 0 }, 1000);
    log.add('a', Buffer.from('22'), FLAGS, 2000);
    log.add('b', Buffer.from('x'), FLAGS, 3000);
    assert.deepEqual(
      log.reports().map(({ topic, messages, bytes, retained, payload }) => ({
        topic,
        messages,
        bytes,
        retained,
        payload,
      })),
      [
        { topic: 'a', messages: 2, bytes: 3, retained: true, payload: '22' },
        { topic: 'b', messages: 1, bytes: 1, retained: false, payload: 'x' },
      ],
    );
    assert.equal(log.reports()[0]?.firstSeen, '1970-01-01T00:00:01.000Z');
    assert.equal(log.reports()[0]?.lastSeen, '1970-01-01T00:00:02.000Z');
  });

  it('keeps within its limits and says what it left out', () => {
    const log = new TopicLog({ maxTopics: 2, maxPayload: 4 });
    for (let i = 0; i < 10; i++) log.add(`t${i}`, Buffer.from('123456'), FLAGS, 0);
    assert.equal(log.messages, 10);
    assert.equal(log.dropped, 8);
    const [first] = log.reports();
    assert.equal(log.reports().length, 2);
    assert.equal(first?.payload, '1234');
    assert.equal(first?.truncated, true);
    assert.equal(first?.bytes, 6);
  });

  it('does not keep the network buffer of a payload alive', () => {
    const log = new TopicLog({ maxTopics: 2, maxPayload: 4 });
    const buffer = Buffer.from('abcd');
    log.add('t', buffer, FLAGS, 0);
    buffer.fill('z');
    assert.equal(log.reports()[0]?.payload, 'abcd');
  });

  it('escapes what could deceive who reads it, and bounds topics', () => {
    const log = new TopicLog({ maxTopics: 10, maxPayload: 100 });
    log.add(`\u202Eevil\u0000${'x'.repeat(60_000)}`, Buffer.from('a\r\nb\u001b[31m'), FLAGS, 0);
    const [report] = log.reports();
    assert.match(report?.topic ?? '', /^\\u\{202E\}evil\\u\{0\}x+…$/);
    assert.ok((report?.topic.length ?? 0) < 600);
    assert.equal(report?.payload, 'a\\u{D}\\u{A}b\\u{1B}[31m');
  });
});
