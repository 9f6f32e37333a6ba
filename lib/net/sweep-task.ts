import type { PinnedNames } from './connector';
import type { DialFailure } from './dial';
import type { PaceShare } from './pace';
import type { SpaceDescription } from './target-space';

/** Which endpoints behind which nothing listens are told one by one; the others are only counted. */
export type TellClosed = 'none' | 'named' | 'all';

/** What a sweeping thread is given. It can be sent to another thread as it is. */
export interface SweepTask {
  readonly space: SpaceDescription;
  /** The texts of the scope, the widest first. */
  readonly scope: readonly string[];
  readonly pinned: PinnedNames;
  readonly pace: PaceShare;
  readonly connectTimeoutMs: number;
  readonly tellClosed: TellClosed;
  /** What the threads of one sweep have in common. */
  readonly common: SharedArrayBuffer;
  /** The hosts to which this thread has connections; what is left in it when the thread ends is given back. */
  readonly seats: SharedArrayBuffer;
}

/** Endpoints that share an end. Positions are those of the target space. */
export interface SweptFailures {
  readonly failure: DialFailure;
  readonly reason: string;
  readonly positions: readonly number[];
}

/** What a thread has found out since it last told. */
export interface SweepBatch {
  /** Endpoints that did not accept, told one by one or not. */
  readonly closed: number;
  /** Endpoints that were not to be visited. */
  readonly passedOver: number;
  /** Endpoints that were left out because their host was given up. */
  readonly givenUp: number;
  /** Endpoints that accepted a connection, and the few about which only a full probe can say something. */
  readonly found: readonly number[];
  readonly failures: readonly SweptFailures[];
}

/** Positions that a thread takes at a time. */
const PORTION = 64;
const BYTES = 16;

const RUNNING = 0;
const HELD = 1;
const STOPPED = 2;

/** The numbers that the threads of one sweep have in common: how far they are, and whether they shall pause or end. */
export class SweepCommon {
  readonly #next: BigInt64Array;
  readonly #state: Int32Array;
  readonly #missing: Int32Array;

  constructor(readonly memory: SharedArrayBuffer) {
    this.#next = new BigInt64Array(memory, 0, 1);
    this.#state = new Int32Array(memory, 8, 1);
    this.#missing = new Int32Array(memory, 12, 1);
  }

  static for(threads: number): SweepCommon {
    const common = new SweepCommon(new SharedArrayBuffer(BYTES));
    common.#missing[0] = threads;
    return common;
  }

  /** Notes that a thread has loaded what it needs: where descriptors are few, it could not once others connect. */
  arrive(): void {
    Atomics.sub(this.#missing, 0, 1);
  }

  /** True when all threads are there, and nobody has paused or ended the sweep. */
  get isRunning(): boolean {
    return Atomics.load(this.#state, 0) === RUNNING && Atomics.load(this.#missing, 0) === 0;
  }

  get isStopped(): boolean {
    return Atomics.load(this.#state, 0) === STOPPED;
  }

  /** Pauses while later stages have enough to do, and goes on. A sweep that was stopped does neither. */
  hold(isHeld: boolean): void {
    const [from, to] = isHeld ? [RUNNING, HELD] : [HELD, RUNNING];
    Atomics.compareExchange(this.#state, 0, from, to);
  }

  stop(): void {
    Atomics.store(this.#state, 0, STOPPED);
  }

  /** Takes the next positions below `size`; nobody else gets them. Undefined at the end. */
  take(size: number): { readonly from: number; readonly to: number } | undefined {
    const from = Number(Atomics.add(this.#next, 0, BigInt(PORTION)));
    return from < size ? { from, to: Math.min(size, from + PORTION) } : undefined;
  }
}
