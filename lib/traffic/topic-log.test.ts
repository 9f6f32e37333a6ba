import assert from 'node:assert/strict';
import { Recogniser } from './recogniser';
import { Redactor } from './sensitive';
import { PAYLOAD_BUDGET_BYTES, TopicLog } from './topic-log';
import { topicReport } from './topic-report';

const LIVE = false;
const RETAINED = true;

/** A log to which messages are added as texts. */
function logOf(maxTopics: number, maxPayload: number) {
  const log = new TopicLog({ maxTopics, maxPayload });
  const add = (name: string | Buffer, payload: Buffer, retain: boolean, now: number): void => {
    const topic = Buffer.from(name);
    const bytes = Buffer.concat([topic, payload]);
    log.note(bytes, 0, topic.length, topic.length, bytes.length, retain, now);
  };
  const reports = () => {
    const recogniser = new Recogniser(log, new Redactor());
    while (recogniser.work(0));
    return [...log.entries()].map((entry) => topicReport(entry, recogniser, maxPayload));
  };
  return { log, add, reports };
}

describe('TopicLog', () => {
  it('counts per topic and keeps the newest payload', () => {
    const { add, reports } = logOf(10, 100);
    add('a', Buffer.from('1'), RETAINED, 1000);
    add('a', Buffer.from('22'), LIVE, 2000);
    add('b', Buffer.from('x'), LIVE, 3000);
    assert.deepEqual(
      reports().map(({ topic, messages, bytes, retained, payload }) => ({
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
    assert.equal(reports()[0]?.firstSeen, '1970-01-01T00:00:01.000Z');
    assert.equal(reports()[0]?.lastSeen, '1970-01-01T00:00:02.000Z');
  });

  it('keeps within its limits and says what it left out', () => {
    const { log, add, reports } = logOf(2, 4);
    for (let i = 0; i < 10; i++) add(`t${i}`, Buffer.from('123456'), LIVE, 0);
    assert.equal(log.messages, 10);
    assert.equal(log.dropped, 8);
    const [first] = reports();
    assert.equal(reports().length, 2);
    assert.equal(first?.payload, '1234');
    assert.equal(first?.truncated, true);
    assert.equal(first?.bytes, 6);
  });

  it('does not keep the network buffer of a payload alive', () => {
    const { log, reports } = logOf(2, 4);
    const buffer = Buffer.from('tabcd');
    log.note(buffer, 0, 1, 1, 5, LIVE, 0);
    buffer.fill('z');
    assert.equal(reports()[0]?.payload, 'abcd');
    assert.equal(reports()[0]?.topic, 't');
  });

  it('escapes what could deceive who reads it, and bounds topics', () => {
    const { add, reports } = logOf(10, 100);
    add(`\u202Eevil\u0000${'x'.repeat(60_000)}`, Buffer.from('a\r\nb\u001b[31m'), LIVE, 0);
    const [report] = reports();
    assert.match(report?.topic ?? '', /^\\u\{202E\}evil\\u\{0\}x+… \(60008 bytes, [0-9a-f]{16}\)$/);
    assert.ok((report?.topic.length ?? 0) < 600);
    assert.equal(report?.payload, 'a\\u{D}\\u{A}b\\u{1B}[31m');
  });

  it('tells retained from live messages', () => {
    const { add, reports } = logOf(10, 100);
    add('a', Buffer.from('1'), RETAINED, 0);
    add('a', Buffer.from('2'), LIVE, 0);
    add('b', Buffer.from('3'), RETAINED, 0);
    assert.deepEqual(
      reports().map(({ retained, live }) => [retained, live]),
      [
        [true, 1],
        [true, undefined],
      ],
    );
  });

  it('keeps names that are no UTF-8 apart, and shows their bytes', () => {
    const { add, reports } = logOf(10, 100);
    add(Buffer.from('61ff', 'hex'), Buffer.from('1'), LIVE, 0);
    add(Buffer.from('61fe', 'hex'), Buffer.from('2'), LIVE, 0);
    assert.deepEqual(
      reports().map(({ topic, rawTopic, violations }) => [topic, rawTopic, violations]),
      [
        ['a\uFFFD', 'a\\xFF', ['invalid-utf8']],
        ['a\uFFFD', 'a\\xFE', ['invalid-utf8']],
      ],
    );
  });

  it('says what MQTT forbids in a name', () => {
    const { add, reports } = logOf(10, 100);
    for (const name of ['a/+/#', 'a\0b', '', 'a\u001bb', 'ä/ok']) add(name, Buffer.from('1'), LIVE, 0);
    assert.deepEqual(
      reports().map(({ violations }) => violations?.[0]),
      ['wildcard', 'null-character', 'empty-topic', 'control-character', undefined],
    );
  });

  it('counts topics on when the budget for payloads is spent, and cuts their payloads', () => {
    const { log, add, reports } = logOf(5000, 4096);
    for (let i = 0; i < 2000; i++) add(`t/${i}`, Buffer.alloc(4096, 'x'), LIVE, 0);
    for (let i = 0; i < 200; i++) add(`s/${i}`, Buffer.from('small'), LIVE, 0);
    assert.ok(log.keptBytes <= PAYLOAD_BUDGET_BYTES, `${log.keptBytes}`);
    assert.equal(log.budgetHit, true);
    const all = reports();
    assert.equal(all.length, 2200);
    assert.equal(all[0]?.payload.length, 4096);
    assert.equal(all[1999]?.truncated, true);
    assert.equal(all[1999]?.bytes, 4096);
  });
});
