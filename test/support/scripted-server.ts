import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A server whose every connection is handled by a script: brokers that exist nowhere, and hostile ones. */
export interface ScriptedServer {
  readonly port: number;
  /** Connections that were accepted so far. */
  readonly connections: () => number;
  /** Connections that are open now. */
  readonly open: () => number;
  stop(): Promise<void>;
}

/** Starts a scripted server on a free port; 0.0.0.0 answers on all of 127.0.0.0/8. */
export async function startScripted(
  script: (socket: Socket, connection: number) => void,
  host = '127.0.0.1',
): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    script(socket, connections++);
    // Without a reader the end of the peer would never be seen.
    socket.resume();
  });
  server.listen(0, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    open: () => sockets.size,
    stop: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** A script that answers whatever comes first with these bytes. */
export function answer(bytes: Buffer | string): (socket: Socket) => void {
  return (socket) => socket.once('data', () => socket.write(bytes));
}
