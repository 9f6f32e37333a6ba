import { FROM_SERVER } from './packet-types';
import { WireError } from './wire-error';

/** One whole control packet. `bytes` starts with the fixed header. */
export interface Frame {
  readonly type: number;
  /** Low four bits of the first byte. */
  readonly flags: number;
  readonly bytes: Buffer;
  /** Where the variable header starts in `bytes`. */
  readonly bodyAt: number;
}

export interface FrameRules {
  /** Largest body in bytes of a packet of this type; decides before a byte of the body is kept. */
  readonly limitOf: (type: number) => number;
  /** What to do with a larger one: pass over its bytes without keeping them, or give up the connection. */
  readonly oversize: 'skip' | 'reject';
}

export interface FrameSink {
  frame(frame: Frame): void;
  /** A packet was passed over; `length` is what its header announced. */
  skipped(type: number, length: number): void;
}

/** The Remaining Length has at most four bytes (3.1.1 §2.2.3). */
const MAX_LENGTH_BYTES = 4;

/**
 * Cuts a byte stream into control packets. It keeps at most one packet, never more bytes than the limit of
 * its type, however the stream is chopped up.
 */
export class FrameReader {
  readonly #rules: FrameRules;
  readonly #sink: FrameSink;
  /** The unfinished packet: its bytes so far. */
  #partial: Buffer[] = [];
  #partialBytes = 0;
  /** Bytes that the unfinished packet needs in all; 0 while its header is incomplete. */
  #needed = 0;
  #toSkip = 0;
  #ended = false;

  constructor(rules: FrameRules, sink: FrameSink) {
    this.#rules = rules;
    this.#sink = sink;
  }

  /**
   * Takes the next bytes of the stream and hands over every packet that they complete.
   * @throws WireError; the reader must not be used afterwards
   */
  push(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0 && !this.#ended) {
      if (this.#toSkip > 0) {
        const passed = Math.min(this.#toSkip, rest.length);
        this.#toSkip -= passed;
        rest = rest.subarray(passed);
      } else if (this.#partialBytes === 0) rest = this.#readWhole(rest);
      else rest = this.#continuePartial(rest);
    }
  }

  /** Bytes of the unfinished packet that are kept at present. */
  get kept(): number {
    return this.#partialBytes;
  }

  /** Nothing more is wanted, not even of the chunk at hand: a flood of packets is not taken apart for nobody. */
  end(): void {
    this.#ended = true;
    this.#reset();
  }

  /** Fast path: packets that lie whole in the chunk are handed over without a copy. */
  #readWhole(chunk: Buffer): Buffer {
    const header = readHeader(chunk);
    if (!header) return this.#keep(chunk, 0);
    const total = header.bodyAt + header.length;
    if (this.#isOversize(header)) return this.#skip(header, chunk);
    if (chunk.length < total) return this.#keep(chunk, total);
    this.#emit(chunk.subarray(0, total), header.bodyAt);
    return chunk.subarray(total);
  }

  #continuePartial(chunk: Buffer): Buffer {
    if (this.#needed === 0) {
      // The header itself was cut; it is at most five bytes, so joining costs nothing.
      const joined = Buffer.concat([...this.#partial, chunk]);
      this.#reset();
      return this.#readWhole(joined);
    }
    const missing = this.#needed - this.#partialBytes;
    if (chunk.length < missing) return this.#keep(chunk, this.#needed);
    const bytes = Buffer.concat([...this.#partial, chunk.subarray(0, missing)]);
    this.#reset();
    this.#emit(bytes, readHeader(bytes)?.bodyAt ?? 0);
    return chunk.subarray(missing);
  }

  #keep(chunk: Buffer, needed: number): Buffer {
    // A peer that drips single bytes would grow the list faster than the packet: join it now and then.
    if (this.#partial.length >= 64) this.#partial = [Buffer.concat(this.#partial)];
    this.#partial.push(chunk);
    this.#partialBytes += chunk.length;
    this.#needed = needed;
    return EMPTY;
  }

  #reset(): void {
    this.#partial = [];
    this.#partialBytes = 0;
    this.#needed = 0;
  }

  #isOversize(header: Header): boolean {
    return header.length > this.#rules.limitOf(header.type);
  }

  #skip(header: Header, chunk: Buffer): Buffer {
    if (this.#rules.oversize === 'reject') {
      throw new WireError('oversize', `packet type ${header.type} announces ${header.length} bytes`);
    }
    this.#sink.skipped(header.type, header.length);
    this.#toSkip = header.length;
    return chunk.subarray(header.bodyAt);
  }

  #emit(bytes: Buffer, bodyAt: number): void {
    const first = bytes[0] ?? 0;
    this.#sink.frame({ type: first >> 4, flags: first & 15, bytes, bodyAt });
  }
}

const EMPTY = Buffer.alloc(0);

interface Header {
  readonly type: number;
  readonly length: number;
  readonly bodyAt: number;
}

/** Reads the fixed header; undefined while it is incomplete. @throws WireError */
function readHeader(bytes: Buffer): Header | undefined {
  const type = (bytes[0] ?? 0) >> 4;
  if (!FROM_SERVER.has(type)) {
    throw new WireError('forbidden-packet-type', `a server does not send packet type ${type}`);
  }
  let length = 0;
  for (let i = 0; i < MAX_LENGTH_BYTES; i++) {
    const byte = bytes[i + 1];
    if (byte === undefined) return undefined;
    length += (byte & 127) * 128 ** i;
    if (byte < 128) return { type, length, bodyAt: i + 2 };
  }
  throw new WireError('malformed-length', 'the Remaining Length has more than four bytes');
}
