import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import type { TlsResult } from '../lib/model';
import { alertRecord, offerOf, serverFlight } from '../lib/tls/testing';
import { startScripted } from './support/scripted-server';
import { make } from './tls-zoo/certificates';
import { type How, inspected } from './tls-zoo/inspected';
import { startNode } from './tls-zoo/servers';

const PHASE_MS = 400;
type Script = Parameters<typeof startScripted>[0];

const answering =
  (bytes: Buffer): Script =>
  (socket) =>
    socket.once('data', () => socket.write(bytes));

/** A server that chooses from its suites by its own order, per version; everything else it refuses. */
function choosing(
  suites: ReadonlyMap<number, readonly number[]>,
  certificates: readonly Buffer[],
  compression = 0,
): Script {
  return (socket) =>
    socket.once('data', (record: Buffer) => {
      const offer = offerOf(record);
      // The highest version that both know (RFC 5246 §E.1).
      const version = [...suites.keys()].filter((one) => one <= offer.version).sort((a, b) => b - a)[0];
      const suite = (suites.get(version ?? 0) ?? []).find((one) => offer.suites.includes(one));
      if (version === undefined || suite === undefined)
        socket.end(alertRecord(2, version === undefined ? 70 : 40));
      else socket.write(serverFlight({ version, suite, certificates, compression }));
    });
}

