import type { PayloadKind } from '../model';
import { cborAsJson } from './cbor';
import { type JsonDocument, readJson } from './json';
import { payloadKind, textKind } from './payload-kind';
import { textOf, utf16Order } from './text-encoding';

const MAX_LEVELS = 32;

/** One message on its way through the parsers; what several of them need is worked out once. */
export class Message {
  readonly topic: string;
  readonly levels: readonly string[];
  readonly payload: Buffer;
  /** Length of the whole payload, of which `payload` may be the beginning. */
  readonly size: number;
  #kind: PayloadKind | undefined;
  #text: string | undefined;
  #json: JsonDocument | undefined | null = null;

  constructor(topic: string, payload: Buffer, size = payload.length) {
    this.topic = topic;
    this.levels = topic.split('/', MAX_LEVELS);
    this.payload = payload;
    this.size = size;
  }

  /** `payload` is the beginning of a longer one. */
  get isCut(): boolean {
    return this.payload.length < this.size;
  }

  get kind(): PayloadKind {
    this.#kind ??= this.#kindOf();
    return this.#kind;
  }

  /** UTF-8 or UTF-16, or what is left of it; of CBOR the same as JSON. */
  get text(): string {
    this.#text ??= (this.#isCbor ? cborAsJson(this.payload, this.isCut) : undefined) ?? textOf(this.payload);
    return this.#text;
  }

  /** An array, a map or a tag on top (RFC 8949 §3.1); little else begins so. */
  get #isCbor(): boolean {
    const first = this.payload[0] ?? 0;
    return first >= 0x80 && first < 0xe0 && payloadKind(this.payload, this.isCut) === 'cbor';
  }

  /** The payload as JSON; undefined when it is none. */
  get json(): JsonDocument | undefined {
    if (this.#json === null) {
      const first = this.payload[0] ?? 0;
      // `{`, `[`, white space and the NUL of UTF-16, and byte order marks.
      const mayBe =
        first === 0x7b || first === 0x5b || first <= 0x20 || first === 0xef || first >= 0xfe || this.#isCbor;
      this.#json = mayBe ? readJson(this.text, this.isCut) : undefined;
    }
    return this.#json ?? undefined;
  }

  /** A level of the topic; empty where there is none. */
  level(i: number): string {
    return this.levels.at(i) ?? '';
  }

  #kindOf(): PayloadKind {
    const isUtf16 = utf16Order(this.payload) !== undefined;
    const kind = isUtf16 ? textKind(this.text) : payloadKind(this.payload, this.isCut);
    return kind === 'json' && !this.json ? 'text' : kind;
  }
}
