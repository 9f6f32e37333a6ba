import type { Node, NodeStatus } from 'node-red';

/** At most two changes a second: the editor of every open browser redraws each of them. */
const MIN_INTERVAL_MS = 500;
/** Longer texts push nodes apart in the editor. */
const MAX_CHARS = 20;

/** A node's status line: bounded in length and in frequency, the newest always gets through. */
export class StatusLine {
  readonly #node: Node;
  #shownAt = 0;
  #pending: NodeStatus | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(node: Node) {
    this.#node = node;
  }

  working(text: string): void {
    this.#show({ fill: 'blue', shape: 'dot', text });
  }

  done(text: string): void {
    this.#show({ fill: 'green', shape: 'dot', text });
  }

  failed(text: string): void {
    this.#show({ fill: 'red', shape: 'ring', text });
  }

  /** Nothing more is shown afterwards. */
  close(): void {
    clearTimeout(this.#timer);
    this.#pending = undefined;
    this.#shownAt = Number.POSITIVE_INFINITY;
  }

  #show(status: { fill: 'blue' | 'green' | 'red'; shape: 'dot' | 'ring'; text: string }): void {
    const { text } = status;
    this.#pending = { ...status, text: text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS - 1)}…` : text };
    const wait = this.#shownAt + MIN_INTERVAL_MS - Date.now();
    if (wait <= 0) this.#flush();
    else if (Number.isFinite(wait)) this.#timer ??= setTimeout(() => this.#flush(), wait);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#pending) return;
    this.#node.status(this.#pending);
    this.#shownAt = Date.now();
    this.#pending = undefined;
  }
}
