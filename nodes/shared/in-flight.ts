/** Work in progress per scan, so that the closing message of a scan can wait for it. */
export class InFlight {
  readonly #work = new Map<string, Set<Promise<unknown>>>();

  track(scanId: string, work: Promise<unknown>): void {
    const known = this.#work.get(scanId) ?? new Set();
    this.#work.set(scanId, known);
    known.add(work);
    const forget = (): void => {
      known.delete(work);
      if (known.size === 0 && this.#work.get(scanId) === known) this.#work.delete(scanId);
    };
    work.then(forget, forget);
  }

  /** Resolves when all work of a scan that is known now has ended, well or not. */
  async idle(scanId: string): Promise<void> {
    await Promise.allSettled(this.#work.get(scanId) ?? []);
  }
}
