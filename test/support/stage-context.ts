import { systemClock } from '../../lib/model';
import { Gate, Scope, type StageContext } from '../../lib/net';

/** What a stage is given when it works on this machine, fast and for as long as the process lives. */
export function loopbackContext(parts: Partial<StageContext> = {}): StageContext {
  return {
    scope: Scope.parse('loopback'),
    gate: new Gate({ window: 100, rate: 1_000_000 }),
    connectTimeoutMs: 1000,
    phaseTimeoutMs: 5000,
    clock: systemClock,
    signal: new AbortController().signal,
    ...parts,
  };
}
