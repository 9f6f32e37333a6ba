import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createWebServer } from 'node:http';
import { createServer as createSecureWebServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { type WebSocket, WebSocketServer } from 'ws';
import { createCertificate } from '../../brokers/create-certificate';
import { startEmbeddedLab } from '../../brokers/embedded';
import { findMosquitto } from '../../brokers/find-mosquitto';
import type { Lab } from '../../brokers/lab-types';
import { type MosquittoProcess, runMosquitto } from '../../brokers/mosquitto-process';
import { claimPort } from '../../brokers/ports';
import { startScripted } from '../../test/support/scripted-server';
import { loopbackContext } from '../../test/support/stage-context';
import { orSkip, UnavailableError } from '../../test/support/unavailable';
import type { Credentials, Endpoint, ProbeResult, TlsMaterial } from '../model';
import type { StageContext } from '../net';
import { type ProbeOptions, probeEndpoint } from './probe';
import { playBroker, publishBytes, questionOf, RECORDED, type RecordedBroker, type State } from './testing';

const MAX_CONNECTIONS = 8;
const PHASE_MS = 600;

interface ContextParts {
  readonly credentials?: Credentials;
  readonly tls?: TlsMaterial;
  readonly signal?: AbortSignal;
}

function contextOf(parts: ContextParts = {}): StageContext {
  return loopbackContext({ connectTimeoutMs: 500, phaseTimeoutMs: PHASE_MS, ...parts });
}

function endpointAt(port: number): Endpoint {
  return { target: '127.0.0.1', address: '127.0.0.1', port, transport: 'tcp', named: true };
}

interface Probed extends ProbeResult {
  readonly outcome: string;
  readonly connections: number;
}

/** Probes a server that is made of a script. */
async function probeScript(
  script: (socket: Socket) => void,
  options: ProbeOptions = {},
  parts: ContextParts = {},
): Promise<Probed> {
  const server = await startScripted(script);
  try {
    const { outcome, probe } = await probeEndpoint(endpointAt(server.port), contextOf(parts), options);
    assert.ok(probe);
    return { ...probe, outcome, connections: server.connections() };
  } finally {
    await server.stop();
  }
}

function recorded(name: string): RecordedBroker {
  const broker = RECORDED.find((each) => each.name === name);
  assert.ok(broker);
  return broker;
}

describe('probeEndpoint', () => {
  for (const broker of RECORDED) {
    const [name = '', version = ''] = broker.name.split(' ');
    for (const state of ['open', 'locked'] satisfies State[]) {
      if (name === 'NanoMQ' && state === 'locked') continue;
      it(`names ${broker.name}, ${state}, in at most ${MAX_CONNECTIONS} connections`, async () => {
        const probe = await probeScript(playBroker(broker, state));
        assert.equal(probe.outcome, state === 'open' ? 'open' : 'auth-failed');
        assert.equal(probe.product?.name, name, JSON.stringify(probe));
        assert.equal(probe.product?.version, state === 'open' && broker.version ? version : undefined);
        assert.equal(probe.fingerprint, undefined);
        assert.ok(probe.connections <= MAX_CONNECTIONS, `${probe.connections} connections`);
      });
    }
  }

  it('names no product that tells properties where a broker lets in everybody and tells none', async () => {
    const answers = {
      v3: '3:0',
      v4: '3:0',
      v5: '5:0',
      'v5 unknown auth method': '5:0',
      'level 6': 'closed',
      'level 0x84': '3:0',
      'MQTT level 3': '3:0',
      'no id, clean 0': '3:2',
      'id of 1024': '3:0',
    } as const;
    const { outcome, product, fingerprint } = await probeScript(
      playBroker({ name: 'a trap', answers }, 'open'),
    );
    assert.deepEqual([outcome, product], ['open', undefined]);
    assert.equal(fingerprint?.properties, 'none');
  });

  it('does not go on asking where a login may be refused as an identifier', async () => {
    const asked: string[] = [];
    const answers = { v3: '3:2', v4: '3:2', v5: '5:85' } as const;
    const { outcome } = await probeScript(
      playBroker({ name: 'refuses identifiers', answers }, 'open', (question) => asked.push(question)),
    );
    assert.equal(outcome, 'auth-failed');
    assert.deepEqual(
      asked.filter((question) => !/^v[345]$/.test(question)),
      [],
    );
  });

  it('does not take a broker that closes on strangers for one', async () => {
    const probe = await probeScript(playBroker(recorded('NanoMQ 0.25.3'), 'locked'));
    assert.deepEqual([probe.outcome, probe.product], ['not-mqtt', undefined]);
    assert.match(probe.service ?? '', /closed without an answer/);
  });

  for (const [what, code, outcome] of [
    ['accepted', 0, 'open'],
    ['refused', 5, 'auth-failed'],
  ] as const) {
    it(`takes one that closes on strangers for locked where the login of the scan is ${what}`, async () => {
      const credentials = { username: 'someone', password: 'secret' };
      let closed = 0;
      const probe = await probeScript(
        (socket) =>
          socket.once('data', (bytes) => {
            if (bytes.includes(credentials.username))
              return void socket.write(Buffer.from([0x20, 2, 0, code]));
            closed++;
            return void socket.end();
          }),
        {},
        { credentials },
      );
      assert.deepEqual([probe.outcome, probe.versions], [outcome, [4]]);
      assert.equal(probe.loginAnswer?.code, code);
      assert.equal(probe.refusedLogins, closed + (code === 0 ? 0 : 1));
    });
  }

  it('asks whoever closes late, as services do that wait for a login of theirs, in no other version', async () => {
    const { outcome, connections } = await probeScript((socket) => {
      setTimeout(() => socket.end(), 560);
    });
    assert.deepEqual([outcome, connections], ['not-mqtt', 1]);
  });

  describe('of a broker that speaks MQTT 5 alone', () => {
    const answersToOthers: readonly (readonly [string, (socket: Socket) => void])[] = [
      ['closes', (socket) => socket.end()],
      ['resets', (socket) => socket.resetAndDestroy()],
      ['refuses by a CONNACK in its own form', (socket) => socket.write(Buffer.from('2003008400', 'hex'))],
      ['disconnects with a reason', (socket) => socket.write(Buffer.from('e00184', 'hex'))],
    ];
    for (const [behaviour, refuse] of answersToOthers) {
      it(`finds it where it ${behaviour} on other versions`, async () => {
        const { outcome, versions, answers, connections } = await probeScript((socket) =>
          socket.once('data', (bytes) => {
            const isFive = /^v5/.test(questionOf(bytes));
            if (isFive) socket.write(Buffer.from('2003000000', 'hex'));
            else refuse(socket);
          }),
        );
        assert.deepEqual([outcome, versions], ['open', [5]]);
        assert.deepEqual(
          answers?.map(({ asked, connack }) => [asked, connack?.code]),
          [
            [3, undefined],
            [4, undefined],
            [5, 0],
          ],
        );
        assert.ok(connections <= MAX_CONNECTIONS, `${connections} connections`);
      });
    }
  });

  it('finds a broker of MQTT 3.1 alone, which closes on a protocol name that it does not know', async () => {
    const { outcome, versions, connections } = await probeScript((socket) =>
      socket.once('data', (bytes) => {
        if (questionOf(bytes) === 'v3') socket.write(Buffer.from('20020000', 'hex'));
        else socket.end();
      }),
    );
    assert.deepEqual([outcome, versions], ['open', [3]]);
    assert.ok(connections <= MAX_CONNECTIONS, `${connections} connections`);
  });

  it('sends nothing malformed unless asked to', async () => {
    for (const broker of RECORDED) {
      for (const state of ['open', 'locked'] satisfies State[]) {
        const asked: string[] = [];
        await probeScript(playBroker(broker, state, (question) => asked.push(question)));
        const malformed = asked.filter((question) =>
          ['unknown protocol name', 'reserved CONNECT flag', 'second CONNECT'].includes(question),
        );
        assert.deepEqual(malformed, [], broker.name);
      }
    }
  });

  describe('of an MQTT 5 broker', () => {
    it('tells its answer to each version', async () => {
      const { answers, versions } = await probeScript(playBroker(recorded('ejabberd 23.01'), 'locked'));
      assert.deepEqual(versions, [4, 5]);
      assert.deepEqual(
        answers?.map(({ asked, connack, meaning }) => [asked, connack?.code, meaning]),
        [
          [3, 1, 'unacceptable protocol version'],
          [4, 5, 'not authorised'],
          [5, 0x87, 'not authorised'],
        ],
      );
    });

    it('tells the limits that it states, and no others', async () => {
      const { limits, emptyClientId } = await probeScript(playBroker(recorded('NanoMQ 0.25.3'), 'open'));
      assert.deepEqual(limits, {
        maximumPacketSize: 268_435_456,
        topicAliasMaximum: 1024,
        wildcardSubscriptions: true,
        subscriptionIdentifiers: true,
        sharedSubscriptions: true,
        assignedClientId: 'nanomq-<8 hex>',
      });
      assert.equal(emptyClientId, 'accepted');
    });

    it('tells no limits where it lets nobody in', async () => {
      const { limits } = await probeScript(playBroker(recorded('mosquitto 2.0.11'), 'locked'));
      assert.equal(limits, undefined);
    });
  });

  describe('of a broker that tells its version', () => {
    const telling = (messages: readonly (readonly [string, string])[]) => (socket: Socket) => {
      socket.on('data', (bytes) => {
        if ((bytes[0] ?? 0) >> 4 === 1) return void socket.write(Buffer.from([0x20, 2, 0, 0]));
        if ((bytes[0] ?? 0) >> 4 !== 8) return;
        // Messages may come before SUBACK.
        for (const [topic, payload] of messages) socket.write(publishBytes(topic, payload));
        socket.write(Buffer.from([0x90, 6, bytes[2] ?? 0, bytes[3] ?? 0, 0, 0, 0, 0]));
      });
    };

    it('names mochi-mqtt by a bare number beside topics that mosquitto does not have', async () => {
      const { product } = await probeScript(
        telling([
          ['$SYS/broker/version', '2.7.9'],
          ['$SYS/broker/started', '1790000000'],
        ]),
      );
      assert.deepEqual([product?.name, product?.version], ['Mochi MQTT', '2.7.9']);
    });

    it('names nobody by a bare number alone, and hands it out', async () => {
      const { product, fingerprint } = await probeScript(telling([['$SYS/broker/version', '2.7.9']]));
      assert.deepEqual([product, fingerprint?.['$SYS/broker/version']], [undefined, '2.7.9']);
    });

    it('names EMQX by its node topic', async () => {
      const { product } = await probeScript(telling([['$SYS/brokers/emqx@127.0.0.1/version', '5.8.4']]));
      assert.deepEqual([product?.name, product?.version], ['EMQX', '5.8.4']);
    });

    it('names an unknown broker as it names itself', async () => {
      const { product } = await probeScript(telling([['$SYS/broker/version', 'HarperDB 4.2.1']]));
      assert.deepEqual([product?.name, product?.version], ['HarperDB', '4.2.1']);
    });

    it('is less sure where the answers are those of no such broker', async () => {
      const { product } = await probeScript(telling([['$SYS/broker/version', 'mosquitto version 2.0.11']]));
      assert.deepEqual([product?.name, product?.confidence], ['mosquitto', 0.7]);
      assert.match(product?.evidence.join('\n') ?? '', /not those of mosquitto/);
    });

    it('takes name and version from the user properties of its CONNACK, and asks nothing odd then', async () => {
      const properties = '26 0006736572766572 000b466f6f4d5120312e322e33';
      const asked: string[] = [];
      const { product } = await probeScript(
        playBroker(
          {
            name: 'FooMQ',
            answers: { v3: '3:0', v4: '3:0', v5: '5:0' },
            properties,
            propertiesAssigned: properties,
          },
          'open',
          (question) => asked.push(question),
        ),
      );
      assert.deepEqual(product, {
        name: 'FooMQ',
        version: '1.2.3',
        confidence: 1,
        evidence: ['CONNACK user property server says "FooMQ 1.2.3"'],
      });
      assert.deepEqual(asked, ['v4', 'v5', 'v3', 'v5, no id', 'no id, clean 1']);
    });

    it('believes nothing that is no version', async () => {
      for (const text of [
        '<script>alert(1)</script>',
        `mosquitto version ${'9'.repeat(60)}`,
        '',
        '../../x 1',
      ]) {
        const { product } = await probeScript(telling([['$SYS/broker/version', text]]));
        assert.equal(product, undefined, text);
      }
    });
  });

  describe('with a broker that turns hostile after CONNACK', () => {
    const rows: readonly (readonly [string, (socket: Socket) => void])[] = [
      ['says nothing more', () => undefined],
      ['closes', (socket) => socket.end()],
      ['resets', (socket) => socket.resetAndDestroy()],
      ['sends random bytes', (socket) => socket.write(Buffer.from('93a1b2c3d4e5f60708', 'hex'))],
      ['announces 256 MB', (socket) => socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]))],
      [
        'sends a topic longer than the packet',
        (socket) => socket.write(Buffer.from([0x30, 3, 255, 255, 65])),
      ],
      [
        'sends 10,000 messages',
        (socket) => socket.write(Buffer.concat(new Array(10_000).fill(publishBytes('a', 'b')))),
      ],
      ['refuses the filters', (socket) => socket.write(Buffer.from([0x90, 6, 0, 1, 128, 128, 128, 128]))],
    ];
    for (const [behaviour, react] of rows) {
      it(`and ${behaviour}: open, in time`, async () => {
        const startedAt = performance.now();
        const probe = await probeScript((socket) => {
          socket.on('data', (bytes) => {
            if ((bytes[0] ?? 0) >> 4 === 1) socket.write(Buffer.from([0x20, 2, 0, 0]));
            else if ((bytes[0] ?? 0) >> 4 === 8) react(socket);
          });
        });
        assert.deepEqual([probe.outcome, probe.product], ['open', undefined]);
        assert.equal(probe.fingerprint?.v5, '3:0');
        assert.ok(performance.now() - startedAt < 2500);
        assert.ok(probe.connections <= MAX_CONNECTIONS);
      });
    }
  });

  it('takes a server that answers everything for odd, and its name for no proof', async () => {
    const { product, oddities } = await probeScript((socket) => {
      socket.on('data', (bytes: Buffer) => {
        if (bytes[0] === 0x10) socket.write(Buffer.from('20020000', 'hex'));
        else if (bytes[0] === 0x82) {
          socket.write(publishBytes('$SYS/broker/version', 'mosquitto version 2.0.18'));
        }
      });
    });
    assert.ok((product?.confidence ?? 0) < 1, JSON.stringify(product));
    assert.match(JSON.stringify(oddities), /protocol level 6.*not those of mosquitto/);
  });

  it('does not wait for other paths where a WebSocket server says nothing', async () => {
    const server = await startScripted((socket) => socket.resume());
    const startedAt = performance.now();
    try {
      const endpoint = { ...endpointAt(server.port), transport: 'ws' } as const;
      const { outcome } = await probeEndpoint(endpoint, { ...contextOf(), phaseTimeoutMs: 600 });
      assert.equal(outcome, 'not-mqtt');
      assert.equal(server.connections(), 1);
      assert.ok(performance.now() - startedAt < 1150);
    } finally {
      await server.stop();
    }
  });

  it('looks inside of TLS for the web server that closes on anything else', async () => {
    const { cert, key } = await createCertificate({
      commonName: 'localhost',
      notBefore: new Date(Date.now() - 60_000),
      notAfter: new Date(Date.now() + 3_600_000),
    });
    const web = createSecureWebServer({ cert, key }, (_request, response) => response.end('hello'));
    const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'mqtt' });
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    try {
      const { transport: _, ...endpoint } = endpointAt((web.address() as AddressInfo).port);
      const silent = await probeEndpoint(endpoint, contextOf());
      assert.deepEqual([silent.transport, silent.probe?.service], ['tls', 'HTTP (inside TLS)']);
      web.on('upgrade', (request, socket, head) =>
        sockets.handleUpgrade(request, socket, head, (webSocket) =>
          webSocket.on('message', () => webSocket.send(Buffer.from('20020000', 'hex'))),
        ),
      );
      const { outcome, transport } = await probeEndpoint(endpoint, contextOf());
      assert.deepEqual([outcome, transport], ['open', 'wss']);
    } finally {
      for (const socket of sockets.clients) socket.terminate();
      web.closeAllConnections();
      web.close();
      await once(web, 'close');
    }
  });

  for (const [isBroker, hello] of [
    [true, 'declines'],
    [false, 'declines'],
    [true, 'closes on'],
  ] as const) {
    const what = isBroker ? 'for MQTT' : 'for its name';
    it(`asks a web server that waits for a whole line and ${hello} a ClientHello ${what}`, async () => {
      const web = createWebServer();
      const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'mqtt' });
      web.on('upgrade', (request, socket, head) => {
        if (!isBroker) return void socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
        sockets.handleUpgrade(request, socket, head, (webSocket) =>
          webSocket.on('message', () => webSocket.send(Buffer.from('20020000', 'hex'))),
        );
      });
      const server = await startScripted((socket) =>
        socket.once('data', (bytes) => {
          // A CONNECT has no end of a line in it.
          if (bytes[0] === 0x10) return;
          if (bytes[0] === 0x16 && hello === 'closes on') return void socket.end();
          socket.unshift(bytes);
          web.emit('connection', socket);
        }),
      );
      try {
        const { transport: _, ...endpoint } = endpointAt(server.port);
        const { outcome, transport, probe } = await probeEndpoint(endpoint, contextOf());
        assert.deepEqual([outcome, transport], isBroker ? ['open', 'ws'] : ['not-mqtt', 'tcp']);
        assert.equal(probe?.service, isBroker ? undefined : 'HTTP');
        assert.ok(!probe?.oddities?.some(({ id }) => id === 'silent-peer'));
      } finally {
        for (const socket of sockets.clients) socket.terminate();
        await server.stop();
      }
    });
  }

  describe('of a web server, to which no transport was named', () => {
    const letIn = (socket: WebSocket, bytes: Buffer): void => {
      if (bytes[0] === 0x10) socket.send(Buffer.from('20020000', 'hex'));
    };
    const close = (socket: WebSocket): void => socket.close(1002);
    for (const [name, outcome, answer, path] of [
      ['finds MQTT inside of WebSocket', 'open', letIn, undefined],
      ['finds it at the path of RabbitMQ', 'open', letIn, '/ws'],
      [
        'takes one that accepts the subprotocol and closes on strangers for locked',
        'auth-failed',
        close,
        undefined,
      ],
      ['says HTTP where there is no MQTT behind it', 'not-mqtt', undefined, undefined],
    ] as const) {
      it(name, async () => {
        const web = createWebServer((_request, response) => response.end('hello'));
        let connections = 0;
        web.on('connection', () => connections++);
        const sockets = answer
          ? new WebSocketServer({ server: web, handleProtocols: () => 'mqtt', ...(path && { path }) })
          : undefined;
        sockets?.on('connection', (socket) => {
          socket.on('message', (bytes: Buffer) => answer?.(socket, bytes));
        });
        web.listen(0, '127.0.0.1');
        await once(web, 'listening');
        const { port } = web.address() as AddressInfo;
        try {
          const { transport: _, ...endpoint } = endpointAt(port);
          const report = await probeEndpoint(endpoint, contextOf());
          assert.equal(report.outcome, outcome);
          assert.equal(report.transport, answer ? 'ws' : 'tcp');
          assert.equal(report.url, `${answer ? 'ws' : 'mqtt'}://127.0.0.1:${port}`);
          assert.equal(report.probe?.service, answer ? undefined : 'HTTP');
          if (answer) assert.equal(report.probe?.webSocket?.path, path ?? '/mqtt');
          assert.ok(connections <= MAX_CONNECTIONS, `${connections} connections`);
        } finally {
          for (const socket of sockets?.clients ?? []) socket.terminate();
          web.closeAllConnections();
          web.close();
          await once(web, 'close');
        }
      });
    }
  });

  for (const foreignOrigin of ['accepted', 'refused'] as const) {
    it(`tells by one upgrade that a page of another site is ${foreignOrigin}`, async () => {
      const origins: (string | undefined)[] = [];
      const web = createWebServer();
      const sockets = new WebSocketServer({
        server: web,
        handleProtocols: () => 'mqtt',
        verifyClient: ({ origin }: { origin?: string }) => {
          origins.push(origin);
          return origin === undefined || foreignOrigin === 'accepted';
        },
      });
      sockets.on('connection', (socket) => {
        socket.on('message', () => socket.send(Buffer.from('20020000', 'hex')));
      });
      web.listen(0, '127.0.0.1');
      await once(web, 'listening');
      try {
        const { port } = web.address() as AddressInfo;
        const { probe } = await probeEndpoint({ ...endpointAt(port), transport: 'ws' }, contextOf());
        assert.deepEqual(probe?.webSocket, { path: '/mqtt', foreignOrigin });
        assert.equal(origins.filter((origin) => origin !== undefined).length, 1);
        assert.ok(origins.length <= MAX_CONNECTIONS);
      } finally {
        for (const socket of sockets.clients) socket.terminate();
        web.close();
        await once(web, 'close');
      }
    });
  }

  it('does not call silent who answers a ClientHello in something else than TLS', async () => {
    const { transport: _, ...endpoint } = endpointAt(0);
    const server = await startScripted((socket) =>
      socket.on('data', (bytes) => {
        if (bytes.includes('\n') || bytes[0] === 0x16) socket.end('ERROR\r\n');
      }),
    );
    try {
      const { outcome, probe } = await probeEndpoint({ ...endpoint, port: server.port }, contextOf());
      assert.deepEqual([outcome, probe?.service, probe?.oddities], ['not-mqtt', 'unknown', undefined]);
    } finally {
      await server.stop();
    }
  });

  it('asks for MQTT over WebSocket inside of TLS that is silent', async () => {
    const { cert, key } = await createCertificate({
      commonName: 'localhost',
      notBefore: new Date(Date.now() - 60_000),
      notAfter: new Date(Date.now() + 3_600_000),
      keyType: 'ec-p256',
    });
    const web = createWebServer();
    const sockets = new WebSocketServer({ server: web, handleProtocols: () => 'mqtt' });
    sockets.on('connection', (socket) => {
      socket.on('message', () => socket.send(Buffer.from('20020000', 'hex')));
    });
    const server = createServer({ cert, key }, (socket) =>
      socket.once('data', (bytes) => {
        // A CONNECT has no end of a line in it.
        if (bytes[0] === 0x10) return;
        socket.unshift(bytes);
        web.emit('connection', socket);
      }),
    ).listen(0, '127.0.0.1');
    server.on('tlsClientError', () => undefined);
    await once(server, 'listening');
    try {
      const { transport: _, ...endpoint } = endpointAt((server.address() as AddressInfo).port);
      const { outcome, transport } = await probeEndpoint(endpoint, contextOf());
      assert.deepEqual([outcome, transport], ['open', 'wss']);
    } finally {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
    }
  });

  it('takes an echo for what it is, and no TLS', async () => {
    const { transport: _, ...endpoint } = endpointAt(0);
    const server = await startScripted((socket) => void socket.pipe(socket));
    try {
      const { outcome, probe } = await probeEndpoint({ ...endpoint, port: server.port }, contextOf());
      assert.deepEqual([outcome, probe?.service], ['not-mqtt', 'echo']);
    } finally {
      await server.stop();
    }
  });

  it('tells that TLS answers where the connection is closed right behind the handshake', async () => {
    const certificate = await createCertificate({
      commonName: 'localhost',
      notBefore: new Date(Date.now() - 60_000),
      notAfter: new Date(Date.now() + 3_600_000),
      keyType: 'ec-p256',
    });
    // A TLS proxy whose broker is down.
    const server = createServer(certificate, (socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { transport: _, ...endpoint } = endpointAt((server.address() as AddressInfo).port);
      const { outcome, transport, probe } = await probeEndpoint(endpoint, contextOf());
      assert.deepEqual([outcome, transport], ['not-mqtt', 'tls']);
      assert.match(probe?.service ?? '', /^closed without an answer \(inside TLS\)$/);
    } finally {
      server.close();
    }
  });

  it('takes a TLS 1.3 server that misses a client certificate for what it is', async () => {
    const now = Date.now();
    const certificate = await createCertificate({
      commonName: 'localhost',
      notBefore: new Date(now - 1000),
      notAfter: new Date(now + 86_400_000),
      keyType: 'ec-p256',
    });
    const server = createServer({ ...certificate, requestCert: true, minVersion: 'TLSv1.3' }).listen(
      0,
      '127.0.0.1',
    );
    server.on('tlsClientError', () => undefined);
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const { outcome, probe } = await probeEndpoint({ ...endpointAt(port), transport: 'tls' }, contextOf());
      assert.equal(outcome, 'tls-error');
      assert.match(probe?.reason ?? '', /CERTIFICATE_REQUIRED/);
      const front = await startScripted(resetting(port));
      try {
        const behind = await probeEndpoint({ ...endpointAt(front.port), transport: 'tls' }, contextOf());
        assert.match(behind.probe?.reason ?? '', /CERTIFICATE_REQUIRED/);
      } finally {
        await front.stop();
      }
    } finally {
      server.close();
    }
  });

  /**
   * In front of a TLS server that closes by an alert: where the client sends more than its part of the handshake, it gets
   * a reset, as from a system that has closed the connection, and no alert.
   */
  function resetting(port: number): (client: Socket) => void {
    return (client) => {
      const onward = connect(port, '127.0.0.1');
      let sent = Buffer.alloc(0);
      let isFirst = true;
      client.on('data', (bytes) => {
        sent = Buffer.concat([sent, bytes]);
        onward.write(bytes);
      });
      onward
        .on('error', () => undefined)
        .on('data', (bytes) => {
          const isHandshake = isFirst;
          isFirst = false;
          if (isHandshake) return void client.write(bytes);
          setTimeout(() => {
            if (encryptedRecords(sent) > HANDSHAKE_RECORDS) client.resetAndDestroy();
            else client.end(bytes);
          }, 20);
        });
    };
  }

  /** Certificate and Finished (RFC 8446 §4.4), which OpenSSL puts into a record each. */
  const HANDSHAKE_RECORDS = 2;

  function encryptedRecords(bytes: Buffer): number {
    let count = 0;
    for (let at = 0; at + 5 <= bytes.length; at += 5 + bytes.readUInt16BE(at + 3))
      if (bytes[at] === 0x17) count++;
    return count;
  }

  it('asks no more odd questions after the first that is left unanswered', async () => {
    const asked: string[] = [];
    const mute: RecordedBroker = { name: 'mute', answers: { v4: '3:5', v3: '3:5', v5: '5:87' } };
    const silent = Object.fromEntries(
      ['v5 unknown auth method', 'level 6', 'level 0x84', 'MQTT level 3', 'no id, clean 0', 'id of 1024'].map(
        (question) => [question, 'silent'],
      ),
    );
    const probe = await probeScript(
      playBroker({ ...mute, answers: { ...mute.answers, ...silent } }, 'locked', (what) => asked.push(what)),
    );
    assert.equal(asked.length, 4, asked.join(', '));
    assert.equal(probe.product, undefined);
  });

  it('asks no more after the broker said that it was too often', async () => {
    const asked: string[] = [];
    const broker: RecordedBroker = { name: 'strict', answers: { v4: '3:5', v3: '3:5', v5: '5:9f' } };
    await probeScript(playBroker(broker, 'locked', (what) => asked.push(what)));
    assert.deepEqual(asked, ['v4', 'v5']);
  });

  it('ends at once when it is stopped', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('stopped')), 100);
    const startedAt = performance.now();
    await assert.rejects(
      probeScript(playBroker(recorded('mosca 2.8.3'), 'open'), {}, { signal: controller.signal }),
      /stopped/,
    );
    assert.ok(performance.now() - startedAt < PHASE_MS);
  });

  describe('with strictness', () => {
    const table = [
      ['mosquitto 2.0.11', 'closed', 'closed', 'closed'],
      ['mosca 2.8.3', 'ignored', 'accepted', 'ignored'],
      ['RabbitMQ 3.10.8', 'closed', 'accepted', 'accepted'],
      ['ejabberd 23.01', 'refused', 'closed', 'closed'],
    ] as const;
    for (const [name, unknownProtocolName, reservedConnectFlag, secondConnect] of table) {
      it(`tells what ${name} makes of malformed packets`, async () => {
        const { strictness } = await probeScript(playBroker(recorded(name), 'open'), { strictness: true });
        assert.deepEqual(strictness, {
          unknownProtocolName,
          reservedConnectFlag,
          packetBeforeConnect: 'closed',
          secondConnect,
        });
      });
    }

    it('takes one that is gone after a malformed packet for gone, and not for strict', async () => {
      const play = playBroker(recorded('aedes 1.2.0'), 'open');
      const server = await startScripted((socket) => {
        play(socket);
        socket.on('data', (bytes) => {
          if (bytes[0] === 0x10 && questionOf(bytes) === 'unknown protocol name') void server.stop();
        });
      });
      const { probe } = await probeEndpoint(endpointAt(server.port), contextOf(), { strictness: true });
      assert.deepEqual(probe?.strictness, {
        unknownProtocolName: 'closed',
        reservedConnectFlag: 'unreachable',
        packetBeforeConnect: 'unreachable',
        secondConnect: 'unreachable',
      });
      assert.deepEqual(
        probe?.oddities?.map(({ id }) => id),
        ['gone-after-malformed'],
      );
    });

    it('connects twice only where it is let in', async () => {
      const { strictness } = await probeScript(playBroker(recorded('aedes 1.2.0'), 'locked'), {
        strictness: true,
      });
      assert.ok(strictness && !('secondConnect' in strictness));
    });
  });
});

