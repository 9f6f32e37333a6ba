import { Duplex } from 'node:stream';
import { giveTurnUp, takeTurn } from './turns';

/**
 * A turn costs a few milliseconds at worst: 4 KB of the smallest packets. Whole chunks of 64 KB, several of them
 * from each of dozens of flooding peers, would stop everything else for seconds, deadlines of honest peers included.
 */
export const TURN_BYTES = 4 * 1024;
const EMPTY = Buffer.alloc(0);

/**
 * Passes on what a socket brings in bounded pieces, taking turns with all other streams of its kind. Whoever
 * reads it looks at no more than a piece before the event loop gets on.
 */
export class PacedStream extends Duplex {
  /** Bytes of the next turn. */
  protected turnBytes = TURN_BYTES;
  readonly #socket: Duplex;
  /** Bytes that wait for a turn; nothing is read meanwhile. */
  #pending: Buffer = EMPTY;
  /** What to do once they are through: a socket may end and close behind its last bytes although it is paused. */
  #endings: (() => void)[] = [];

  constructor(socket: Duplex) {
    super();
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('end', () => this.#behindPending(() => this.push(null)));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.#behindPending(() => this.destroy()));
  }

  override _read(): void {
    if (this.#pending.length > 0) takeTurn(this.#turn);
    else this.#socket.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#socket.write(chunk, encoding, callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#socket.end(callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    giveTurnUp(this.#turn);
    this.#socket.destroy();
    callback(error);
  }

  /** Passes on the bytes of a turn. False when the reader does not want more for now; it calls `_read` then. */
  protected pass(bytes: Buffer): boolean {
    return this.push(bytes);
  }

  #receive(chunk: Buffer): void {
    if (this.destroyed) return;
    this.#socket.pause();
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    takeTurn(this.#turn);
  }

  #behindPending(end: () => void): void {
    if (this.#pending.length === 0) end();
    else this.#endings.push(end);
  }

  readonly #turn = (): void => {
    const bytes = this.#pending.subarray(0, this.turnBytes);
    this.#pending = this.#pending.subarray(bytes.length);
    const wantsMore = this.pass(bytes);
    if (this.#pending.length === 0) for (const end of this.#endings.splice(0)) end();
    if (wantsMore && !this.destroyed) this._read();
  };
}
