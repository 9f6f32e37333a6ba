import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import type { EndpointReport, Outcome } from '../lib/model';
import { scan } from '../lib/scan';
import { answer, type ScriptedServer, startScripted } from './support/scripted-server';

const PHASE_MS = 400;

interface Row {
  readonly behaviour: string;
  readonly script: (socket: Socket, connection: number) => void;
  readonly outcome: Outcome | readonly Outcome[];
  /** What must be in the report's probe part, as text. */
  readonly says?: RegExp;
}

const CONNACK = Buffer.from([0x20, 2, 0, 0]);
const SUBACK = (id: number): Buffer => Buffer.from([0x90, 3, id >> 8, id & 255, 0]);

/** Answers CONNECT with success and SUBSCRIBE with SUBACK, then does what the row says. */
function broker(afterConnack: (socket: Socket) => void) {
  return (socket: Socket): void => {
    socket.once('data', () => {
      socket.write(CONNACK);
      socket.on('data', (bytes) => {
        if (bytes[0] === 0x82) socket.write(SUBACK(bytes.readUInt16BE(2)));
      });
      afterConnack(socket);
    });
  };
}

function drip(bytes: Buffer, everyMs: number) {
  return (socket: Socket): void => {
    let at = 0;
    const timer = setInterval(() => socket.write(bytes.subarray(at, ++at)), everyMs);
    socket.on('close', () => clearInterval(timer));
  };
}

/** Writes as fast as the peer reads, until it goes away; in large chunks, since the peer shares this process. */
function flood(socket: Socket, packet: Buffer): void {
  const chunk = Buffer.concat(new Array<Buffer>(Math.ceil(65_536 / packet.length)).fill(packet));
  const write = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', write);
  write();
}

function publish(topic: Buffer | string, payload: string, flags = 0): Buffer {
  const name = Buffer.from(topic);
  const body = Buffer.concat([
    Buffer.from([name.length >> 8, name.length & 255]),
    name,
    Buffer.from(payload),
  ]);
  assert.ok(body.length < 16_384);
  return Buffer.concat([Buffer.from([0x30 | flags, (body.length & 127) | 128, body.length >> 7]), body]);
}

const TO_CONNECT: readonly Row[] = [
  { behaviour: 'says nothing', script: () => undefined, outcome: 'not-mqtt', says: /silent/ },
  { behaviour: 'drips a CONNACK', script: drip(CONNACK, 300), outcome: 'not-mqtt' },
  {
    behaviour: 'announces a CONNACK of 256 MB',
    script: answer(Buffer.from([0x20, 0xff, 0xff, 0xff, 0x7f])),
    outcome: 'not-mqtt',
    says: /268435455/,
  },
  {
    behaviour: 'sends a length of five bytes',
    script: answer(Buffer.from([0x20, 0xff, 0xff, 0xff, 0xff, 0x01])),
    outcome: 'not-mqtt',
    says: /four bytes/,
  },
  {
    behaviour: 'sends packet type 0',
    script: answer(Buffer.from([0, 0])),
    outcome: 'not-mqtt',
    says: /type 0/,
  },
  {
    behaviour: 'sends PUBLISH before CONNACK',
    script: answer(publish('a', 'b')),
    outcome: 'not-mqtt',
    says: /before CONNACK/,
  },
  {
    behaviour: 'answers like a web server',
    script: answer('HTTP/1.1 400 Bad Request\r\n\r\n'),
    outcome: 'not-mqtt',
    says: /HTTP/,
  },
  {
    behaviour: 'greets like an SSH server',
    script: (socket) => socket.write('SSH-2.0-x\r\n'),
    outcome: 'not-mqtt',
    says: /SSH/,
  },
  {
    behaviour: 'closes at once',
    script: (socket) => socket.destroy(),
    outcome: 'not-mqtt',
    says: /closed without an answer/,
  },
  {
    behaviour: 'resets',
    script: (socket) => socket.resetAndDestroy(), // The reset may overtake the news that the connection was accepted.
    outcome: ['not-mqtt', 'closed'],
  },
  {
    behaviour: 'answers with a TLS alert',
    script: answer(Buffer.from([0x15, 3, 1, 0, 2, 2, 70])),
    outcome: 'tls-error',
  },
  {
    behaviour: 'sends half a CONNACK and closes',
    script: (socket) => socket.once('data', () => socket.end(CONNACK.subarray(0, 2))),
    outcome: 'not-mqtt',
  },
  {
    behaviour: 'refuses with a code that nobody knows',
    script: answer(Buffer.from([0x20, 2, 0, 99])),
    outcome: 'auth-failed',
    says: /unknown code 99/,
  },
  {
    behaviour: 'refuses the login',
    script: answer(Buffer.from([0x20, 2, 0, 5])),
    outcome: 'auth-failed',
    says: /not authorised/,
  },
];

