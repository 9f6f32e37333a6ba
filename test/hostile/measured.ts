import { BEHAVIOURS } from './behaviours';
import { ONE, type Pace, type Row, SEVERAL } from './row';

/** Pairs of a scanner and a hostile broker that work side by side, each on its share of the behaviours. */
export const SHARES = 2;

export function rowsOf(share: number): (readonly [string, Row])[] {
  return [...BEHAVIOURS].filter((_, i) => i % SHARES === share);
}

/** @param patience 1, or more on a machine that has turned out to be busy: all times are so many times as long */
export function paceOf(count: number, patience: number): Pace {
  const { connectMs, phaseMs, listenMs, workMs } = count === 1 ? ONE : SEVERAL;
  return {
    connectMs: connectMs * patience,
    phaseMs: phaseMs * patience,
    listenMs: listenMs * patience,
    workMs: workMs * patience,
  };
}

/** Targets of the second run of each behaviour. */
export const MANY = 200;

/** What one scan of one behaviour came to. */
export interface Measured {
  readonly name: string;
  readonly count: number;
  /** See `paceOf`. */
  readonly patience: number;
  readonly elapsedMs: number;
  /** Endpoints by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Reports in which the expected evidence is missing. */
  readonly withoutEvidence: number;
  /** One report, shortened; one without the evidence if there is any. */
  readonly sample: string;
  readonly error?: string;
  /** Above what the process had before its first scan. */
  readonly rssGrowthMb: number;
  readonly heapMb: number;
  /** How long the event loop was kept busy in one go; 99th percentile. */
  readonly loopDelayMs: number;
  /** What was still open when the scan was over. */
  readonly handles: readonly string[];
  /** Rejections that nobody handled, and warnings of Node.js. */
  readonly unexpected: readonly string[];
}
