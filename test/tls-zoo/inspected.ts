import { systemClock, type TlsMaterial, type TlsResult } from '../../lib/model';
import { Gate, Scope, type StageContext } from '../../lib/net';
import { inspectTls, type TlsOptions } from '../../lib/tls';

export const PHASE_MS = 5000;

export interface How extends Partial<TlsOptions> {
  readonly target?: string;
  readonly address?: string;
  readonly tls?: TlsMaterial;
  readonly phaseTimeoutMs?: number;
  readonly gate?: Gate;
  readonly signal?: AbortSignal;
}

/** What an inspection says of a server on this machine. */
export function inspected(port: number, how: How = {}): Promise<TlsResult> {
  const { address = '127.0.0.1', target = address, tls, depth = 'full', expiryDays = 30 } = how;
  const context: StageContext = {
    scope: Scope.parse('loopback'),
    pinned: new Map([[target, new Set([address])]]),
    gate: how.gate ?? new Gate({ window: 500, rate: 100_000 }),
    connectTimeoutMs: how.phaseTimeoutMs ?? PHASE_MS,
    phaseTimeoutMs: how.phaseTimeoutMs ?? PHASE_MS,
    clock: systemClock,
    signal: how.signal ?? new AbortController().signal,
    ...(tls && { tls }),
  };
  return inspectTls({ target, address, port, named: true }, { depth, expiryDays }, context);
}
