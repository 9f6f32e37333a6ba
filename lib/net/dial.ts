import { Socket } from 'node:net';
import { onStop } from '../model';
import { parseIp } from './ip';
import { type Interfaces, systemInterfaces } from './local-networks';

/** Why no connection came about. */
export type DialFailure = 'refused' | 'timeout' | 'unreachable' | 'no-resources' | 'given-up' | 'aborted';

export class DialError extends Error {
  readonly failure: DialFailure;

  constructor(failure: DialFailure, message: string) {
    // Most dials of a network scan fail, and taking the stack costs as much as the connection itself.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
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

/** What a system error (`ECONNREFUSED`, …) says about a dial of an address. */
export function failureOf(
  code: string | undefined,
  address: string,
  interfaces: Interfaces = systemInterfaces,
): DialFailure {
  // A machine without IPv6, as containers are, has no address to dial from; it is not short of ports.
  const isWithoutWay = code === 'EADDRNOTAVAIL' && address.includes(':') && !hasIpv6(interfaces);
  return isWithoutWay ? 'unreachable' : (FAILURES.get(code ?? '') ?? 'unreachable');
}

function hasIpv6(interfaces: Interfaces): boolean {
  return Object.values(interfaces()).some((list) => list?.some(({ family }) => family === 'IPv6'));
}

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
 * Opens a TCP connection to an address (never a name). The socket has no delay and keeps an error listener for
 * life. A failure is told once the socket is closed: its descriptor is free again by then, and scanning on
 * while old sockets pile up costs more than waiting for them.
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
    const socket = new Socket();
    let failure: DialError | undefined;
    const fail = (kind: DialFailure, message: string): void => {
      failure ??= new DialError(kind, message);
      socket.destroy();
    };
    const timer = setTimeout(() => fail('timeout', `no answer within ${timeoutMs} ms`), timeoutMs);
    const stopWaiting = onStop(signal, () => fail('aborted', 'stopped'));
    const settle = (): void => {
      clearTimeout(timer);
      stopWaiting();
      socket.off('close', onClose);
    };
    const onClose = (): void => {
      settle();
      reject(failure ?? new DialError('unreachable', 'closed'));
    };
    socket.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      failure ??= new DialError(failureOf(code, address), code ?? message);
    });
    socket.once('close', onClose);
    socket.once('connect', () => {
      // What was dialled is what was checked against the scope; nothing else may answer in its place.
      if (!isSameAddress(socket.remoteAddress, address))
        return fail('unreachable', 'another address answered');
      if (isConnectedToItself(socket)) return fail('refused', 'ECONNREFUSED');
      settle();
      socket.setNoDelay(true);
      resolve({ socket, rttMs: performance.now() - startedAt });
    });
    socket.connect({ host: address, port });
  });
}

/**
 * True where nobody listens and the system, by chance, took the port that was dialled for our own end: the connection
 * then meets itself (a simultaneous open, RFC 9293 §3.5). It happens on addresses of this machine, about once in a scan
 * of all ports.
 */
export function isConnectedToItself(socket: Socket): boolean {
  const { localPort, remotePort, localAddress, remoteAddress } = socket;
  return localPort !== undefined && localPort === remotePort && localAddress === remoteAddress;
}

function isSameAddress(remote: string | undefined, dialled: string): boolean {
  // A connection that was reset at once has no address any more; the reset itself is told by what comes next.
  if (remote === undefined || remote === dialled) return true;
  // Compared as numbers only when the texts differ: IPv6 has many spellings.
  return parseIp(remote)?.value === parseIp(dialled)?.value;
}
