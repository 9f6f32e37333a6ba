import { createHistogram } from 'node:perf_hooks';

/**
 * How long the event loop is kept busy in one go: how late a timer is, as far as this process was at work meanwhile.
 * When another program had the processor, the timer is late too, and that says nothing about us.
 */
export class LoopSampler {
  readonly #histogram = createHistogram();
  readonly #timer: NodeJS.Timeout;
  readonly #intervalMs: number;
  #at = performance.now();
  #cpu = process.cpuUsage();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
    this.#timer = setInterval(() => this.#sample(), intervalMs).unref();
  }

  /** @returns the 99th percentile in milliseconds */
  stop(): number {
    clearInterval(this.#timer);
    this.#sample();
    return this.#histogram.percentile(99) / 1000;
  }

  #sample(): void {
    const { user, system } = process.cpuUsage(this.#cpu);
    const lateUs = (performance.now() - this.#at - this.#intervalMs) * 1000;
    // A histogram counts from 1 on.
    this.#histogram.record(Math.max(1, Math.round(Math.min(lateUs, user + system))));
    this.#at = performance.now();
    this.#cpu = process.cpuUsage();
  }
}
