/** Work that waits, first come, first served. */
const waiting = new Set<() => void>();

/**
 * Runs work in a later round of the event loop, one piece per round. Whoever floods, and whatever is to be looked
 * at, each piece is a few milliseconds, and timers, deadlines of others and the stop come in between.
 */
export function takeTurn(work: () => void): void {
  waiting.add(work);
  if (waiting.size === 1) setImmediate(nextTurn);
}

/** Lets others have their turns first. */
export function turn(): Promise<void> {
  return new Promise((resolve) => takeTurn(resolve));
}

/** The work is wanted no more. */
export function giveTurnUp(work: () => void): void {
  waiting.delete(work);
}

function nextTurn(): void {
  const [work] = waiting;
  if (!work) return;
  waiting.delete(work);
  if (waiting.size > 0) setImmediate(nextTurn);
  work();
}
