import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Clock,
  type Credentials,
  type Endpoint,
  printable,
  ScanError,
  type TlsMaterial,
} from '../model';
import { DialError, dial } from './dial';
import type { Gate } from './gate';
import { GIVEN_UP, type HostHealth } from './host-health';
import { parseIp } from './ip';
import type { CredentialsOver } from './login-carriage';
import type { RefusedLogins } from './refused-logins';
import type { Scope } from './scope';

/** Host names in lower case, and the addresses that they were resolved to. */
export type PinnedNames = ReadonlyMap<string, ReadonlySet<string>>;

/** What every stage of a scan is given: whom it may talk to, how, as whom, and when to stop. */
export interface StageContext {
  readonly scope: Scope;
  /** The addresses to which the names of this scan were resolved; no other address counts as being of a name. */
  readonly pinned?: PinnedNames | undefined;
  readonly gate: Gate;
  /** Which hosts have not answered for so long that they are left alone. */
  readonly health?: HostHealth | undefined;
  /** The logins that were refused in this scan, by address. */
  readonly refusedLogins?: RefusedLogins | undefined;
  /** Wall-clock limit for TCP to be accepted. */
  readonly connectTimeoutMs: number;
  /** Wall-clock limit for each later step: TLS handshake, CONNACK, SUBACK. */
  readonly phaseTimeoutMs: number;
  readonly tls?: TlsMaterial | undefined;
  /** The login that was given for the scan. */
  readonly credentials?: Credentials | undefined;
  /** Over what it may be sent; over anything unless told. */
  readonly credentialsOver?: CredentialsOver | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** An accepted connection. Its turn at the gate is given back when the socket closes. */
export interface OpenConnection {
  readonly socket: Socket;
  readonly rttMs: number;
}

/** Attempts while this machine has no sockets left; nothing can be said about the target before. */
export const ATTEMPTS = 8;
export const PAUSE_MS = 100;
/** An unanswered dial is repeated no sooner than the kernel would have sent its second SYN (RFC 6298 §2). */
export const RETRY_AFTER_MS = 1000;

/**
 * Dials an endpoint: scope first, then the gate, then TCP. The only way from here to a target. A dial that
 * nobody answers is repeated once where that promises something.
 * @throws DialError; ScanError OUT_OF_SCOPE
 */
export async function openConnection(endpoint: Endpoint, context: StageContext): Promise<OpenConnection> {
  assertInScope(endpoint, context);
  const { health, gate, signal } = context;
  const isGivenUp = (): boolean => health?.isGivenUp(endpoint.address, endpoint.port) ?? false;
  try {
    return await dialInTurn(endpoint, context);
  } catch (thrown) {
    const failure = thrown instanceof DialError ? thrown.failure : undefined;
    if (failure === 'refused') gate.retries.noteAnswer();
    if (failure !== 'timeout' || isGivenUp() || !gate.retries.noteSilence()) throw thrown;
    await delay(RETRY_AFTER_MS, undefined, { signal });
    if (isGivenUp()) throw thrown;
  }
  return dialInTurn(endpoint, context);
}

async function dialInTurn(endpoint: Endpoint, context: StageContext): Promise<OpenConnection> {
  const { gate, health, connectTimeoutMs, signal } = context;
  for (let attempt = 1; ; attempt++) {
    const leave = await gate.enter(endpoint.address, signal);
    try {
      if (health?.isGivenUp(endpoint.address, endpoint.port)) throw new DialError('given-up', GIVEN_UP);
      const dialled = await dial(endpoint.address, endpoint.port, connectTimeoutMs, signal);
      health?.noteAnswer(endpoint.address, endpoint.port);
      gate.retries.noteAnswer();
      dialled.socket.once('close', leave);
      return dialled;
    } catch (thrown) {
      leave();
      noteHealth(endpoint, thrown, health);
      const isShort = thrown instanceof DialError && thrown.failure === 'no-resources';
      if (!isShort || attempt === ATTEMPTS) throw thrown;
      gate.shrink();
      await delay(PAUSE_MS * attempt, undefined, { signal });
    }
  }
}

function noteHealth({ address }: Endpoint, thrown: unknown, health: HostHealth | undefined): void {
  const failure = thrown instanceof DialError ? thrown.failure : undefined;
  if (failure === 'refused') health?.noteAnswer(address);
  else if (failure === 'timeout' || failure === 'unreachable') health?.noteSilence(address);
}

/**
 * The one question that precedes every connection, whichever thread opens it.
 * @throws ScanError OUT_OF_SCOPE
 */
export function assertInScope(
  { target, address }: Pick<Endpoint, 'target' | 'address'>,
  { scope, pinned }: Pick<StageContext, 'scope' | 'pinned'>,
): void {
  const ip = parseIp(address);
  // An endpoint may come from a message: that it bears a name which is in scope proves nothing.
  const isPinned = pinned?.get(target.toLowerCase())?.has(address) ?? false;
  if (ip && scope.allows(ip, isPinned ? target : undefined)) return;
  throw new ScanError('OUT_OF_SCOPE', { target: printable(target, 80), scope: scope.text });
}
