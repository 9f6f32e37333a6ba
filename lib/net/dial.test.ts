import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { startScripted } from '../../test/support/scripted-server';
import { type DialError, dial, failureOf } from './dial';

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

describe('failureOf', () => {
  const address = (family: 'IPv4' | 'IPv6', text: string) => ({
    address: text,
    netmask: '',
    mac: '',
    internal: true,
    cidr: null,
    ...(family === 'IPv4' ? { family } : { family, scopeid: 0 }),
  });
  const withoutIpv6 = () => ({ lo: [address('IPv4', '127.0.0.1')] });
  const withIpv6 = () => ({ lo: [address('IPv4', '127.0.0.1'), address('IPv6', '::1')] });

  for (const [target, interfaces, expected] of [
    ['::1', withoutIpv6, 'unreachable'],
    ['::1', withIpv6, 'no-resources'],
    ['127.0.0.1', withoutIpv6, 'no-resources'],
  ] as const) {
    it(`takes a want of own addresses to dial ${target} from for ${expected}`, () => {
      assert.equal(failureOf('EADDRNOTAVAIL', target, interfaces), expected);
    });
  }
});
