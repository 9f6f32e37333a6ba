import { type Measured, paceOf } from './measured';
import { deadlineMs, type Row } from './row';

/**
 * What a scan may take, with one target and with many. Half of the memory for one target is what V8 collects late:
 * strings of 64 KB are freed by full collections only.
 */
const LIMITS = {
  one: { rssGrowthMb: 64, heapMb: 256, loopDelayMs: 100 },
  many: { rssGrowthMb: 200, heapMb: 256, loopDelayMs: 250 },
} as const;

/** The bounds that a scan has broken, in words. */
export function excesses({ deadline, names }: Row, measured: Measured): string[] {
  const { count, patience } = measured;
  const pace = paceOf(count, patience);
  const limits = {
    ...(count === 1 ? LIMITS.one : LIMITS.many),
    elapsedMs: Math.round(deadlineMs(deadline, count, pace) * 1.1 + pace.workMs * (names?.addresses ?? 1)),
  };
  const quantities = ['elapsedMs', 'rssGrowthMb', 'heapMb', 'loopDelayMs'] as const;
  return quantities
    .filter((quantity) => measured[quantity] > limits[quantity])
    .map((quantity) => `${quantity} is ${measured[quantity]}, not at most ${limits[quantity]}`);
}
