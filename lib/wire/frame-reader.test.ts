import assert from 'node:assert/strict';
import fc from 'fast-check';
import { generate, type Packet, parser } from 'mqtt-packet';
import { type Frame, FrameReader } from './frame-reader';
import { WireError } from './wire-error';

interface Seen {
  readonly frames: string[];
  readonly skipped: string[];
  readonly error?: string;
}

/** Pushes chunks through a reader and notes what comes out, also up to an error. */
function read(chunks: readonly Buffer[], limit = 1000, oversize: 'skip' | 'reject' = 'skip'): Seen {
  const frames: string[] = [];
  const skipped: string[] = [];
  const reader = new FrameReader(
    { limitOf: () => limit, oversize },
    {
      frame: ({ bytes, bodyAt }: Frame) => frames.push(`${bodyAt} ${bytes.toString('hex')}`),
      skipped: (type, length) => skipped.push(`${type} ${length}`),
    },
  );
  try {
    for (const chunk of chunks) reader.push(chunk);
    return { frames, skipped };
  } catch (thrown) {
    assert.ok(thrown instanceof WireError, String(thrown));
    return { frames, skipped, error: thrown.violation };
  }
}

function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

const publish = fc
  .tuple(fc.string({ minLength: 1, maxLength: 20 }), fc.uint8Array({ maxLength: 400 }))
  .map(([topic, payload]) =>
    generate({
      cmd: 'publish',
      topic: topic.replace(/[#+\0]/g, '_'),
      payload: Buffer.from(payload),
      qos: 0,
      dup: false,
      retain: false,
    }),
  );

describe('FrameReader', () => {
  const table: readonly (readonly [string, string, Seen])[] = [
    ['an empty packet', 'd000', { frames: ['2 d000'], skipped: [] }],
    ['two packets', '20020000d000', { frames: ['2 20020000', '2 d000'], skipped: [] }],
    ['half a packet', '200200', { frames: [], skipped: [] }],
    ['a length of five bytes', '30ffffffff7f', { frames: [], skipped: [], error: 'malformed-length' }],
    ['packet type 0', '0000', { frames: [], skipped: [], error: 'forbidden-packet-type' }],
    ['a CONNECT from a server', '1000', { frames: [], skipped: [], error: 'forbidden-packet-type' }],
  ];
  for (const [title, hex, expected] of table) {
    it(`reads ${title}`, () => assert.deepEqual(read([Buffer.from(hex, 'hex')]), expected));
  }

  it('passes over a large packet without keeping it, and goes on behind it', () => {
    const huge = Buffer.concat([
      Buffer.from([0x30, 0xd0, 0x0f]),
      Buffer.alloc(2000),
      Buffer.from('d000', 'hex'),
    ]);
    assert.deepEqual(read(cut(huge, [7])), { frames: ['2 d000'], skipped: ['3 2000'] });
  });

  it('rejects a large packet at its header, before any byte of its body', () => {
    const header = Buffer.from([0x20, 0xff, 0xff, 0xff, 0x7f]);
    assert.deepEqual(read([header], 4096, 'reject'), { frames: [], skipped: [], error: 'oversize' });
  });

  it('sees the same in any chunking as in the whole', () => {
    fc.assert(
      fc.property(
        fc.array(publish, { maxLength: 8 }),
        fc.uint8Array({ maxLength: 6 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 10, max: 500 }),
        (packets, tail, sizes, limit) => {
          const bytes = Buffer.concat([...packets, tail]);
          assert.deepEqual(read(cut(bytes, sizes), limit), read([bytes], limit));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('never throws anything but a WireError, and never keeps more than a packet', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 20 }), (chunks) => {
        read(chunks.map((chunk) => Buffer.from(chunk)));
      }),
      { numRuns: 3000 },
    );
  });

  it('hands over exactly the packets that mqtt-packet reads', () => {
    fc.assert(
      fc.property(fc.array(publish, { minLength: 1, maxLength: 10 }), (packets) => {
        const topics: string[] = [];
        const codec = parser({ protocolVersion: 4 });
        codec.on('packet', (packet: Packet) => {
          if (packet.cmd === 'publish') topics.push(packet.topic);
        });
        const reader = new FrameReader(
          { limitOf: () => 10_000, oversize: 'reject' },
          { frame: ({ bytes }) => void codec.parse(bytes), skipped: () => assert.fail() },
        );
        for (const chunk of cut(Buffer.concat(packets), [3, 11, 1])) reader.push(chunk);
        assert.equal(topics.length, packets.length);
      }),
    );
  });
});
