import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { createCertificate } from '../../brokers/create-certificate';
import { loopbackContext } from '../../test/support/stage-context';
import type { EndpointReport } from '../model';
import { probeEndpoint } from './probe';
import { questionOf } from './testing';

interface Peer {
  readonly socket: TLSSocket;
  /** What a system does that has closed the connection when bytes come. */
  readonly reset: () => void;
  /** Takes no connection any more. */
  readonly leave: () => void;
}

/** Probes a TLS server that gives these answers to CONNECT. */
async function probed(
  answer: (question: string, peer: Peer) => void,
): Promise<EndpointReport & { readonly connections: number }> {
  const day = 86_400_000;
  const certificate = await createCertificate({
    commonName: 'localhost',
    notBefore: new Date(Date.now() - day),
    notAfter: new Date(Date.now() + day),
    keyType: 'ec-p256',
  });
  const accepted: Socket[] = [];
  const leave = (): void => void server.close();
  const server = createServer(certificate, (socket) => {
    const below = accepted.at(-1);
    const reset = (): void => void below?.resetAndDestroy();
    socket.on('error', () => undefined);
    socket.once('data', (bytes) => answer(questionOf(bytes), { socket, reset, leave }));
  });
  server.on('connection', (socket) => accepted.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const endpoint = { target: '127.0.0.1', address: '127.0.0.1', port, named: true } as const;
    const report = await probeEndpoint(
      { ...endpoint, transport: 'tls' },
      loopbackContext({ phaseTimeoutMs: 600 }),
    );
    return { ...report, connections: accepted.length };
  } finally {
    for (const socket of accepted) socket.destroy();
    leave();
  }
}

describe('a TLS connection that is reset', () => {
  it('was one, although nobody takes the next connection, on which an alert is looked for', async () => {
    const { outcome, probe } = await probed((_question, { reset, leave }) => {
      leave();
      reset();
    });
    assert.deepEqual([outcome, probe?.service], ['not-mqtt', 'closed without an answer (inside TLS)']);
  });

  it('is looked at for an alert once, and in the other versions no more', async () => {
    const { outcome, connections } = await probed((_question, { reset }) => reset());
    assert.deepEqual([outcome, connections], ['not-mqtt', 4]);
  });

  it('is no reason to look for an alert where MQTT has answered before', async () => {
    const { outcome, connections } = await probed((question, { socket, reset }) => {
      if (question === 'v5') socket.write(Buffer.from('2003000000', 'hex'));
      else if (question === 'v4' || question === 'v3') socket.write(Buffer.from('20020000', 'hex'));
      else reset();
    });
    assert.equal(outcome, 'open');
    assert.ok(connections <= 8, `${connections} connections`);
  });
});
