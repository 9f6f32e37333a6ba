import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { anotherNetwork } from '../../test/support/loopback';
import { listen } from '../listener';
import { accepts } from '../ports';
import { RANGE } from './cards';
import { startRange } from './start-range';
import { matchesFilter } from './topic-filter';
import { startVersionFront } from './version-front';

describe('cards of the practice range', () => {
  it('are many, with a name each', () => {
    assert.ok(RANGE.length >= 20);
    assert.equal(new Set(RANGE.map(({ id }) => id)).size, RANGE.length);
    assert.equal(new Set(RANGE.map(({ title }) => title)).size, RANGE.length);
  });

  for (const card of RANGE) {
    it(`${card.id} says what is wrong, what is found and how it is mended`, () => {
      for (const text of [card.title, card.wrong, card.finds, card.fix]) assert.match(text, /\S/);
      assert.ok(card.mosquitto ?? card.embedded, 'something can run it');
      const isTls = card.transport === 'tls' || card.transport === 'wss';
      assert.equal(card.certificate !== undefined, isTls);
      assert.equal(new Set(card.expected.findings).size, card.expected.findings.length);
      // Mosquitto 2.0 listens on all interfaces with a WebSocket listener, whatever address it is given.
      if (card.transport === 'ws' || card.transport === 'wss') assert.equal(card.mosquitto, undefined);
    });
  }
});

describe('startRange without Mosquitto', () => {
  it('runs what it can, says what it cannot, and leaves nothing', async () => {
    const network = anotherNetwork();
    const range = await startRange({ network, mosquitto: null });
    try {
      assert.equal(range.brokers.length + range.leftOut.length, RANGE.length);
      assert.ok(range.brokers.length >= 20);
      assert.ok(range.leftOut.every(({ embedded }) => embedded === undefined));
      for (const { host, port, card } of range.brokers) assert.ok(await accepts(host, port), card.id);
    } finally {
      await range.stop();
    }
    for (const { host, port, card } of range.brokers) assert.equal(await accepts(host, port), false, card.id);
  });

  it('starts the cards it is asked for, at the address they always have', async () => {
    const network = anotherNetwork();
    const range = await startRange({ network, mosquitto: null, only: ['bypass'] });
    const place = RANGE.findIndex(({ id }) => id === 'bypass') + 1;
    assert.deepEqual(
      range.brokers.map(({ url }) => url),
      [`mqtt://${network}.${place}:1883`],
    );
    await range.stop();
  });
});

describe('version front', () => {
  const CONNECT_5 = Buffer.from([0x10, 13, 0, 4, ...Buffer.from('MQTT'), 5, 2, 0, 60, 0, 0, 0]);
  const CONNECT_311 = Buffer.from([0x10, 12, 0, 4, ...Buffer.from('MQTT'), 4, 2, 0, 60, 0, 0]);
  const CONNECT_31 = Buffer.from([0x10, 16, 0, 6, ...Buffer.from('MQIsdp'), 3, 2, 0, 60, 0, 2, 97, 98]);

  const cases = [
    ['MQTT 5', CONNECT_5, 'through'],
    ['MQTT 3.1.1', CONNECT_311, '20020001'],
    ['MQTT 3.1', CONNECT_31, '20020001'],
    ['no CONNECT', Buffer.from('GET / HTTP/1.1\r\n\r\n'), '20020001'],
  ] as const;
  for (const [what, bytes, answer] of cases) {
    it(`answers ${what} ${answer === 'through' ? 'with the broker behind it' : 'itself'}`, async () => {
      const host = '127.0.0.1';
      const behind = await listen(
        createServer((socket) =>
          socket.once('data', (seen) => socket.end(seen.equals(bytes) ? 'through' : '')),
        ),
        host,
        0,
        '',
      );
      const front = await startVersionFront(host, 0, behind.port, 5);
      const said = await new Promise<Buffer>((resolve, reject) => {
        const chunks: Buffer[] = [];
        const socket = connect({ host, port: front.port });
        socket.on('data', (chunk) => chunks.push(chunk)).on('close', () => resolve(Buffer.concat(chunks)));
        socket.on('error', reject);
        // In two pieces: a network may cut anywhere.
        socket.write(bytes.subarray(0, 3));
        setTimeout(() => socket.write(bytes.subarray(3)), 20);
      });
      assert.equal(answer === 'through' ? said.toString() : said.toString('hex'), answer);
      await front.close();
      await behind.close();
    });
  }
});

describe('matchesFilter', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['#', 'a/b', true],
    ['#', '$SYS/a', false],
    ['$SYS/#', '$SYS/a/b', true],
    ['sport/#', 'sport', true],
    ['sport/#', 'sports', false],
    ['+/+', 'a', false],
    ['+/+', 'a/b', true],
    ['+', 'a/b', false],
    ['a/+/c', 'a/b/c', true],
    ['a/+/c', 'a//c', true],
    ['+/c', '$SYS/c', false],
  ];
  for (const [filter, topic, expected] of cases) {
    it(`${filter} ${expected ? 'takes' : 'leaves'} ${topic}`, () => {
      assert.equal(matchesFilter(filter, topic), expected);
    });
  }
});
