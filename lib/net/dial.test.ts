import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { startScripted } from '../../test/support/scripted-server';
import { type DialError, dial } from './dial';

const { signal } = new AbortController();

describe('dial', () => {
  it('takes a connection that has met itself for a port on which nobody listens', async () => {
    const server = await startScripted(() => undefined);
    await server.stop();
    const { connect } = Socket.prototype;
    // What the system does now and then when it chooses our own port.
    Socket.prototype.connect = function (this: Socket, options: object): Socket {
      return connect.call(this, { ...options, localPort: server.port } as never);
    } as typeof connect;
    try {
      await assert.rejects(
        dial('127.0.0.1', server.port, 1000, signal),
        ({ failure }: DialError) => failure === 'refused',
      );
    } finally {
      Socket.prototype.connect = connect;
    }
  });

  it('opens a connection to who listens', async () => {
    const server = await startScripted(() => undefined);
    const { socket } = await dial('127.0.0.1', server.port, 1000, signal);
    assert.equal(socket.remotePort, server.port);
    socket.destroy();
    await server.stop();
  });
});
