import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { parseBlock } from './block';
import { Gate } from './gate';
import { hostCounter } from './pace';
import { parsePorts } from './ports';
import { Scope } from './scope';
import { Sweep, type SweepOptions } from './sweep';
import type { SweepBatch, TellClosed } from './sweep-task';
import { TargetSpace } from './target-space';

interface Swept {
  closed: number;
  passedOver: number;
  found: string[];
  reasons: string[];
  batches: number;
}

function spaceOf(ports: string, ...texts: string[]): TargetSpace {
  const runs = texts.map((text) => {
    const block = parseBlock(text);
    assert.ok(block);
    return { block, ports: parsePorts(ports) };
  });
  return new TargetSpace(runs);
}

function optionsOf(space: TargetSpace, changes: Partial<SweepOptions> = {}): SweepOptions {
  return {
    space,
    scope: Scope.parse('loopback'),
    gate: new Gate({ window: 100, rate: 1e6 }),
    connectTimeoutMs: 1000,
    tellClosed: 'named',
    signal: new AbortController().signal,
    ...changes,
  };
}

async function swept(
  options: SweepOptions,
  onBatch?: (batch: SweepBatch, sweep: Sweep) => void,
): Promise<Swept> {
  const all: Swept = { closed: 0, passedOver: 0, found: [], reasons: [], batches: 0 };
  const sweep = new Sweep(options);
  await sweep.run((batch) => {
    all.batches++;
    all.closed += batch.closed;
    all.passedOver += batch.passedOver;
    all.found.push(...batch.found.map((position) => addressAt(options.space, position)));
    for (const { positions, reason } of batch.failures) all.reasons.push(...positions.map(() => reason));
    onBatch?.(batch, sweep);
  });
  return all;
}

const addressAt = (space: TargetSpace, position: number): string => space.at(position)?.address ?? '';

/** Counts connections, at present and at most, to each address that it serves. */
async function countingServer(): Promise<{
  server: Server;
  port: number;
  most: Map<string, number>;
  seen: string[];
}> {
  const present = new Map<string, number>();
  const most = new Map<string, number>();
  const seen: string[] = [];
  const server = createServer((socket: Socket) => {
    const address = socket.localAddress ?? '';
    seen.push(address);
    const count = (present.get(address) ?? 0) + 1;
    present.set(address, count);
    most.set(address, Math.max(most.get(address) ?? 0, count));
    socket.on('error', () => undefined).resume();
    socket.once('close', () => present.set(address, (present.get(address) ?? 1) - 1));
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const bound = server.address();
  assert.ok(bound && typeof bound === 'object');
  return { server, port: bound.port, most, seen };
}

describe('Sweep', function () {
  this.timeout(20_000);

  it('tells what accepts, counts what does not, and gives every turn back', async () => {
    const { server, port } = await countingServer();
    const gate = new Gate({ window: 100, rate: 1e6 });
    const result = await swept(optionsOf(spaceOf(`1, ${port}`, '127.9.0.0/24'), { gate }));
    server.close();
    assert.equal(new Set(result.found).size, 256);
    assert.equal(result.found.length, 256);
    assert.deepEqual([result.closed, result.passedOver, result.reasons.length], [256, 0, 0]);
    // A turn that were still taken would make the second of two fail.
    assert.equal(gate.pace.isShared, false);
    for (const host of ['127.9.0.1', '127.9.0.255']) {
      assert.equal(gate.pace.enter(hostCounter(host)), 'in');
      assert.equal(gate.pace.enter(hostCounter(host)), 'in');
    }
  });

  const tells: readonly (readonly [TellClosed, number])[] = [
    ['none', 0],
    ['named', 1],
    ['all', 301],
  ];
  for (const [tellClosed, expected] of tells) {
    it(`tells ${expected} closed endpoints one by one when asked for ${tellClosed}`, async () => {
      const space = spaceOf('1', '127.9.1.0-127.9.2.43', '127.9.9.9');
      const { closed, reasons } = await swept(optionsOf(space, { tellClosed }));
      assert.equal(closed, 301);
      assert.deepEqual(reasons, new Array(expected).fill('ECONNREFUSED'));
    });
  }

  it('has no more than two connections to one host, however many ports', async () => {
    const { server, port, most } = await countingServer();
    const specs = Array.from({ length: 300 }, () => port);
    // The same server under many transports and names is not one target; one host with many closed ports is.
    const space = spaceOf(
      `${specs.length}-${specs.length + 400}, ${port}, ${port}/ws, ${port}/wss`,
      '127.9.3.1',
    );
    const { found, closed } = await swept(optionsOf(space));
    server.close();
    assert.equal(found.length, 3);
    assert.equal(closed, space.size - 3);
    assert.ok((most.get('127.9.3.1') ?? 0) <= 2);
  });

  it('connects to nothing outside the scope, even where the plan let it through', async () => {
    const { server, port, seen } = await countingServer();
    const scope = Scope.parse('127.9.4.0/25', Scope.parse('loopback'));
    const { found } = await swept(
      optionsOf(spaceOf(String(port), '127.9.4.0/24', '127.9.5.0/24'), { scope }),
    );
    // The kernel accepts before the server is told.
    for (let i = 0; i < 50 && seen.length < 128; i++) await delay(20);
    server.close();
    // What it may not ask it leaves to the probe, which refuses in words.
    assert.equal(found.length, 512);
    assert.equal(seen.length, 128);
    assert.ok(
      seen.every((address) => /^127\.9\.4\.(\d+)$/.test(address) && Number(address.split('.')[3]) < 128),
    );
  });

  it('keeps the rate over all threads', async () => {
    const gate = new Gate({ window: 1000, rate: 10_000 });
    const startedAt = performance.now();
    await swept(optionsOf(spaceOf('1', '127.10.0.0/20'), { gate }));
    // 4,096 connections at 10,000 a second, less what may be saved up.
    assert.ok(performance.now() - startedAt >= 350);
  });

  it('ends at once when it is stopped, and leaves no turn taken', async () => {
    const controller = new AbortController();
    const gate = new Gate({ window: 4, rate: 400 });
    const options = optionsOf(spaceOf('1', '127.11.0.0/16'), { gate, signal: controller.signal });
    let stoppedAt = 0;
    await swept(options, () => {
      stoppedAt ||= performance.now();
      controller.abort();
    });
    assert.ok(performance.now() - stoppedAt < 1000);
    const admissions = Array.from({ length: 4 }, (_, i) => gate.pace.enter(hostCounter(`10.0.0.${i}`)));
    assert.ok(!admissions.includes('full'), admissions.join());
  });

  it('pauses while it is held back, and loses nothing by it', async () => {
    const gate = new Gate({ window: 50, rate: 5000 });
    let heldAt = 0;
    let whileHeld = 0;
    // What was under way when it was held is told still, on a busy machine a little later.
    const isHeld = (ms: number): boolean => ms > 200 && ms < 380;
    const { closed } = await swept(optionsOf(spaceOf('1', '127.12.0.0/20'), { gate }), (batch, sweep) => {
      if (heldAt === 0) {
        heldAt = performance.now();
        sweep.hold(true);
        setTimeout(() => sweep.hold(false), 400);
      } else if (isHeld(performance.now() - heldAt)) whileHeld += batch.closed;
    });
    assert.equal(closed, 4096);
    assert.ok(whileHeld < 200, `${whileHeld} endpoints, where it would be 900 if it went on`);
  });
});
