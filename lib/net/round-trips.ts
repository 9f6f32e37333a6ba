import { forgetFirst } from './forget-first';
import { parseIp } from './ip';

/** Fewer samples than this say nothing about a network. */
const ENOUGH = 8;
/** No time-out is shorter: a device that wakes up, or a busy one, takes this long now and then. */
const FLOOR_MS = 200;
/** Networks that are remembered; the one that was met first is forgotten first. */
const MAX_NETWORKS = 4096;

interface Estimate {
  smoothedMs: number;
  variationMs: number;
  samples: number;
}

/**
 * How long to wait for an answer, learned from the answers of the same network (/24, or /64 of IPv6): smoothed
 * round trip plus four times its variation (RFC 6298 §2.3).
 */
export class RoundTrips {
  readonly #estimates = new Map<string, Estimate>();

  /** Notes how long somebody took to accept or to refuse a connection, in milliseconds. */
  note(address: string, ms: number): void {
    const network = networkOf(address);
    const known = this.#estimates.get(network);
    if (known) {
      known.variationMs += (Math.abs(ms - known.smoothedMs) - known.variationMs) / 4;
      known.smoothedMs += (ms - known.smoothedMs) / 8;
      known.samples++;
      return;
    }
    this.#estimates.set(network, { smoothedMs: ms, variationMs: ms / 2, samples: 1 });
    forgetFirst(this.#estimates, MAX_NETWORKS);
  }

  /** The time-out for a connection to an address: `mostMs` until its network is known, never more. */
  timeoutMs(address: string, mostMs: number): number {
    const known = this.#estimates.get(networkOf(address));
    if (!known || known.samples < ENOUGH) return mostMs;
    return Math.min(mostMs, Math.max(FLOOR_MS, known.smoothedMs + 4 * known.variationMs));
  }
}

function networkOf(address: string): string {
  const lastDot = address.lastIndexOf('.');
  const isIpv4 = lastDot > 0 && !address.includes(':');
  return isIpv4 ? address.slice(0, lastDot) : String((parseIp(address)?.value ?? 0n) >> 64n);
}
