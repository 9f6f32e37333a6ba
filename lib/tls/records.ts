import { MalformedError } from './reader';

/** Record types (RFC 8446 §5.1). */
export const RECORD = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

export interface TlsRecord {
  readonly type: number;
  readonly body: Buffer;
  /** The five bytes in front, which TLS 1.3 authenticates (RFC 8446 §5.2). */
  readonly header: Buffer;
}

const HEADER_BYTES = 5;
/** 2^14, and 2048 for what encryption adds (RFC 5246 §6.2.3). */
const MAX_RECORD_BYTES = 16_384 + 2048;

/** A peer that sends byte by byte must not fill memory with the objects around the bytes. */
const MAX_PIECES = 64;

/** Cuts the bytes of a peer into records, in any chunking. */
export class RecordReader {
  #pending: Buffer[] = [];
  #length = 0;

  /**
   * Takes bytes, and hands out the records that are complete.
   * @throws MalformedError at the first header that is none
   */
  push(chunk: Buffer): TlsRecord[] {
    this.#pending.push(chunk);
    this.#length += chunk.length;
    if (this.#pending.length > MAX_PIECES) this.#joined();
    const records: TlsRecord[] = [];
    for (;;) {
      const needed = this.#nextLength();
      if (needed === undefined || this.#length < needed) return records;
      const bytes = this.#joined();
      this.#pending = [bytes.subarray(needed)];
      this.#length -= needed;
      const header = bytes.subarray(0, HEADER_BYTES);
      records.push({ type: header.readUInt8(), header, body: bytes.subarray(HEADER_BYTES, needed) });
    }
  }

  /** Bytes of the next record with its header; undefined while the header is not there. */
  #nextLength(): number | undefined {
    if (this.#length < HEADER_BYTES) {
      // One wrong byte is enough to know.
      if (this.#length > 0) assertType(this.#pending.find((part) => part.length > 0)?.readUInt8() ?? 0);
      return undefined;
    }
    const [first] = this.#pending;
    const bytes = first && first.length >= HEADER_BYTES ? first : this.#joined();
    assertType(bytes.readUInt8());
    if (bytes.readUInt8(1) !== 3) throw new MalformedError('the version of a record is not one of TLS');
    const length = bytes.readUInt16BE(3);
    if (length > MAX_RECORD_BYTES) throw new MalformedError(`a record of ${length} bytes`);
    return HEADER_BYTES + length;
  }

  #joined(): Buffer {
    const [first] = this.#pending;
    const bytes = this.#pending.length === 1 && first ? first : Buffer.concat(this.#pending);
    this.#pending = [bytes];
    return bytes;
  }
}

function assertType(type: number): void {
  if (type < RECORD.changeCipherSpec || type > RECORD.applicationData) {
    throw new MalformedError('what came is no TLS record');
  }
}
