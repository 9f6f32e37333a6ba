import assert from 'node:assert/strict';
import fc from 'fast-check';
import { generate, type Packet, parser } from 'mqtt-packet';
import { runs } from '../../test/support/property-runs';
import type { ProtocolVersion } from '../model';
import { PublishReader } from './publish-reader';
import { WireError } from './wire-error';

interface Seen {
  readonly events: string[];
  readonly oversize: number;
  readonly unasked: number;
  readonly error?: string;
}

/** Pushes chunks through a reader and notes what comes out. */
function read(
  chunks: readonly Buffer[],
  protocolVersion: ProtocolVersion = 4,
  maxPublishBytes = 300,
  maxPackets = 3,
): Seen {
  const events: string[] = [];
  const reader = new PublishReader(
    { protocolVersion, maxPublishBytes },
    {
      publish: (bytes, topicAt, topicEnd, payloadAt, end, retain, qos) => {
        const part = (from: number, to: number) => bytes.subarray(from, to).toString('hex');
        events.push(`${part(topicAt, topicEnd)} ${part(payloadAt, end)} ${retain} ${qos}`);
      },
      control: ({ type, bytes, bodyAt }) => events.push(`${type} ${bodyAt} ${bytes.toString('hex')}`),
    },
  );
  let error: string | undefined;
  try {
    for (const chunk of chunks) for (let at = 0; at < chunk.length; ) at = reader.push(chunk, at, maxPackets);
  } catch (thrown) {
    assert.ok(thrown instanceof WireError, String(thrown));
    error = thrown.violation;
  }
  const { oversize, unasked } = reader;
  return { events, oversize, unasked, ...(error !== undefined && { error }) };
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });
const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((list) => Buffer.from(list));
const properties = fc.record(
  {
    payloadFormatIndicator: fc.boolean(),
    messageExpiryInterval: fc.nat(100_000),
    contentType: fc.string({ maxLength: 8 }),
    responseTopic: fc.stringMatching(/^[a-z]{1,8}$/),
    correlationData: bytes(6),
    userProperties: fc.constant({ a: 'b' }),
  },
  { requiredKeys: [] },
);
const message = fc.record({
  topic: fc
    .string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
    .map((topic) => topic.replace(/[#+\0]/g, '_')),
  payload: bytes(200),
  retain: fc.boolean(),
  qos: fc.constantFrom(0 as const, 1 as const),
  properties,
});

describe('PublishReader', function () {
  this.timeout(0);

  it('reads every message as mqtt-packet does, in any chunking, in all versions', () => {
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 5 }),
        sizes,
        fc.constantFrom(3 as const, 4 as const, 5 as const),
        (messages, chunkSizes, protocolVersion) => {
          const whole = Buffer.concat(
            messages.map(({ properties: given, ...one }) =>
              generate(
                {
                  cmd: 'publish',
                  dup: false,
                  messageId: 7,
                  ...one,
                  ...(protocolVersion === 5 && { properties: given }),
                },
                { protocolVersion },
              ),
            ),
          );
          const expected: string[] = [];
          const codec = parser({ protocolVersion });
          codec.on('packet', (packet: Packet) => {
            if (packet.cmd !== 'publish') assert.fail();
            const payload = Buffer.from(packet.payload as Buffer).toString('hex');
            expected.push(
              `${Buffer.from(packet.topic).toString('hex')} ${payload} ${packet.retain} ${packet.qos}`,
            );
          });
          codec.parse(whole);
          assert.deepEqual(read(cut(whole, chunkSizes), protocolVersion, 10_000).events, expected);
        },
      ),
      runs(1000),
    );
  });

  it('sees the same of any bytes in any chunking, and throws nothing but a WireError', () => {
    const type = fc.constantFrom(0x30, 0x31, 0x32, 0x34, 0x20, 0x90, 0xd0, 0xe0, 0x36, 0x00);
    const packet = fc
      .tuple(type, bytes(120))
      .map(([first, body]) => Buffer.concat([Buffer.from([first, body.length]), body]));
    const stream = fc
      .tuple(fc.array(packet, { maxLength: 5 }), bytes(8))
      .map(([all, tail]) => Buffer.concat([...all, tail]));
    fc.assert(
      fc.property(stream, sizes, fc.constantFrom(4 as const, 5 as const), (whole, chunkSizes, version) => {
        assert.deepEqual(read(cut(whole, chunkSizes), version, 60, 1), read([whole], version, 60, 100));
      }),
      runs(2000),
    );
  });

  it('passes over what is too large without keeping it, and goes on behind it', () => {
    const huge = Buffer.concat([
      Buffer.from([0x30, 0xd0, 0x0f]),
      Buffer.alloc(2000),
      Buffer.from('d000', 'hex'),
    ]);
    assert.deepEqual(read(cut(huge, [7])), { events: ['13 2 d000'], oversize: 1, unasked: 0 });
  });

  it('passes over QoS 2', () => {
    assert.deepEqual(read([Buffer.from('3406000161000178d000', 'hex')]), {
      events: ['13 2 d000'],
      oversize: 0,
      unasked: 1,
    });
  });

  const broken: readonly (readonly [string, string, string, ProtocolVersion?])[] = [
    ['a length of five bytes', '30ffffffff7f', 'malformed-length'],
    ['packet type 0', '0000', 'forbidden-packet-type'],
    ['QoS 3', '360400016100', 'malformed-packet'],
    ['a topic longer than its packet', '3003ffff41', 'malformed-packet'],
    ['an oversize SUBACK', '90ffff7f', 'oversize'],
    ['a Topic Alias', '300700016103230001', 'unexpected-packet', 5],
    ['more properties than there are', '30050001617f01', 'malformed-packet', 5],
    ['an unknown property', '3006000161027700', 'malformed-packet', 5],
  ];
  for (const [title, hex, violation, version] of broken) {
    it(`gives up at ${title}`, () => assert.equal(read([Buffer.from(hex, 'hex')], version).error, violation));
  }
});
