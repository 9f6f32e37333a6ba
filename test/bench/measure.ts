import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What one run of something cost. */
export interface Cost {
  readonly ms: number;
  /** Processor time of all threads; on a machine that others use, too, it tells more than the time. */
  readonly cpuMs: number;
  /** Highest resident memory seen, in MB; sampled every 20 ms. */
  readonly peakRssMb: number;
  /** 99th percentile of the event loop's delay, in milliseconds. */
  readonly loopDelayP99Ms: number;
}

/** Runs something once and measures it. */
export async function measured(work: () => Promise<void>): Promise<Cost> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  let peak = 0;
  const sampler = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  delay.enable();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  try {
    await work();
  } finally {
    clearInterval(sampler);
    delay.disable();
  }
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    ms: Math.round(ms),
    cpuMs: Math.round((user + system) / 1000),
    peakRssMb: Math.round(Math.max(peak, process.memoryUsage.rss()) / 1e6),
    // The monitor reports the whole interval; its resolution is not a delay.
    loopDelayP99Ms: Math.max(0, Math.round(delay.percentile(99) / 1e6 - 5)),
  };
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Prints what something cost, and below it how others fared. */
export function print(
  what: string,
  { ms, cpuMs, peakRssMb, loopDelayP99Ms }: Cost,
  ...notes: string[]
): void {
  console.log(what);
  for (const line of [
    `${ms} ms (processor ${cpuMs} ms), RSS ${peakRssMb} MB, loop delay p99 ${loopDelayP99Ms} ms`,
    ...notes,
  ]) {
    console.log(`    ${line}`);
  }
}
