import { setImmediate } from 'node:timers/promises';

/** Longest stretch of work in milliseconds before others get their turn. */
const SLICE_MS = 8;

/** Cuts long work into slices, so that a big report does not hold up the rest of the process. */
export class TimeSlices {
  #sliceStart = performance.now();

  constructor(private readonly signal?: AbortSignal) {}

  /** Call between two steps of the work; throws the signal's reason once it is aborted. */
  async step(): Promise<void> {
    this.signal?.throwIfAborted();
    if (performance.now() - this.#sliceStart < SLICE_MS) return;
    await setImmediate();
    this.signal?.throwIfAborted();
    this.#sliceStart = performance.now();
  }
}
