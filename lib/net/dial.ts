import { connect, type Socket } from 'node:net';
import { onStop } from '../model';

/** Why no connection came about. */
export type DialFailure = 'refused' | 'timeout' | 'unreachable' | 'no-resources' | 'aborted';

export class DialError extends Error {
  readonly failure: DialFailure;

  constructor(failure: DialFailure, message: string) {
    super(message);
    this.name = 'DialError';
    this.failure = failure;
  }
}

const FAILURES: ReadonlyMap<string, DialFailure> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'refused'],
  ['ETIMEDOUT', 'timeout'],
  // This machine ran out of descriptors, ports or memory: nothing is known about the target.
  ['EMFILE', 'no-resources'],
  ['ENFILE', 'no-resources'],
  ['EADDRNOTAVAIL', 'no-resources'],
  ['ENOBUFS', 'no-resources'],
  ['EAGAIN', 'no-resources'],
]);

/** Errors after the result was delivered (a reset while closing) must not end the process. */
export function ignoreErrors(stream: { on(event: 'error', listener: () => void): unknown }): void {
  stream.on('error', () => undefined);
}

export interface Dialled {
  readonly socket: Socket;
  /** Milliseconds until the connection was accepted. */
  readonly rttMs: number;
}

/**
 * Opens a TCP connection to an address (never a name). The socket is paused, has no delay, and keeps an error
 * listener for life.
 * @param timeoutMs wall-clock limit
 * @throws DialError
 */
export function dial(
  address: string,
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Dialled> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new DialError('aborted', 'stopped'));
    const startedAt = performance.now();
    const socket = connect({ host: address, port, noDelay: true });
    ignoreErrors(socket);
    const fail = (failure: DialFailure, message: string): void => {
      settle();
      socket.destroy();
      reject(new DialError(failure, message));
    };
    const timer = setTimeout(() => fail('timeout', `no answer within ${timeoutMs} ms`), timeoutMs);
    const onAbort = (): void => fail('aborted', 'stopped');
    const onError = (error: NodeJS.ErrnoException): void => {
      const code = error.code ?? error.message;
      fail(FAILURES.get(code) ?? 'unreachable', code);
    };
    const settle = (): void => {
      clearTimeout(timer);
      stopWaiting();
      socket.removeListener('error', onError);
    };
    const stopWaiting = onStop(signal, onAbort);
    socket.once('error', onError);
    socket.once('connect', () => {
      settle();
      resolve({ socket, rttMs: performance.now() - startedAt });
    });
  });
}