describe('probeEndpoint of the embedded lab', () => {
  let lab: Lab;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probe-'));
    lab = await startEmbeddedLab({ plainPort: 0, tlsPort: 0, directory: folder, intervalMs: 1000 });
  });
  after(async () => {
    await lab?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it('names aedes, open, with its versions and without limits', async () => {
    const { probe } = await probeEndpoint(endpointAt(lab.insecure.port), contextOf(), { strictness: true });
    assert.deepEqual([probe?.product?.name, probe?.versions], ['aedes', [3, 4]], JSON.stringify(probe));
    assert.deepEqual([probe?.limits, probe?.emptyClientId], [undefined, 'accepted']);
    assert.deepEqual(probe?.strictness, {
      unknownProtocolName: 'closed',
      reservedConnectFlag: 'closed',
      packetBeforeConnect: 'closed',
      secondConnect: 'closed',
    });
  });

  for (const login of ['without', 'with'] as const) {
    it(`names aedes behind TLS ${login} its login`, async () => {
      const parts = { tls: { ca: lab.ca }, ...(login === 'with' && { credentials: lab.credentials }) };
      const endpoint: Endpoint = { ...endpointAt(lab.secure.port), transport: 'tls' };
      const { probe, outcome } = await probeEndpoint(endpoint, contextOf(parts));
      assert.equal(outcome, login === 'with' ? 'open' : 'auth-failed');
      assert.equal(probe?.product?.name, 'aedes', JSON.stringify(probe));
    });
  }
});

