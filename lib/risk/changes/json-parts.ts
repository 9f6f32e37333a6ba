/** Characters of one value; an endpoint with thousands of topics has a few million. */
const MAX_VALUE_CHARS = 16 * 1024 * 1024;
const MAX_KEY_CHARS = 1024;

/** A file is no JSON object of the kind expected, or beyond its bounds. */
export class BrokenJson extends Error {
  override readonly name = 'BrokenJson';
}

/** A property of the outermost object, or an element of its list `listKey`. */
export interface JsonPart {
  readonly key: string;
  readonly text: string;
  readonly isElement: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Takes a JSON text apart as it is read: the properties of the outermost object, and the elements of one list one
 * by one. Only as much is kept as one value has, so a file of any size costs little memory, and each value is small
 * enough to be parsed without holding others up.
 */
export class JsonParts {
  readonly #listKey: string;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #key: string | undefined;
  #readsKey = false;
  #hasColon = false;
  #inList = false;
  #pieces: string[] = [];
  #chars = 0;

  constructor(listKey: string) {
    this.#listKey = listKey;
  }

  /** True when the outermost object has ended. */
  get isComplete(): boolean {
    return this.#depth === -1;
  }

  /** The parts that end in this piece of text. @throws BrokenJson */
  push(chunk: string): JsonPart[] {
    const parts: JsonPart[] = [];
    // Where the value that is being collected begins in this piece.
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const code = chunk.charCodeAt(i);
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (code === BACKSLASH) this.#escaped = true;
        else if (code === QUOTE) {
          this.#inString = false;
          if (this.#readsKey) {
            this.#keep(chunk.slice(start, i + 1), MAX_KEY_CHARS);
            this.#key = parseKey(this.#take());
            this.#readsKey = false;
          }
        }
        continue;
      }
      switch (code) {
        case QUOTE:
          this.#inString = true;
          if (this.#depth === 0) throw new BrokenJson('it is no object');
          if (this.#depth === 1 && this.#key === undefined) {
            this.#readsKey = true;
            start = i;
          }
          break;
        case 0x3a: // :
          if (this.#depth === 1 && this.#key !== undefined && !this.#hasColon) {
            this.#hasColon = true;
            start = i + 1;
          }
          break;
        case 0x7b: // {
        case 0x5b: // [
          if (this.#depth < 0 || (this.#depth === 0 && code === 0x5b))
            throw new BrokenJson('it is no object');
          this.#depth++;
          if (this.#depth === 2 && code === 0x5b && this.#hasColon && this.#key === this.#listKey) {
            this.#inList = true;
            this.#take();
            start = i + 1;
          }
          break;
        case 0x7d: // }
        case 0x5d: // ]
          if (this.#inList && this.#depth === 2) {
            this.#keep(chunk.slice(start, i));
            this.#endElement(parts);
            this.#inList = false;
            start = i + 1;
          } else if (this.#depth === 1) {
            this.#keep(chunk.slice(start, i));
            this.#endValue(parts);
            start = i + 1;
          }
          this.#depth--;
          if (this.#depth === 0) this.#depth = -1;
          else if (this.#depth < 0) throw new BrokenJson('it ends before its end');
          break;
        case 0x2c: // ,
          if (this.#inList && this.#depth === 2) {
            this.#keep(chunk.slice(start, i));
            this.#endElement(parts);
            start = i + 1;
          } else if (this.#depth === 1) {
            this.#keep(chunk.slice(start, i));
            this.#endValue(parts);
            start = i + 1;
          }
          break;
      }
    }
    if (this.#readsKey || this.#hasColon)
      this.#keep(chunk.slice(start), this.#readsKey ? MAX_KEY_CHARS : undefined);
    return parts;
  }

  #keep(piece: string, limit = MAX_VALUE_CHARS): void {
    this.#chars += piece.length;
    if (this.#chars > limit) throw new BrokenJson('a value in it is too long');
    this.#pieces.push(piece);
  }

  #take(): string {
    const text = this.#pieces.join('');
    this.#pieces = [];
    this.#chars = 0;
    return text;
  }

  #endElement(parts: JsonPart[]): void {
    const text = this.#take().trim();
    if (text !== '') parts.push({ key: this.#listKey, text, isElement: true });
  }

  #endValue(parts: JsonPart[]): void {
    const text = this.#take().trim();
    if (this.#key !== undefined && this.#hasColon && this.#key !== this.#listKey) {
      parts.push({ key: this.#key, text, isElement: false });
    }
    this.#key = undefined;
    this.#hasColon = false;
  }
}

function parseKey(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    throw new BrokenJson('a key in it is no string');
  }
}
