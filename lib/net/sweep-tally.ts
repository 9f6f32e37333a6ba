import type { DialFailure } from './dial';
import type { SweepBatch } from './sweep-task';

/** Collects what a sweep finds out between two messages. */
export class SweepTally {
  closed = 0;
  passedOver = 0;
  givenUp = 0;
  found: number[] = [];
  #failures = new Map<string, { readonly failure: DialFailure; readonly positions: number[] }>();

  /** Notes an endpoint that did not accept; `position` only when it is to be told by itself. */
  noteClosed(failure: DialFailure, reason: string, position: number | undefined): void {
    this.closed++;
    if (position === undefined) return;
    const alike = this.#failures.get(reason) ?? { failure, positions: [] };
    this.#failures.set(reason, alike);
    alike.positions.push(position);
  }

  /** What was noted since the last time; undefined when it is nothing. */
  take(): SweepBatch | undefined {
    const { closed, passedOver, givenUp, found } = this;
    if (closed + passedOver + givenUp + found.length === 0) return undefined;
    const failures = [...this.#failures].map(([reason, alike]) => ({ reason, ...alike }));
    this.closed = this.passedOver = this.givenUp = 0;
    this.found = [];
    this.#failures = new Map();
    return { closed, passedOver, givenUp, found, failures };
  }
}