describe('what a TLS inspection makes of its peer', function () {
  this.timeout(20_000);

  async function seen(
    script: Script,
    how: How = {},
  ): Promise<TlsResult & { readonly ms: number; readonly accepted: number }> {
    const server = await startScripted(script);
    try {
      const startedAt = performance.now();
      const result = await inspected(server.port, { phaseTimeoutMs: PHASE_MS, ...how });
      return { ...result, ms: performance.now() - startedAt, accepted: server.connections() };
    } finally {
      await server.stop();
    }
  }

  describe('without TLS', () => {
    const cases: readonly (readonly [what: string, script: Script, kind: string, evidence: RegExp])[] = [
      ['is silent', () => undefined, 'silent', /nothing within 400 ms/],
      ['stops in the middle', answering(Buffer.from('160303400002000', 'hex')), 'silent', /no whole answer/],
      ['drips one byte after the other', dripping(), 'silent', /no whole answer/],
      ['closes', (socket) => socket.once('data', () => socket.end()), 'closed', /closed after 0 bytes/],
      ['resets', (socket) => socket.once('data', () => socket.resetAndDestroy()), 'reset', /reset/],
      [
        'speaks HTTP',
        answering(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')),
        'not-tls',
        /^HTTP\/1\.1 400/,
      ],
      ['sends an alert', answering(alertRecord(2, 40)), 'alert', /handshake_failure/],
      ['announces 16 MB', answering(Buffer.from('160303400002ffffff', 'hex').subarray(0, 9)), 'silent', /./],
      ['is an MQTT broker without TLS', mqttBroker(), 'plain-mqtt', /CONNECT/],
    ];
    for (const depth of ['full', 'certificate'] as const) {
      for (const [what, script, kind, evidence] of cases) {
        it(`${what}, depth ${depth}`, async () => {
          const result = await seen(script, { depth });
          assert.equal(result.failure?.kind, kind, JSON.stringify(result));
          if (depth === 'full') assert.match(result.failure?.evidence ?? '', evidence);
          if (kind === 'alert') assert.equal(result.failure?.alert, 'handshake_failure');
          assert.deepEqual(result.versions, []);
          assert.equal(result.score, undefined, 'nothing is graded that was not seen');
          assert.ok(result.ms < 3 * PHASE_MS, `${result.ms} ms`);
          assert.equal(result.accepted, result.connections, 'connections are counted');
        });
      }
    }

    it('is not there', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      server.close();
      await once(server, 'close');
      const result = await inspected(port);
      assert.equal(result.failure?.kind, 'unreachable');
    });

    it('is an HTTP server', async () => {
      const server = createHttpServer((_, answer) => answer.end()).listen(0, '127.0.0.1');
      await once(server, 'listening');
      try {
        const { port } = server.address() as AddressInfo;
        assert.equal((await inspected(port)).failure?.kind, 'not-tls');
      } finally {
        server.close();
      }
    });
  });

  describe('of a time that OpenSSL 3 has left behind', () => {
    let certificates: Buffer[];
    before(async () => {
      certificates = [(await make({ name: 'old', names: ['127.0.0.1'], key: 'rsa-1024' })).der];
    });

    it('finds SSL 3.0, RC4, EXPORT, 3DES and DES', async () => {
      const suites = new Map([
        [0x0300, [0x0004, 0x0005, 0x0003, 0x0008]],
        [0x0301, [0x000a, 0x0009, 0x0062]],
      ]);
      const result = await seen(choosing(suites, certificates));
      assert.deepEqual(result.versions, ['SSLv3', 'TLSv1']);
      const found = (version: string): string[] | undefined =>
        result.protocols?.find((one) => one.version === version)?.suites.map(({ name }) => name);
      assert.deepEqual(found('SSLv3'), [
        'TLS_RSA_WITH_RC4_128_MD5',
        'TLS_RSA_WITH_RC4_128_SHA',
        'TLS_RSA_EXPORT_WITH_RC4_40_MD5',
        'TLS_RSA_EXPORT_WITH_DES40_CBC_SHA',
      ]);
      assert.deepEqual(found('TLSv1'), [
        'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
        'TLS_RSA_WITH_DES_CBC_SHA',
        'TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA',
      ]);
      assert.ok(result.protocols?.every(({ preference }) => preference === 'server'));
      const expected = [
        'weak-key',
        'old-protocol',
        'weak-cipher',
        'no-forward-secrecy',
        'insecure-renegotiation',
      ];
      for (const problem of expected)
        assert.ok(
          result.problems.some((one) => one === problem),
          problem,
        );
      assert.equal(result.features?.fallbackScsv, false);
      assert.equal(result.score?.value, 0);
      assert.equal(result.certificate?.keyBits, 1024);
      assert.equal(result.trusted, false);
      assert.equal(result.mozilla?.old.met, false);
    });

    it('finds compression', async () => {
      const result = await seen(choosing(new Map([[0x0303, [0x002f]]]), certificates, 1));
      assert.equal(result.features?.compression, true);
      assert.ok(result.problems.includes('compression'));
    });

    it('stops at a server that accepts whatever is offered', async () => {
      const result = await seen((socket) =>
        socket.once('data', (record: Buffer) => {
          const { version, suites } = offerOf(record);
          socket.write(
            serverFlight({ version: Math.min(version, 0x0303), suite: suites[0] ?? 0, certificates }),
          );
        }),
      );
      assert.ok((result.connections ?? 0) <= 610, `${result.connections} connections`);
      assert.ok(result.ms < 5 * PHASE_MS, `${result.ms} ms`);
      assert.ok(
        result.notTested?.some((note) => /time was over|connections/.test(note)),
        String(result.notTested),
      );
    });

    it('is not led astray by a server that chooses what was not offered', async () => {
      const result = await seen(answering(serverFlight({ version: 0x0303, suite: 0xeeee, certificates })));
      assert.ok((result.connections ?? 0) < 20);
      assert.ok(
        result.notTested?.some((note) => note.includes('not offered')),
        String(result.notTested),
      );
    });
  });

  describe('with TLS', () => {
    it('holds at most two connections to it at any moment', async () => {
      const { cert, key } = await make({ name: 'polite', names: ['127.0.0.1'] });
      const server = await startNode({ cert, key });
      let [open, most] = [0, 0];
      const front = await startScripted((socket) => {
        open++;
        // Who went is noticed in the same turn of the loop as who came, and maybe later.
        setTimeout(() => {
          most = Math.max(most, open);
        }, 1);
        let isGone = false;
        const leave = (): void => {
          if (!isGone) open--;
          isGone = true;
        };
        socket.once('end', leave).once('close', leave);
        const back = connect({ host: '127.0.0.1', port: server.port });
        socket.pipe(back).pipe(socket);
        back.on('error', () => socket.destroy());
        socket.on('close', () => back.destroy());
      });
      try {
        const { versions } = await inspected(front.port);
        assert.deepEqual(versions, ['TLSv1.2', 'TLSv1.3']);
        assert.ok(most > 0 && most <= 2, `${most} connections`);
      } finally {
        await front.stop();
        await server.stop();
      }
    });

    it('makes one handshake for the certificate only', async () => {
      const { cert, key } = await make({ name: 'quick', names: ['127.0.0.1'] });
      const server = await startNode({ cert, key });
      try {
        const { connections, versions, protocols } = await inspected(server.port, { depth: 'certificate' });
        assert.deepEqual([connections, versions, protocols], [1, ['TLSv1.3'], undefined]);
      } finally {
        await server.stop();
      }
    });

    it('tells the application protocol that is spoken', async () => {
      const { cert, key } = await make({ name: 'alpn', names: ['127.0.0.1'] });
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
        const server = await startNode({
          cert,
          key,
          minVersion: version,
          maxVersion: version,
          ALPNProtocols: ['mqtt'],
        });
        try {
          assert.equal((await inspected(server.port)).features?.alpn, 'mqtt', version);
        } finally {
          await server.stop();
        }
      }
    });

    it('ends at once when it is stopped', async () => {
      const server = await startScripted(() => undefined);
      const stop = new AbortController();
      setTimeout(() => stop.abort(new Error('stopped')), 50);
      const startedAt = performance.now();
      await assert.rejects(inspected(server.port, { signal: stop.signal }), /stopped/);
      assert.ok(performance.now() - startedAt < 1000);
      await server.stop();
    });
  });
});

function dripping(): Script {
  const bytes = serverFlight({ version: 0x0303, suite: 0x002f, certificates: [Buffer.alloc(500)] });
  return (socket) => {
    let at = 0;
    const timer = setInterval(() => socket.write(bytes.subarray(at, ++at)), 20);
    socket.on('close', () => clearInterval(timer));
  };
}

/** Closes when what comes is no CONNECT, as brokers do, and answers one. */
function mqttBroker(): Script {
  return (socket) =>
    socket.once('data', (bytes: Buffer) => {
      if (bytes[0] === 0x10) socket.write(Buffer.from([0x20, 2, 0, 5]));
      else socket.end();
    });
}
