/** Reads forward; undefined where the bytes end too early. */
export class Cursor {
  at: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  unsigned(size: 1 | 2 | 4): number | undefined {
    if (this.at + size > this.#bytes.length) return undefined;
    const value = this.#bytes.readUIntBE(this.at, size);
    this.at += size;
    return value;
  }

  /** Variable Byte Integer of at most four bytes [MQTT-1.5.5-1]. */
  varint(): number | undefined {
    let value = 0;
    for (let i = 0; i < 4; i++) {
      const byte = this.unsigned(1);
      if (byte === undefined) return undefined;
      value += (byte & 127) * 128 ** i;
      if (byte < 128) return value;
    }
    return undefined;
  }

  text(): Buffer | undefined {
    const length = this.unsigned(2);
    if (length === undefined || this.at + length > this.#bytes.length) return undefined;
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.at);
  }
}
