import type { Duplex } from 'node:stream';
import { onStop } from '../model';
import { closeSoon, DISCONNECT, type Frame, FrameReader } from '../wire';

/** What came next. `garbage` is what no broker may send, or more than is taken. */
export type Heard = Frame | 'closed' | 'garbage' | 'silent';

/** Largest packet that is read; a version is told in a few words. */
const MAX_PACKET_BYTES = 4096;
/** Packets that wait to be looked at. */
const MAX_WAITING = 64;

/** A short exchange of packets on one connection: what is said, and what is heard, one packet after the other. */
export class Conversation {
  readonly #stream: Duplex;
  readonly #reader: FrameReader;
  readonly #waiting: Frame[] = [];
  #end: 'closed' | 'garbage' | undefined;
  #wake: (() => void) | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    this.#reader = new FrameReader(
      { limitOf: () => MAX_PACKET_BYTES, oversize: 'reject' },
      { frame: (frame) => this.#take(frame), skipped: () => undefined },
    );
    stream.on('data', (chunk: Buffer) => {
      if (this.#end) return;
      try {
        this.#reader.push(chunk);
      } catch {
        this.#finish('garbage');
      }
    });
    const onEnd = (): void => this.#finish('closed');
    stream.on('error', onEnd).on('end', onEnd).on('close', onEnd);
  }

  send(bytes: Buffer): void {
    if (!this.#end) this.#stream.write(bytes);
  }

  /**
   * Waits for the next packet.
   * @param deadline on the clock of `performance.now()`
   * @throws the signal's reason when it is aborted
   */
  async next(deadline: number, signal: AbortSignal): Promise<Heard> {
    if (this.#waiting.length === 0 && !this.#end) await this.#news(deadline, signal);
    signal.throwIfAborted();
    return this.#waiting.shift() ?? this.#end ?? 'silent';
  }

  /** Takes leave with DISCONNECT and closes. */
  leave(): void {
    if (!this.#end) this.#stream.end(DISCONNECT);
    closeSoon(this.#stream);
  }

  /** Closes without a word, as fits where no session was established. */
  drop(): void {
    this.#stream.destroy();
  }

  #news(deadline: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(timer);
        stopWaiting();
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(settle, Math.max(0, deadline - performance.now()));
      const stopWaiting = onStop(signal, settle);
      this.#wake = settle;
      if (signal.aborted) settle();
    });
  }

  #take(frame: Frame): void {
    if (this.#waiting.push(frame) > MAX_WAITING) this.#finish('garbage');
    this.#wake?.();
  }

  #finish(end: 'closed' | 'garbage'): void {
    this.#end ??= end;
    // A flood is neither taken apart nor read any further.
    this.#reader.end();
    if (end === 'garbage') this.#stream.destroy();
    this.#wake?.();
  }
}
