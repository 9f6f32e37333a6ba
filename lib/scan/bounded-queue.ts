/** Hands values from several producers to one consumer; producers wait while it is full. */
export class BoundedQueue<T> implements AsyncIterable<T> {
  readonly #limit: number;
  readonly #values: T[] = [];
  readonly #producers: (() => void)[] = [];
  #consumer: (() => void) | undefined;
  #ended = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Values that wait. */
  get size(): number {
    return this.#values.length;
  }

  /** Waits for room, then adds a value. After the end nobody waits: what is done already shall not be lost. */
  async push(value: T): Promise<void> {
    while (this.#values.length >= this.#limit && !this.#ended) {
      await new Promise<void>((resolve) => this.#producers.push(resolve));
    }
    this.#values.push(value);
    this.#consumer?.();
  }

  /** No more values will come; those that wait for room come at once. */
  end(): void {
    this.#ended = true;
    this.#consumer?.();
    for (const resolve of this.#producers.splice(0)) resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const value = this.#values.shift();
      if (value !== undefined) {
        // One place, one producer. Who finds his place taken waits again, and is woken by the next value.
        this.#producers.shift()?.();
        yield value;
      } else if (this.#ended) return;
      else await this.#arrival();
    }
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#consumer = () => {
        this.#consumer = undefined;
        resolve();
      };
    });
  }
}
