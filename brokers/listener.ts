import type { AddressInfo, Server, Socket } from 'node:net';
import { PortInUseError } from './errors';

/** A server that listens and can be ended together with everyone who is connected to it. */
export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** Makes a server listen; `variable` names the setting to change when the port is taken. */
export async function listen(
  server: Server,
  host: string,
  port: number,
  variable: string,
): Promise<Listener> {
  const sockets = new Set<Socket>();
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  server.on('connection', track);
  // A TLS server has two sockets per client; both are ended, whatever state the handshake is in.
  server.on('secureConnection', track);

  await new Promise<void>((resolve, reject) => {
    // The listener stays: running out of file descriptors later must not end the process.
    server.on('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortInUseError(port, host, variable) : error);
    });
    server.listen({ host, port }, resolve);
  });

  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return { port: (server.address() as AddressInfo).port, close };
}
