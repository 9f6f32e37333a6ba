import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Clock, type Credentials, type Endpoint, ScanError, type TlsMaterial } from '../model';
import { DialError, dial } from './dial';
import type { Gate } from './gate';
import { parseIp } from './ip';
import type { Scope } from './scope';

/** What every stage of a scan is given: whom it may talk to, how, as whom, and when to stop. */
export interface StageContext {
  readonly scope: Scope;
  readonly gate: Gate;
  /** Wall-clock limit for TCP to be accepted. */
  readonly connectTimeoutMs: number;
  /** Wall-clock limit for each later step: TLS handshake, CONNACK, SUBACK. */
  readonly phaseTimeoutMs: number;
  readonly tls?: TlsMaterial | undefined;
  /** The login that was given for the scan. */
  readonly credentials?: Credentials | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** An accepted connection. Its turn at the gate is given back when the socket closes. */
export interface OpenConnection {
  readonly socket: Socket;
  readonly rttMs: number;
}

/** Attempts while this machine has no sockets left; nothing can be said about the target before. */
const ATTEMPTS = 8;
const PAUSE_MS = 100;

/**
 * Dials an endpoint: scope first, then the gate, then TCP. The only way from here to a target.
 * @throws DialError; ScanError OUT_OF_SCOPE
 */
export async function openConnection(endpoint: Endpoint, context: StageContext): Promise<OpenConnection> {
  assertInScope(endpoint, context.scope);
  for (let attempt = 1; ; attempt++) {
    const leave = await context.gate.enter(endpoint.address, context.signal);
    try {
      const dialled = await dial(endpoint.address, endpoint.port, context.connectTimeoutMs, context.signal);
      dialled.socket.once('close', leave);
      return dialled;
    } catch (thrown) {
      leave();
      if (!(thrown instanceof DialError) || thrown.failure !== 'no-resources' || attempt === ATTEMPTS)
        throw thrown;
      context.gate.shrink();
      await delay(PAUSE_MS * attempt, undefined, { signal: context.signal });
    }
  }
}

function assertInScope(endpoint: Endpoint, scope: Scope): void {
  const ip = parseIp(endpoint.address);
  const name = endpoint.target === endpoint.address ? undefined : endpoint.target;
  if (ip && scope.allows(ip, name)) return;
  throw new ScanError('OUT_OF_SCOPE', { target: endpoint.target, scope: scope.text });
}
