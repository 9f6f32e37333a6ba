import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type ScriptedServer, startScripted } from '../../test/support/scripted-server';
import { upgrade, type WebSocketFacts, WebSocketFailure } from './web-socket';

/** The constant of RFC 6455 §1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

describe('upgrade', () => {
  const table: readonly (readonly [string, readonly string[], WebSocketFacts])[] = [
    [
      'mosquitto',
      [
        'Upgrade: WebSocket',
        'Connection: Upgrade',
        'Sec-WebSocket-Accept: KEY',
        'Sec-WebSocket-Protocol: mqtt',
      ],
      {
        path: '/mqtt',
        headerFields: 'Upgrade=WebSocket Connection Sec-WebSocket-Accept Sec-WebSocket-Protocol',
      },
    ],
    [
      'Cowboy',
      [
        'connection: Upgrade',
        'date: Tue, 24 Nov 2026 00:00:00 GMT',
        'sec-websocket-accept: KEY',
        'sec-websocket-protocol: mqtt',
        'server: Cowboy',
        'upgrade: websocket',
      ],
      {
        path: '/mqtt',
        server: 'Cowboy',
        headerFields: 'connection date sec-websocket-accept sec-websocket-protocol server upgrade=websocket',
      },
    ],
  ];
  for (const [name, fields, expected] of table) {
    it(`tells the header fields of ${name} as they were written`, async () => {
      const server = await startUpgrading(fields);
      const { stream, facts } = await opened(server);
      stream.destroy();
      await server.stop();
      assert.deepEqual(facts, expected);
    });
  }

  it('shows a hostile server name bounded and escaped', async () => {
    const name = `a\t${'b'.repeat(5000)}`;
    const server = await startUpgrading([`Server: ${name}`, ...(table[0]?.[1] ?? [])]);
    const { stream, facts } = await opened(server);
    stream.destroy();
    await server.stop();
    assert.match(facts.server ?? '', /^a\\u\{9\}b+…$/);
    assert.ok((facts.server ?? '').length < 300);
  });

  it('refuses an answer with another protocol', async () => {
    const server = await startUpgrading([
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Accept: no',
    ]);
    await assert.rejects(opened(server), WebSocketFailure);
    await server.stop();
  });
});

function startUpgrading(fields: readonly string[]): Promise<ScriptedServer> {
  return startScripted((socket) =>
    socket.once('data', (request: Buffer) => {
      const key = /sec-websocket-key: *(\S+)/i.exec(request.toString('latin1'))?.[1] ?? '';
      const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
      const lines = fields.map((field) => field.replace('KEY', accept));
      socket.write(['HTTP/1.1 101 Switching Protocols', ...lines, '', ''].join('\r\n'));
    }),
  );
}

async function opened({ port }: ScriptedServer): ReturnType<typeof upgrade> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const request = { host: `127.0.0.1:${port}`, path: '/mqtt' };
  return upgrade(socket, request, 1000, new AbortController().signal);
}
