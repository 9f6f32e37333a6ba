import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { loopbackContext } from '../../test/support/stage-context';
import { openStream } from './transport';

describe('openStream over WebSocket', () => {
  const web = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  const hosts: (string | undefined)[] = [];
  const paths: (string | undefined)[] = [];
  let port: number;
  let isPicky = false;

  before(async () => {
    web.on('upgrade', (request, socket, head) => {
      hosts.push(request.headers.host);
      paths.push(request.url);
      if (request.url !== '/ws' && isPicky) return void socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
      sockets.handleUpgrade(request, socket, head, () => undefined);
    });
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    port = (web.address() as AddressInfo).port;
  });
  after(async () => {
    for (const socket of sockets.clients) socket.terminate();
    web.close();
    await once(web, 'close');
  });

  for (const [target, expected] of [
    ['broker.test', 'broker.test'],
    ['127.0.0.1', '127.0.0.1'],
    // Targets come in messages too, and are any text there.
    ['broker.test\r\nX-Injected: 1', '127.0.0.1'],
  ] as const) {
    it(`asks the web server for ${JSON.stringify(expected)} where the target is ${JSON.stringify(target)}`, async () => {
      const endpoint = { target, address: '127.0.0.1', port, named: true };
      const { stream } = await openStream(endpoint, 'ws', loopbackContext());
      stream.destroy();
      assert.equal(hosts.pop(), `${expected}:${port}`);
    });
  }

  for (const [webSocketPath, tried] of [
    [undefined, ['/mqtt', '/', '/ws']],
    ['/ws', ['/ws']],
    ['/../admin', ['/mqtt', '/', '/ws']],
  ] as const) {
    it(`looks at ${tried.join(', ')} where the path is said to be ${webSocketPath}`, async () => {
      isPicky = true;
      paths.length = 0;
      const endpoint = { target: '127.0.0.1', address: '127.0.0.1', port, named: true, webSocketPath };
      const { stream, webSocket } = await openStream(endpoint, 'ws', loopbackContext());
      stream.destroy();
      assert.deepEqual([paths, webSocket?.path], [[...tried], '/ws']);
    });
  }
});
