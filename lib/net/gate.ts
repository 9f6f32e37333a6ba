import { onStop } from '../model';
import { DialError } from './dial';
import { RetryAdvice } from './retry-advice';

export interface GateLimits {
  /** Connection attempts and open connections at any moment, together. */
  readonly window: number;
  /** New connections a second. */
  readonly rate: number;
}

/** Connections to one address at any moment; embedded brokers allow few. */
const PER_HOST = 2;
/** Tokens are handed out at least this often while somebody waits for one. */
const SLICE_MS = 10;
/** No more than this is saved up: a pause must not be followed by a burst. */
const SAVED_MS = 50;

interface Waiting {
  readonly address: string;
  readonly enter: () => void;
}

/**
 * Paces connections: how many at once, how many a second, how many to one host. One gate serves all scans of
 * a profile, so that two scans at once are no less polite than one.
 */
export class Gate {
  /** What the dials so far say about trying again. */
  readonly retries = new RetryAdvice();
  readonly #limits: GateLimits;
  #window: number;
  #open = 0;
  #tokens = 0;
  #refilledAt = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #perHost = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();

  constructor(limits: GateLimits) {
    this.#limits = limits;
    this.#window = limits.window;
  }

  /** The configured window. */
  get limit(): number {
    return this.#limits.window;
  }

  /** The present window; smaller than configured after the machine ran out of sockets. */
  get window(): number {
    return this.#window;
  }

  /** Halves the window: the operating system said that it has no more sockets (EMFILE and its kin). */
  shrink(): void {
    this.#window = Math.max(1, Math.floor(this.#window / 2));
  }

  /**
   * Waits for a turn.
   * @returns gives the turn back; further calls do nothing
   * @throws DialError `aborted`
   */
  enter(address: string, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(new DialError('aborted', 'stopped'));
      const onAbort = (): void => {
        this.#waiting.delete(waiting);
        reject(new DialError('aborted', 'stopped'));
      };
      const waiting: Waiting = {
        address,
        enter: () => {
          stopWaiting();
          resolve(this.#leaveOnce(address));
        },
      };
      const stopWaiting = onStop(signal, onAbort);
      this.#waiting.add(waiting);
      this.#admit();
    });
  }

  #leaveOnce(address: string): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#open--;
      const others = (this.#perHost.get(address) ?? 1) - 1;
      if (others === 0) this.#perHost.delete(address);
      else this.#perHost.set(address, others);
      if (this.#open === 0) this.#window = this.#limits.window;
      this.#admit();
    };
  }

  #admit(): void {
    this.#refill();
    for (const waiting of this.#waiting) {
      if (this.#open >= this.#window || this.#tokens < 1) break;
      const host = this.#perHost.get(waiting.address) ?? 0;
      if (host >= PER_HOST) continue;
      this.#waiting.delete(waiting);
      this.#perHost.set(waiting.address, host + 1);
      this.#open++;
      this.#tokens--;
      waiting.enter();
    }
    this.#wakeLater();
  }

  #refill(): void {
    const now = performance.now();
    const earned = ((now - this.#refilledAt) * this.#limits.rate) / 1000;
    this.#tokens = Math.min(this.#tokens + earned, Math.max(1, (this.#limits.rate * SAVED_MS) / 1000));
    this.#refilledAt = now;
  }

  /** Only a lack of tokens needs a timer; room in the window and at a host is announced by whoever leaves. */
  #wakeLater(): void {
    if (this.#timer || this.#waiting.size === 0 || this.#tokens >= 1) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#admit();
    }, SLICE_MS);
  }
}
