/** Bytes of a peer that are not what they should be; the message says what is wrong. */
export class MalformedError extends Error {}

/** Reads numbers and vectors from bytes of a peer (RFC 8446 §3); never beyond their end. */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  /** @throws MalformedError when fewer bytes are left */
  take(length: number): Buffer {
    if (length > this.remaining) throw new MalformedError('a length goes beyond its message');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  u8(): number {
    return this.take(1).readUInt8();
  }

  u16(): number {
    return this.take(2).readUInt16BE();
  }

  u24(): number {
    return this.take(3).readUIntBE(0, 3);
  }

  /** Bytes with their length in front, in one, two or three bytes. */
  vector8(): Buffer {
    return this.take(this.u8());
  }

  vector16(): Buffer {
    return this.take(this.u16());
  }

  vector24(): Buffer {
    return this.take(this.u24());
  }
}
