import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { PortInUseError } from './errors';
import { listen } from './listener';

/**
 * Where free ports are looked for: below those that systems give to outgoing connections (32768 and up on Linux,
 * 49152 and up elsewhere), one of which could take the port before it is used.
 */
const FREE = { from: 20_000, to: 32_000 };
const TRIES = 50;
/** None is given twice: the first who was given it may not use it yet. */
const given = new Set<number>();

/**
 * Proves that a port can be listened on and gives its number (0 takes any free one). For programs that
 * cannot be handed a listening socket: between this answer and their start another may take the port.
 */
export async function claimPort(host: string, port: number, variable: string): Promise<number> {
  if (port === 0) return freePort(host);
  const listener = await listen(createServer(), host, port, variable);
  await listener.close();
  return listener.port;
}

/** A port that nobody listens on now. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let left = TRIES; ; left--) {
    const port = randomInt(FREE.from, FREE.to);
    if (given.has(port)) continue;
    given.add(port);
    try {
      return await claimPort(host, port, 'none');
    } catch (thrown) {
      if (!(thrown instanceof PortInUseError) || left <= 0) throw thrown;
    }
  }
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