describe('probeEndpoint of an installed mosquitto', function () {
  this.timeout(15_000);
  const login: Credentials = { username: 'u', password: 'p' };
  const running: MosquittoProcess[] = [];
  let folder: string;
  let openPort: number;
  let lockedPort: number;

  before(async function () {
    const program = await orSkip(this, installedMosquitto);
    folder = await mkdtemp(join(tmpdir(), 'probe-'));
    await writePasswords(join(folder, 'passwords'));
    openPort = await start(program, 'allow_anonymous true');
    lockedPort = await start(program, `allow_anonymous false\npassword_file ${join(folder, 'passwords')}`);
  });
  after(async () => {
    await Promise.all(running.map((process) => process.stop()));
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  async function start(program: string, settings: string): Promise<number> {
    const port = await claimPort('127.0.0.1', 0, 'port');
    const path = join(folder, `${port}.conf`);
    await writeFile(path, `listener ${port} 127.0.0.1\nuser root\n${settings}\n`);
    running.push(await runMosquitto(program, path, '127.0.0.1', port));
    return port;
  }

  async function writePasswords(path: string): Promise<void> {
    await writeFile(path, `${login.username}:${login.password}\n`, { mode: 0o600 });
    const hashing = spawn('mosquitto_passwd', ['-U', path], { stdio: 'ignore' });
    const code = await new Promise((resolve) => hashing.on('error', resolve).on('close', resolve));
    assert.equal(code, 0);
  }

  it('reads name and version where everybody is let in', async () => {
    const { probe } = await probeEndpoint(endpointAt(openPort), contextOf());
    assert.equal(probe?.product?.name, 'mosquitto', JSON.stringify(probe));
    assert.match(probe?.product?.version ?? '', /^\d+\.\d+\.\d+/);
    assert.deepEqual([probe?.product?.confidence, probe?.versions], [1, [3, 4, 5]]);
    assert.equal(probe?.limits?.assignedClientId, 'auto-<UUID>');
    assert.equal(probe?.limits?.receiveMaximum, 20);
    assert.equal(probe?.limits?.retainAvailable, undefined);
  });

  it('names it without a login, and its line of versions', async () => {
    const { probe, outcome } = await probeEndpoint(endpointAt(lockedPort), contextOf());
    assert.equal(outcome, 'auth-failed');
    assert.deepEqual([probe?.product?.name, probe?.product?.version], ['mosquitto', undefined]);
    assert.match(probe?.product?.evidence.join('\n') ?? '', /mosquitto 2\.[01]\.x/);
  });

  it('reads the version with the login of the scan', async () => {
    const { probe } = await probeEndpoint(endpointAt(lockedPort), contextOf({ credentials: login }));
    assert.deepEqual([probe?.openedAs, probe?.product?.confidence], ['credentials', 1]);
    assert.equal(probe?.limits?.topicAliasMaximum, 10);
    assert.ok(!JSON.stringify(probe).includes('"p"'));
  });
});

async function installedMosquitto(): Promise<string> {
  const program = await findMosquitto();
  if (program === undefined) throw new UnavailableError('mosquitto is not installed');
  return program;
}
