import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { runs } from '../../test/support/property-runs';
import { Facts } from './facts';
import { readJson } from './json';
import { Message } from './message';
import { payloadKind } from './payload-kind';
import { disclosures, Redactor } from './sensitive';
import { sensorIn } from './sensors';
import { readSparkplug } from './sparkplug-payload';

const redactor = new Redactor('salt');

function lookAt(topic: string, payload: Buffer): void {
  const message = new Message(topic, payload);
  sensorIn(message, new Facts());
  disclosures(message, false, redactor);
}

/** What takes the square of its length in a careless pattern, or the whole stack in a careless parser. */
const BOMBS: readonly (readonly [string, string])[] = [
  ['brackets', '['.repeat(65_536)],
  ['objects', '{"a":'.repeat(13_000)],
  ['backslashes', `{"a":"${'\\'.repeat(65_000)}`],
  ['quotes', '"'.repeat(65_536)],
  ['beginnings of tokens', 'eyJ'.repeat(21_845)],
  ['dotted beginnings of tokens', 'eyJhbGci.'.repeat(7281)],
  ['at signs', 'a@'.repeat(32_768)],
  ['domains', `a@${'b.'.repeat(32_000)}`],
  ['long local parts', `${'a'.repeat(65_000)}@`],
  ['addresses', 'mqtt://a:b'.repeat(6553)],
  ['colons', 'mqtt://'.repeat(9362)],
  ['keys', '-----BEGIN PRIVATE KEY-----'.repeat(2427)],
  ['passwords', 'password='.repeat(7281)],
  ['signatures', 'SharedAccessSignature '.repeat(2978)],
  ['digits', '4111-'.repeat(13_107)],
  ['positions', '$GPGGA,'.repeat(9362)],
  ['spaces', ' '.repeat(65_536)],
  ['backlog', `;${' '.repeat(65_000)}`],
  ['assignments', 'password=x&'.repeat(5957)],
  ['assignments in quotation marks', 'token="\\'.repeat(8192)],
  ['elements', '<password>'.repeat(6553)],
  ['codes for phones', 'WIFI:S:a;P:\\'.repeat(5461)],
  ['codes on their way', 'verification code '.repeat(3640)],
  ['JSON in JSON', JSON.stringify({ a: JSON.stringify({ b: `${'[1,'.repeat(10_000)}` }) })],
  ['escapes', `{"password":"${'\\u0041'.repeat(10_000)}"}`],
];

/** Of these the beginning alone is no JSON, and costs nothing. */
const WHOLE: typeof BOMBS = [
  ['much JSON in JSON', `{${Array.from({ length: 3000 }, (_, i) => `"n${i}":"{\\"a\\":1}"`).join(',')}}`],
  ['members beside pins', `{${'"pin":1234,"a":"b",'.repeat(3400)}"pin":1}`],
  ['members beside networks', `{${'"ssid":"x",'.repeat(5900)}"rssi":1}`],
  ['settings', `[${Array.from({ length: 2400 }, (_, i) => `{"name":"n${i}","value":"x"}`).join(',')}]`],
  ['members', `{${Array.from({ length: 5000 }, (_, i) => `"k${i}":1`).join(',')}}`],
  ['secrets', `{${Array.from({ length: 2500 }, (_, i) => `"password${i}":"hunter${i}"`).join(',')}}`],
];

describe('payloads that are made to hurt', () => {
  for (const [title, text] of BOMBS) {
    it(`${title} are looked at in a time that grows with their length only`, () => {
      const timeOf = (part: string): number => {
        // The best of three: a machine with other work adds to some of them.
        let best = Number.POSITIVE_INFINITY;
        for (let i = 0; i < 3; i++) {
          const startedAt = process.cpuUsage().user;
          for (const topic of ['a/b', 'cmnd/x/Backlog']) lookAt(topic, Buffer.from(part));
          best = Math.min(best, process.cpuUsage().user - startedAt);
        }
        return best;
      };
      timeOf(text.slice(0, 2000));
      const quarter = timeOf(text.slice(0, text.length / 4));
      const whole = timeOf(text);
      // Four times the length: 4 times as long when linear, 16 when not. Short times are left out of account.
      assert.ok(whole < 10 * quarter + 25_000, `${quarter} µs, then ${whole} µs`);
    });
  }

  for (const [title, text] of [...BOMBS, ...WHOLE]) {
    it(`${title} take no more than some milliseconds`, () => {
      const payload = Buffer.from(text).subarray(0, 65_536);
      let best = Number.POSITIVE_INFINITY;
      for (let i = 0; i < 5; i++) {
        const startedAt = performance.now();
        lookAt('tele/x/SENSOR', payload);
        best = Math.min(best, performance.now() - startedAt);
      }
      // Less than 5 on an idle machine.
      assert.ok(best < 25, `${best} ms`);
    });
  }

  it('pollute no prototype', () => {
    lookAt(
      'a/b',
      Buffer.from('{"__proto__":{"polluted":1,"temp_c":20},"constructor":{"prototype":{"polluted":1}}}'),
    );
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });

  it('are not unpacked, and known by their first bytes', () => {
    const table: readonly (readonly [string, Buffer])[] = [
      ['compressed', gzipSync(Buffer.alloc(1_000_000))],
      ['image', Buffer.from('ffd8ffc0001108ffffffff03011100021101031101', 'hex')],
      ['empty', Buffer.alloc(0)],
      ['number', Buffer.from(' -21.5e3 ')],
      ['json', Buffer.from('{"a":1}')],
      ['xml', Buffer.from('<?xml version="1.0"?><a/>')],
      ['text', Buffer.from('größe')],
      ['cbor', Buffer.from('a26474656d70181563687564181a', 'hex')],
      ['protobuf', Buffer.from('0a0361626310961a1801', 'hex')],
      ['encrypted-looking', Buffer.from(Array.from({ length: 256 }, (_, i) => (i * 167 + 13) % 256))],
    ];
    for (const [kind, payload] of table) assert.equal(payloadKind(payload), kind);
  });

  it('never make anything throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom('spBv1.0/g/DDATA/e/d', 'ruuvi/a/b', 'homeassistant/sensor/a/config'),
        ),
        fc.oneof(
          fc.json().map(Buffer.from),
          fc.uint8Array({ maxLength: 300 }).map((list) => Buffer.from(list)),
        ),
        (topic, payload) => {
          lookAt(topic, Buffer.from(payload));
          readSparkplug(Buffer.from(payload));
        },
      ),
      runs(200),
    );
  });

  it('are JSON exactly when JSON.parse says so, and hold the same values', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), fc.nat(40), (text, at) => {
        const isContainer = /^\s*[{[]/.test(text);
        assert.equal(readJson(text)?.complete, isContainer ? true : undefined);
        const numbers = (value: unknown): number[] =>
          typeof value === 'number'
            ? [value]
            : typeof value === 'object' && value
              ? Object.values(value).flatMap(numbers)
              : [];
        const ours =
          readJson(text)?.leaves.flatMap(({ value }) => (typeof value === 'number' ? [value] : [])) ?? [];
        if (isContainer) assert.deepEqual(ours.sort(), numbers(JSON.parse(text)).sort());
        // Cut anywhere it is still the beginning of JSON.
        if (isContainer && at > 0) assert.notEqual(readJson(text.slice(0, at), true), undefined);
      }),
      runs(500),
    );
  });
});
