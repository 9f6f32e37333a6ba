import { availableParallelism } from 'node:os';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { onStop } from '../model';
import type { PinnedNames } from './connector';
import type { Gate } from './gate';
import type { Scope } from './scope';
import { type SweepBatch, SweepCommon, type SweepTask, type TellClosed } from './sweep-task';
import type { TargetSpace } from './target-space';

/** Below this many endpoints a thread costs more than it saves. */
const THREAD_FROM = 256;
/** From here on a second thread is worth its memory; more than two would only wait for the kernel. */
const SECOND_THREAD_FROM = 4096;

/** A thread sees thousands of short-lived sockets; a small nursery keeps them from piling up (MB). */
const NURSERY_MB = 8;

/** A thread that was told to stop ends within two of its ticks; one that does not is ended. */
const STOP_MS = 300;

export interface SweepOptions {
  readonly space: TargetSpace;
  readonly scope: Scope;
  readonly pinned?: PinnedNames | undefined;
  readonly gate: Gate;
  readonly connectTimeoutMs: number;
  readonly tellClosed: TellClosed;
  readonly signal: AbortSignal;
}

/** True for a space that is better swept for open ports first, and then probed where something answers. */
export function isWorthSweeping({ size }: TargetSpace): boolean {
  return size >= THREAD_FROM;
}

/** Finds the endpoints of a space that accept connections, in threads of its own, within the limits of a gate. */
export class Sweep {
  readonly #options: SweepOptions;
  readonly #threads: number;
  readonly #common: SweepCommon;

  constructor(options: SweepOptions) {
    this.#options = options;
    this.#threads = options.space.size < SECOND_THREAD_FROM ? 1 : Math.min(2, availableParallelism());
    this.#common = SweepCommon.for(this.#threads);
  }

  /** Holds the sweep back while later stages have enough to do. What is under way is still told. */
  hold(isHeld: boolean): void {
    this.#common.hold(isHeld);
  }

  /**
   * Sweeps the whole space, or until the signal is aborted. Every thread and every connection is gone when it is
   * over.
   * @throws what went wrong in a thread; the others are ended then
   */
  async run(onBatch: (batch: SweepBatch) => void): Promise<void> {
    const stop = new AbortController();
    const stopWaiting = onStop(this.#options.signal, () => stop.abort());
    if (this.#options.signal.aborted) stop.abort();
    const runs = Array.from({ length: this.#threads }, () => this.#runThread(onBatch, stop.signal));
    try {
      await Promise.all(runs);
    } finally {
      stop.abort();
      await Promise.allSettled(runs);
      stopWaiting();
    }
  }

  #runThread(onBatch: (batch: SweepBatch) => void, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    const { pace } = this.#options.gate;
    const seats = new Int32Array(new SharedArrayBuffer(pace.limit * Int32Array.BYTES_PER_ELEMENT));
    const worker = startWorker(this.#taskWith(seats.buffer));
    pace.countSharer(1);
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const stopWaiting = onStop(signal, () => {
        this.#common.stop();
        timer = setTimeout(() => void worker.terminate(), STOP_MS);
      });
      worker.on('message', (batch: SweepBatch) => {
        if (!signal.aborted) onBatch(batch);
      });
      worker.once('error', reject);
      worker.once('exit', () => {
        clearTimeout(timer);
        stopWaiting();
        pace.countSharer(-1);
        // A thread that had to be ended had no time to leave.
        for (const seat of seats) if (seat > 0) pace.leave(seat - 1);
        resolve();
      });
    });
  }

  #taskWith(seats: SharedArrayBuffer): SweepTask {
    const { space, scope, pinned, gate, connectTimeoutMs, tellClosed } = this.#options;
    return {
      space: space.description,
      scope: scope.texts,
      pinned: pinned ?? new Map(),
      pace: gate.pace.share,
      connectTimeoutMs,
      tellClosed,
      common: this.#common.memory,
      seats,
    };
  }
}

/** Starts the compiled thread; from source (tests, benchmarks), Node.js is first taught to read TypeScript. */
function startWorker(task: SweepTask): Worker {
  const extension = extname(__filename);
  const script = join(__dirname, `sweep-worker${extension}`);
  const options = {
    workerData: { task, script },
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: NURSERY_MB },
  };
  return extension === '.ts'
    ? new Worker(FROM_SOURCE, { ...options, eval: true })
    : new Worker(script, options);
}

const FROM_SOURCE =
  "require('tsx/cjs/api').register(); setImmediate(() => require(require('node:worker_threads').workerData.script));";
