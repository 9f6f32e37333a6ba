import type { TlsMaterial, TlsResult } from '../../lib/model';
import type { Gate } from '../../lib/net';
import { inspectTls, type TlsOptions } from '../../lib/tls';
import { loopbackContext } from '../support/stage-context';

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
  const phaseTimeoutMs = how.phaseTimeoutMs ?? PHASE_MS;
  const context = loopbackContext({
    pinned: new Map([[target, new Set([address])]]),
    connectTimeoutMs: phaseTimeoutMs,
    phaseTimeoutMs,
    ...(how.gate && { gate: how.gate }),
    ...(how.signal && { signal: how.signal }),
    ...(tls && { tls }),
  });
  return inspectTls({ target, address, port, named: true }, { depth, expiryDays }, context);
}
