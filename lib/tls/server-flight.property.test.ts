import assert from 'node:assert/strict';
import fc from 'fast-check';
import { runs } from '../../test/support/property-runs';
import { clientHello } from './client-hello';
import { elementsOf, oidText, readElement, timeOf } from './der';
import { MalformedError } from './reader';
import { ServerFlight } from './server-flight';
import { SIGNATURE_SCHEMES } from './signature-schemes';
import { suitesFor } from './suites';
import { alertRecord, handshakeRecord, serverFlight } from './testing';
import { extensionFacts, hasOddName, nameText, readCertificate } from './x509';

const FLIGHT = serverFlight({
  version: 0x0303,
  suite: 0xc02f,
  certificates: [Buffer.alloc(700, 7)],
  curve: 0x001d,
});

/** Everything a flight tells, or how it is malformed. */
function told(chunks: readonly Buffer[]): unknown {
  const flight = new ServerFlight();
  try {
    for (const chunk of chunks) flight.push(chunk);
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
    return thrown.message;
  }
  const { hello, alert, certificate, keyExchange, authorities, isDone } = flight;
  return { hello, alert, certificate, keyExchange, authorities, isDone };
}

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

describe('the reader of TLS flights', () => {
  it('reads the same in any chunking', () => {
    const whole = told([FLIGHT]);
    fc.assert(
      fc.property(fc.array(fc.nat(2000), { maxLength: 40 }), (places) => {
        assert.deepEqual(told(cut(FLIGHT, places)), whole);
      }),
      runs(60),
    );
    assert.deepEqual(told([...FLIGHT].map((byte) => Buffer.from([byte]))), whole);
  });

  it('knows only one error, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void told([Buffer.from(bytes)])),
      runs(300),
    );
  });

  it('knows only one error for any damage to a flight', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }), (damage) => {
        const bytes = Buffer.from(FLIGHT);
        for (const [place, value] of damage) bytes[place % bytes.length] = value;
        told([bytes]);
      }),
      runs(500),
    );
  });

  it('holds no more than its bound of a message without end, and keeps the certificates before it', () => {
    const certificate = Buffer.alloc(1000, 5);
    const flight = new ServerFlight();
    const hello = serverFlight({ version: 0x0303, suite: 0x002f });
    flight.push(hello.subarray(0, 5 + hello.readUInt16BE(3)));
    // A Certificate message of 10 MB: one certificate of 1000 bytes, and one that never ends.
    const start = Buffer.concat([
      Buffer.from([11, 0x98, 0x96, 0x80, 0x98, 0x96, 0x7d, 0, 0x03, 0xe8]),
      certificate,
      Buffer.from([0x98, 0, 0]),
    ]);
    flight.push(handshakeRecord(start));
    const more = handshakeRecord(Buffer.alloc(16_000));
    let taken = 0;
    assert.throws(() => {
      for (; taken < 1000; taken++) flight.push(more);
    }, MalformedError);
    assert.ok(taken * more.length < 300_000, `${taken} records were taken`);
    assert.deepEqual(flight.certificate?.certificates, [certificate]);
    assert.equal(flight.certificate?.isCut, true);
  });

  it('takes records of one byte without trouble', () => {
    const [record] = [FLIGHT.subarray(5, 5 + FLIGHT.readUInt16BE(3))];
    const flight = new ServerFlight();
    for (const byte of record) flight.push(handshakeRecord(Buffer.from([byte])));
    assert.equal(flight.hello?.suite, 0xc02f);
  });

  it('passes over warnings, and ends with other alerts', () => {
    const flight = new ServerFlight();
    flight.push(alertRecord(1, 112));
    assert.equal(flight.alert, undefined);
    flight.push(alertRecord(2, 40));
    assert.equal(flight.alert, 40);
  });

  it('says after one byte that something is no TLS', () => {
    assert.throws(() => new ServerFlight().push(Buffer.from('H')), MalformedError);
    assert.throws(() => new ServerFlight().push(Buffer.from([0x20, 0x02, 0, 5])), MalformedError);
  });
});

describe('the reader of DER', () => {
  it('knows only one error, and never reads beyond its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (raw) => {
        const bytes = Buffer.from(raw);
        orMalformed(() => {
          const { content, whole } = readElement(bytes);
          assert.ok(whole.length <= bytes.length && content.length < whole.length);
          for (const element of elementsOf(content)) {
            oidText(element.content);
            timeOf(element);
          }
        });
        nameText(bytes);
        orMalformed(() => {
          const facts = readCertificate(bytes);
          extensionFacts(facts);
          hasOddName(facts);
        });
      }),
      runs(300),
    );
  });

  it('reads times as certificates write them', () => {
    const time = (tag: number, text: string) =>
      timeOf({ tag, content: Buffer.from(text), whole: Buffer.alloc(0) });
    assert.equal(time(0x17, '700101000000Z'), 0);
    assert.equal(time(0x17, '491231235959Z'), Date.UTC(2049, 11, 31, 23, 59, 59));
    assert.equal(time(0x18, '99991231235959Z'), Date.UTC(9999, 11, 31, 23, 59, 59));
    assert.equal(time(0x18, '00000101000000Z'), new Date('0000-01-01T00:00:00Z').getTime());
    for (const text of ['991331000000Z', '9912310000Z', '991231000000+0100', 'soon']) {
      assert.equal(time(0x17, text), undefined, text);
    }
  });

  it('reads object identifiers', () => {
    assert.equal(oidText(Buffer.from('2a864886f70d01010b', 'hex')), '1.2.840.113549.1.1.11');
    assert.equal(oidText(Buffer.from('551d11', 'hex')), '2.5.29.17');
    assert.equal(oidText(Buffer.alloc(5000, 0xff)), '0.0');
  });
});

describe('hellos', () => {
  it('have the lengths that they say', () => {
    for (const version of [0x0300, 0x0301, 0x0302, 0x0303, 0x0304] as const) {
      const record = clientHello({
        version,
        suites: suitesFor(version),
        serverName: 'broker.lan',
        groups: [0x001d],
        signatureSchemes: SIGNATURE_SCHEMES,
        alpn: ['mqtt'],
        compression: true,
      });
      assert.equal(record.readUInt16BE(3), record.length - 5);
      assert.equal(record.readUIntBE(6, 3), record.length - 9);
      assert.equal(record.readUInt16BE(9), Math.min(version, 0x0303));
      assert.equal(record.includes('broker.lan'), version > 0x0300, 'SSL 3.0 has no extensions');
    }
  });
});

function orMalformed(work: () => void): void {
  try {
    work();
  } catch (thrown) {
    if (!(thrown instanceof MalformedError)) throw thrown;
  }
}
