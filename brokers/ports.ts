import { connect, createServer } from 'node:net';
import { listen } from './listener';

/**
 * Proves that a port can be listened on and gives its number (0 takes any free one). For programs that
 * cannot be handed a listening socket: between this answer and their start another may take the port.
 */
export async function claimPort(host: string, port: number, variable: string): Promise<number> {
  const listener = await listen(createServer(), host, port, variable);
  await listener.close();
  return listener.port;
}

/** A port that nobody listens on now. */
export function freePort(host = '127.0.0.1'): Promise<number> {
  return claimPort(host, 0, 'none');
}

/** True when something accepts connections. */
export function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const answer = (accepted: boolean): void => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}
