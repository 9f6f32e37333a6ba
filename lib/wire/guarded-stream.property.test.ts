import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { setImmediate as nextRound } from 'node:timers/promises';
import fc from 'fast-check';
import { runs } from '../../test/support/property-runs';
import { GuardedStream } from './guarded-stream';

const MAX_PUBLISH = 60;
const CONNACK = Buffer.from([0x20, 2, 0, 0]);

/** A packet and what the guard has to do with it. */
interface Case {
  readonly bytes: Buffer;
  readonly verdict: 'pass' | 'drop' | 'break';
}

const packet = (first: number, body: Buffer | readonly number[]): Buffer =>
  Buffer.concat([Buffer.from([first, body.length]), Buffer.from(body)]);

const publish = fc
  .tuple(
    fc.constantFrom(0, 1, 2),
    fc.boolean(),
    fc.uint8Array({ maxLength: 10 }),
    fc.uint8Array({ maxLength: 90 }),
  )
  .map(([qos, retain, topic, rest]): Case => {
    const body = Buffer.concat([Buffer.from([0, topic.length]), topic, rest]);
    const isAllowed = qos === 0 && body.length <= MAX_PUBLISH;
    return { bytes: packet(0x30 | (qos << 1) | Number(retain), body), verdict: isAllowed ? 'pass' : 'drop' };
  });

const answer = fc
  .constantFrom(packet(0x90, [0, 1, 0]), packet(0xd0, []), packet(0xe0, []))
  .map((bytes): Case => ({ bytes, verdict: 'pass' }));

const unasked = fc
  .constantFrom(
    packet(0x40, [0, 1]),
    packet(0x50, [0, 1]),
    packet(0x62, [0, 1]),
    packet(0x70, [0, 1]),
    packet(0xb0, [0, 1]),
  )
  .map((bytes): Case => ({ bytes, verdict: 'drop' }));

const breach = fc
  .constantFrom(
    CONNACK,
    packet(0xf0, []),
    packet(0x00, []),
    packet(0x10, []),
    packet(0x80, [0, 1]),
    packet(0xc0, []),
    packet(0x36, [0, 1, 65]),
    packet(0x30, [0]),
    packet(0x30, [0, 9, 65]),
    Buffer.from([0x30, 255, 255, 255, 255, 1]),
    Buffer.from([0x90, 255, 255, 255, 127]),
  )
  .map((bytes): Case => ({ bytes, verdict: 'break' }));

const cases = fc.array(fc.oneof({ weight: 5, arbitrary: publish }, answer, unasked), { maxLength: 12 });
const sizes = fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 5 });

describe('GuardedStream, whatever comes', function () {
  this.timeout(0);

  it('passes exactly the packets that are allowed, in order', async () => {
    await fc.assert(
      fc.asyncProperty(cases, sizes, async (list, chunkSizes) => {
        const whole = Buffer.concat([CONNACK, ...list.map(({ bytes }) => bytes)]);
        const { passed, guard } = await through(whole, chunkSizes);
        const allowed = list.filter(({ verdict }) => verdict === 'pass').map(({ bytes }) => bytes);
        assert.equal(passed.toString('hex'), Buffer.concat([CONNACK, ...allowed]).toString('hex'));
        assert.equal(guard.violation, undefined);
        const dropped = list.filter(({ verdict }) => verdict === 'drop').length;
        assert.equal(guard.oversize + guard.unasked + guard.ignored, dropped);
      }),
      runs(4000),
    );
  });

  it('takes the connection down at a breach of the protocol and passes nothing behind it', async () => {
    await fc.assert(
      fc.asyncProperty(cases, breach, cases, sizes, async (before, broken, after, chunkSizes) => {
        const whole = Buffer.concat([CONNACK, ...[...before, broken, ...after].map(({ bytes }) => bytes)]);
        const { passed, guard } = await through(whole, chunkSizes);
        const allowed = before.filter(({ verdict }) => verdict === 'pass').map(({ bytes }) => bytes);
        const most = Buffer.concat([CONNACK, ...allowed]).toString('hex');
        assert.ok(most.startsWith(passed.toString('hex')), `${passed.toString('hex')} is not within ${most}`);
        assert.ok(guard.violation && guard.destroyed);
      }),
      runs(4000),
    );
  });

  it('survives any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), sizes, async (bytes, chunkSizes) => {
        await through(Buffer.concat([CONNACK, bytes]), chunkSizes);
      }),
      runs(4000),
    );
  });
});

/** Sends bytes through a guard in chunks and collects what passes. */
async function through(
  whole: Buffer,
  chunkSizes: readonly number[],
): Promise<{ passed: Buffer; guard: GuardedStream }> {
  const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
  const guard = new GuardedStream(socket, { maxPublishBytes: MAX_PUBLISH });
  const passed: Buffer[] = [];
  guard.on('error', () => undefined).on('data', (chunk: Buffer) => passed.push(chunk));
  let hasEnded = false;
  guard.once('end', () => {
    hasEnded = true;
  });
  for (let at = 0, i = 0; at < whole.length; i++) {
    const size = chunkSizes[i % chunkSizes.length] ?? 1;
    socket.push(whole.subarray(at, at + size));
    at += size;
  }
  socket.push(null);
  while (!hasEnded && !guard.destroyed) await nextRound();
  guard.destroy();
  return { passed: Buffer.concat(passed), guard };
}
