import assert from 'node:assert/strict';
import fc from 'fast-check';
import { generate, type Packet, parser } from 'mqtt-packet';
import { runs } from '../../test/support/property-runs';
import { FrameReader } from './frame-reader';
import { WireError } from './wire-error';

/** A fixed header has five bytes at most. */
const HEADER_BYTES = 5;

interface Seen {
  readonly events: string[];
  readonly error?: string;
}

/** Pushes chunks through a reader, notes what comes out, and looks at what it keeps meanwhile. */
function read(chunks: readonly Buffer[], limit: number, oversize: 'skip' | 'reject'): Seen {
  const events: string[] = [];
  const reader = new FrameReader(
    { limitOf: () => limit, oversize },
    {
      frame: ({ type, flags, bytes, bodyAt }) => {
        assert.ok(bytes.length - bodyAt <= limit, 'a frame is larger than allowed');
        events.push(`${type} ${flags} ${bodyAt} ${bytes.toString('hex')}`);
      },
      skipped: (type, length) => events.push(`skipped ${type} ${length}`),
    },
  );
  try {
    for (const chunk of chunks) {
      reader.push(chunk);
      assert.ok(reader.kept <= limit + HEADER_BYTES, `keeps ${reader.kept} bytes with a limit of ${limit}`);
    }
    return { events };
  } catch (thrown) {
    assert.ok(thrown instanceof WireError, String(thrown));
    return { events, error: thrown.violation };
  }
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

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((list) => Buffer.from(list));
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });
const limit = fc.integer({ min: 0, max: 300 });
const oversize = fc.constantFrom('skip' as const, 'reject' as const);

/** Frames that a server may send, some larger than the limit, with a length field of up to four bytes. */
const frame = fc
  .tuple(
    fc.constantFrom(2, 3, 4, 5, 6, 7, 9, 11, 13, 14, 15),
    fc.nat(15),
    bytes(200),
    fc.integer({ min: 1, max: 4 }),
  )
  .map(([type, flags, body, lengthBytes]) => {
    const shortest = body.length < 128 ? 1 : 2;
    const length = Buffer.from(
      Array.from(
        { length: Math.max(shortest, lengthBytes) },
        (_, i) => ((body.length >> (7 * i)) & 127) | (i + 1 < Math.max(shortest, lengthBytes) ? 128 : 0),
      ),
    );
    return Buffer.concat([Buffer.from([(type << 4) | flags]), length, body]);
  });

const stream = fc
  .tuple(fc.array(frame, { maxLength: 6 }), bytes(8))
  .map(([frames, tail]) => Buffer.concat([...frames, tail]));

const publish = fc
  .tuple(fc.string({ minLength: 1, maxLength: 12 }), bytes(60), fc.boolean())
  .map(([topic, payload, retain]) =>
    generate({ cmd: 'publish', topic: topic.replace(/[#+\0]/g, '_'), payload, qos: 0, dup: false, retain }),
  );

describe('FrameReader, whatever comes', function () {
  this.timeout(0);

  it('sees the same in any chunking as in the whole', () => {
    fc.assert(
      fc.property(stream, sizes, limit, oversize, (whole, chunkSizes, most, then) => {
        assert.deepEqual(read(cut(whole, chunkSizes), most, then), read([whole], most, then));
      }),
      runs(15_000),
    );
  });

  it('throws nothing but a WireError, and keeps no more than a packet of the allowed size', () => {
    fc.assert(
      fc.property(fc.array(bytes(24), { maxLength: 10 }), limit, oversize, (chunks, most, then) => {
        read(chunks, most, then);
      }),
      runs(15_000),
    );
  });

  it('survives flipped bits', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 4 }), sizes, (whole, flips, chunkSizes) => {
        const damaged = Buffer.from(whole);
        for (const flip of flips) {
          const at = (flip >> 3) % Math.max(1, damaged.length);
          if (at < damaged.length) damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << (flip & 7)), at);
        }
        assert.deepEqual(read(cut(damaged, chunkSizes), 100, 'skip'), read([damaged], 100, 'skip'));
      }),
      runs(10_000),
    );
  });

  it('hands over exactly the packets that mqtt-packet reads', () => {
    fc.assert(
      fc.property(fc.array(publish, { minLength: 1, maxLength: 5 }), sizes, (packets, chunkSizes) => {
        const whole = Buffer.concat(packets);
        const ours: unknown[] = [];
        const reader = new FrameReader(
          { limitOf: () => 10_000, oversize: 'reject' },
          { frame: (one) => ours.push(...parsed(one.bytes)), skipped: () => assert.fail() },
        );
        for (const chunk of cut(whole, chunkSizes)) reader.push(chunk);
        assert.deepEqual(ours, parsed(whole));
        assert.equal(ours.length, packets.length);
      }),
      runs(5000),
    );
  });
});

function parsed(whole: Buffer): Packet[] {
  const packets: Packet[] = [];
  const codec = parser({ protocolVersion: 4 });
  codec.on('packet', (packet: Packet) => packets.push(packet));
  codec.parse(whole);
  return packets;
}
