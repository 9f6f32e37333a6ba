/** Counts endpoints that later stages are still working on, and holds discovery back when they are many. */
export class Backlog {
  readonly #limit: number;
  #count = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isBusy(): boolean {
    return this.#count > 0;
  }

  enter(): void {
    this.#count++;
  }

  leave(): void {
    this.#count--;
    while (this.#count < this.#limit && this.#waiting.length > 0) this.#waiting.shift()?.();
  }

  /** Resolves once there is room; at once when there is. `release()` lets everybody through. */
  room(): Promise<void> {
    if (this.#count < this.#limit) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
