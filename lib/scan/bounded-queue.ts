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

  /** Resolves when there is room for the next value, at once when there is. */
  push(value: T): Promise<void> {
    this.#values.push(value);
    this.#consumer?.();
    if (this.#values.length < this.#limit || this.#ended) return Promise.resolve();
    return new Promise((resolve) => this.#producers.push(resolve));
  }

  /** No more values will come, or none are wanted any more. */
  end(): void {
    this.#ended = true;
    this.#consumer?.();
    for (const resolve of this.#producers.splice(0)) resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (;;) {
      const value = this.#values.shift();
      if (value !== undefined) {
        if (this.#values.length < this.#limit) this.#producers.shift()?.();
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
