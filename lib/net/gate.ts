import { onStop } from '../model';
import { DialError } from './dial';
import { type Admission, type GateLimits, hostCounter, Pace } from './pace';
import { RetryAdvice } from './retry-advice';

/** While somebody waits for the rate, or for room that another thread may make, this is how often it is looked. */
const SLICE_MS = 10;

interface Waiting {
  readonly host: number;
  readonly enter: () => void;
}

/**
 * Paces connections: how many at once, how many a second, how many to one host. One gate serves all scans of
 * a profile, so that two scans at once are no less polite than one.
 */
export class Gate {
  /** What the dials so far say about trying again. */
  readonly retries = new RetryAdvice();
  /** The numbers that hold for all threads together. */
  readonly pace: Pace;
  #timer: NodeJS.Timeout | undefined;
  readonly #waiting = new Set<Waiting>();

  constructor(limits: GateLimits) {
    this.pace = Pace.of(limits);
  }

  /** The configured window. */
  get limit(): number {
    return this.pace.limit;
  }

  /** The present window; smaller than configured after the machine ran out of sockets. */
  get window(): number {
    return this.pace.window;
  }

  /** Halves the window: the operating system said that it has no more sockets (EMFILE and its kin). */
  shrink(): void {
    this.pace.shrink();
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
        if (this.#waiting.size === 0) this.pace.wanted = 0;
        reject(new DialError('aborted', 'stopped'));
      };
      const host = hostCounter(address);
      const waiting: Waiting = {
        host,
        enter: () => {
          stopWaiting();
          resolve(this.#leaveOnce(host));
        },
      };
      const stopWaiting = onStop(signal, onAbort);
      this.#waiting.add(waiting);
      this.#admit();
    });
  }

  #leaveOnce(host: number): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.pace.leave(host);
      this.#admit();
    };
  }

  #admit(): void {
    let busy = 0;
    let last: Admission | undefined;
    for (const waiting of this.#waiting) {
      last = this.pace.enter(waiting.host);
      if (last === 'full' || last === 'too-soon') break;
      if (last === 'host-busy') busy++;
      else {
        this.#waiting.delete(waiting);
        waiting.enter();
      }
    }
    const isHeldUp = last === 'full' || last === 'too-soon';
    // Those who wait for their own host do not keep a sweep waiting.
    this.pace.wanted = isHeldUp ? this.#waiting.size - busy : 0;
    this.#wakeLater(last === 'too-soon');
  }

  /** Room in the window and at a host is announced by whoever leaves, if it is in this thread. */
  #wakeLater(isTooSoon: boolean): void {
    if (this.#timer || this.#waiting.size === 0 || !(isTooSoon || this.pace.isShared)) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#admit();
    }, SLICE_MS);
  }
}
