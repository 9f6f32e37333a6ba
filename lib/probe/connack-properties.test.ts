import assert from 'node:assert/strict';
import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { readProperties } from './connack-properties';
import { limitsOf, shapeOf } from './limits';

const HEADER = 4;

/** A CONNACK body of these properties, in hexadecimal. */
function connack(properties: string): Buffer {
  const bytes = Buffer.from(properties.replaceAll(' ', ''), 'hex');
  return Buffer.concat([Buffer.from([0x20, 3 + bytes.length, 0, 0, bytes.length]), bytes]);
}

const read = (bytes: Buffer) => readProperties({ bytes, bodyAt: 2 });

describe('readProperties', () => {
  it('keeps the order of the wire', () => {
    assert.deepEqual(
      read(connack('22000a 27001e8480 210014')).map(({ id, value }) => [id, value]),
      [
        [0x22, 10],
        [0x27, 2_000_000],
        [0x21, 20],
      ],
    );
  });

  it('reads what mqtt-packet writes', () => {
    const bytes = generate(
      {
        cmd: 'connack',
        reasonCode: 0,
        sessionPresent: false,
        properties: {
          receiveMaximum: 7,
          sharedSubscriptionAvailable: false,
          maximumQoS: 1,
          serverKeepAlive: 30,
          userProperties: { a: 'b' },
        },
      },
      { protocolVersion: 5 },
    );
    const properties = read(bytes);
    assert.deepEqual(new Set(properties.map(({ id }) => id)), new Set([0x21, 0x2a, 0x24, 0x13, 0x26]));
    assert.deepEqual(limitsOf(properties), {
      receiveMaximum: 7,
      maximumQos: 1,
      serverKeepAlive: 30,
      sharedSubscriptions: false,
    });
  });

  const cut: readonly (readonly [string, Buffer, number])[] = [
    ['no property length', Buffer.from([0x20, 2, 0, 0]), 0],
    ['a property length of five bytes', Buffer.from([0x20, 8, 0, 0, 0xff, 0xff, 0xff, 0xff, 1, 0]), 0],
    ['a length beyond the packet', Buffer.from([0x20, 6, 0, 0, 100, 0x22, 0, 10]), 1],
    ['an identifier that does not exist', connack('22000a 7f00 210014'), 1],
    ['a value that ends too early', connack('22000a 2700'), 1],
    ['a text longer than the packet', connack('22000a 12ffff41'), 1],
  ];
  for (const [what, bytes, count] of cut) {
    it(`ends at ${what}`, () => assert.equal(read(bytes).length, count));
  }

  it('takes no more than 64', () => {
    assert.equal(
      read(Buffer.concat([Buffer.from([0x20, 0, 0, 0, 0xc8, 1]), Buffer.alloc(200, 0x24)])).length,
      64,
    );
  });

  it('never throws and never reads beyond the packet', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(8), (random, bodyAt) => {
        const bytes = Buffer.from(random);
        for (const { value } of readProperties({ bytes, bodyAt })) {
          assert.ok(typeof value === 'number' ? value <= 0xffff_ffff : value.length <= bytes.length);
        }
        limitsOf(readProperties({ bytes, bodyAt }));
      }),
    );
  });

  it('never throws on likely properties cut anywhere', () => {
    const whole = connack('2a01 2901 2801 1100000000 120003414243 220400 2710000000 2600016100016200');
    for (let length = HEADER; length <= whole.length; length++) read(whole.subarray(0, length));
  });
});

describe('limitsOf', () => {
  it('leaves absent what the broker does not say', () => assert.deepEqual(limitsOf([]), {}));

  it('tells the shape of an assigned identifier', () => {
    const properties = read(connack('12000f6e616e6f6d712d3061316232633364'));
    assert.deepEqual(limitsOf(properties), { assignedClientId: 'nanomq-<8 hex>' });
  });
});

describe('shapeOf', () => {
  const table: readonly (readonly [string, string])[] = [
    ['auto-D60723A4-EADB-990A-46B9-5B0D7A166301', 'auto-<UUID>'],
    ['aedes_1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed', 'aedes_<uuid>'],
    ['nanomq-12345678', 'nanomq-<8 digits>'],
    ['10471946592861236514', '<20 digits>'],
    ['hmq_aB3dE_1_5f2b8c9d0e1f', 'hmq_aB3dE_1_<12 hex>'],
    ['x', 'x'],
  ];
  for (const [id, shape] of table)
    it(`names ${JSON.stringify(id)} ${shape}`, () => assert.equal(shapeOf(id), shape));

  it('is bounded and printable whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 5000 }), (id) =>
        assert.ok(shapeOf(id).length < 1000),
      ),
    );
  });
});