const TO_SESSION: readonly Row[] = [
  { behaviour: 'accepts and then says nothing', script: broker(() => undefined), outcome: 'open' },
  { behaviour: 'accepts and closes', script: broker((socket) => socket.end()), outcome: 'open' },
  { behaviour: 'never answers SUBSCRIBE', script: answer(CONNACK), outcome: 'open' },
  {
    behaviour: 'sends a PUBLISH of 256 MB',
    script: broker((socket) => {
      socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]));
      flood(socket, Buffer.alloc(65_536));
    }),
    outcome: 'open',
  },
  { behaviour: 'floods CONNACK', script: broker((socket) => flood(socket, CONNACK)), outcome: 'open' },
  {
    behaviour: 'sends AUTH unasked',
    script: broker((socket) => socket.write(Buffer.from([0xf0, 0]))),
    outcome: 'open',
  },
  {
    behaviour: 'sends PUBLISH of QoS 2 without end',
    script: broker((socket) => flood(socket, publish('a', '\0\x01xxxxxxxx', 4))),
    outcome: 'open',
  },
  {
    behaviour: 'sends QoS 3',
    script: broker((socket) => socket.write(publish('a', 'b', 6))),
    outcome: 'open',
  },
  {
    behaviour: 'sends a topic longer than the packet',
    script: broker((socket) => socket.write(Buffer.from([0x30, 3, 255, 255, 65]))),
    outcome: 'open',
  },
  {
    behaviour: 'sends an empty topic and one of invalid UTF-8',
    script: broker((socket) =>
      socket.write(Buffer.concat([publish('', 'x'), publish(Buffer.from([0xff, 0xfe]), 'x')])),
    ),
    outcome: 'open',
  },
  {
    behaviour: 'sends acknowledgements that nobody waits for',
    script: broker((socket) =>
      socket.write(Buffer.from('400200015002000160020001700200019003000100b0020001', 'hex')),
    ),
    outcome: 'open',
  },
  {
    behaviour: 'sends random bytes',
    script: broker((socket) => socket.write(Buffer.from('93a1b2c3d4e5f60708', 'hex'))),
    outcome: 'open',
  },
  {
    behaviour: 'sends payloads of brackets and prototype keys',
    script: broker((socket) =>
      socket.write(
        Buffer.concat([
          publish('a', '['.repeat(9000)),
          publish('b', '{"__proto__":{"temp":20},"constructor":1}'),
        ]),
      ),
    ),
    outcome: 'open',
  },
];

async function scanOne(server: ScriptedServer): Promise<{ report: EndpointReport; elapsedMs: number }> {
  const startedAt = performance.now();
  const reports: EndpointReport[] = [];
  for await (const report of scan(`127.0.0.1:${server.port}`, {
    phaseTimeoutMs: PHASE_MS,
    connectTimeoutMs: 300,
    listen: { listenMs: 500 },
  })) {
    reports.push(report);
  }
  const [report] = reports;
  assert.ok(report && reports.length === 1);
  return { report, elapsedMs: performance.now() - startedAt };
}

describe('hostile peers', function () {
  this.timeout(30_000);
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => void rejections.push(reason);
  before(() => process.on('unhandledRejection', onRejection));
  after(() => {
    process.off('unhandledRejection', onRejection);
    assert.deepEqual(rejections, []);
  });

  for (const { behaviour, script, outcome, says } of [...TO_CONNECT, ...TO_SESSION]) {
    it(`a peer that ${behaviour}`, async () => {
      const server = await startScripted(script);
      try {
        const before = process.memoryUsage().rss;
        const { report, elapsedMs } = await scanOne(server);
        assert.ok([outcome].flat().includes(report.outcome), JSON.stringify(report));
        if (says) assert.match(JSON.stringify(report.probe), says);
        // At most: two transports, three versions, two sessions of rights and one of listening.
        assert.ok(elapsedMs < 10 * PHASE_MS + 1500, `${elapsedMs} ms`);
        assert.ok(process.memoryUsage().rss - before < 120e6, 'memory stays bounded');
      } finally {
        await server.stop();
      }
    });
  }

  it('holds at most two connections to a host at any moment', async () => {
    let most = 0;
    const server = await startScripted(() => {
      most = Math.max(most, server.open());
    });
    try {
      for await (const _ of scan(`127.0.0.1:${server.port}`, { phaseTimeoutMs: 100 }));
      assert.ok(most <= 2, `${most} connections`);
    } finally {
      await server.stop();
    }
  });

  it('leaves no prototype changed', () => {
    assert.equal(({} as Record<string, unknown>).temp, undefined);
  });
});
