/** A value in a JSON text, with its place there. Containers have `entries`, all others a `value`. */
export interface JsonNode {
  /** The member's name, or the index in an array; undefined for the root. */
  readonly key: string | number | undefined;
  readonly parent: JsonNode | undefined;
  readonly value?: string | number | boolean | null;
  /** Members of an object or items of an array in the order of the text, doubles among them. */
  readonly entries?: JsonNode[];
  readonly isArray?: boolean;
  /** Place of a value in the text, quotes included. */
  readonly start: number;
  end: number;
  /** A text whose end was cut off. */
  readonly isOpen?: true;
}

export interface JsonDocument {
  readonly text: string;
  readonly root: JsonNode;
  /** Everything that is neither object nor array, in the order of the text. */
  readonly leaves: readonly JsonNode[];
  /** False when the text ended early, or a cap ended the reading. */
  readonly complete: boolean;
  readonly isCapped: boolean;
}

/** Deeper values are not read; devices nest a handful of levels. */
const MAX_DEPTH = 24;
const MAX_NODES = 20_000;
const MAX_PATH_CHARS = 160;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS: readonly (readonly [string, boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/**
 * Reads a JSON text (RFC 8259) whose top is an object or an array. Unlike `JSON.parse` it does not recurse, makes no
 * objects with members that the sender named, keeps doubles, tells where each value stands, is capped, and gives
 * what it has of a text that was cut off.
 * @param isCut the text is the beginning of a longer one
 * @returns undefined for what is no JSON
 */
export function readJson(text: string, isCut = false): JsonDocument | undefined {
  const reader = new Reader(text);
  const state = reader.read();
  const { root, leaves } = reader;
  if (!root || state === 'wrong' || (state === 'cut' && !isCut)) return undefined;
  return { text, root, leaves, complete: state === 'complete', isCapped: state === 'capped' };
}

type State = 'complete' | 'cut' | 'capped' | 'wrong';

class Reader {
  root: JsonNode | undefined;
  readonly leaves: JsonNode[] = [];
  readonly #text: string;
  #at = 0;
  #nodes = 0;
  #string = '';
  #scalar: string | number | boolean | null = null;

  constructor(text: string) {
    this.#text = text;
  }

  read(): State {
    this.#skipSpace();
    const first = this.#text[this.#at];
    if (first !== '{' && first !== '[') return 'wrong';
    let open: JsonNode | undefined = this.#open(undefined, undefined);
    this.root = open;
    let depth = 1;
    while (open) {
      this.#skipSpace();
      const char: string | undefined = this.#text[this.#at];
      if (char === undefined) return 'cut';
      const isEmpty = open.entries?.length === 0;
      if (char === (open.isArray ? ']' : '}')) {
        this.#at++;
        open.end = this.#at;
        open = open.parent;
        depth--;
        continue;
      }
      if (!isEmpty) {
        if (char !== ',') return 'wrong';
        this.#at++;
        this.#skipSpace();
        if (this.#at >= this.#text.length) return 'cut';
      }
      let key: string | number = open.entries?.length ?? 0;
      if (!open.isArray) {
        const failed = this.#readString();
        if (failed) return failed;
        this.#skipSpace();
        if (this.#at >= this.#text.length) return 'cut';
        if (this.#text[this.#at++] !== ':') return 'wrong';
        this.#skipSpace();
        key = this.#string;
      }
      if (++this.#nodes > MAX_NODES) return 'capped';
      const next = this.#text[this.#at];
      if (next === '{' || next === '[') {
        if (++depth > MAX_DEPTH) return 'capped';
        const child: JsonNode = this.#open(key, open);
        open.entries?.push(child);
        open = child;
      } else {
        const state = this.#readLeaf(key, open);
        if (state) return state;
      }
    }
    this.#skipSpace();
    return this.#at === this.#text.length ? 'complete' : 'wrong';
  }

  #open(key: string | number | undefined, parent: JsonNode | undefined): JsonNode {
    const start = this.#at;
    const isArray = this.#text[this.#at++] === '[';
    return { key, parent, entries: [], isArray, start, end: this.#text.length };
  }

  #readLeaf(key: string | number, parent: JsonNode): State | undefined {
    const start = this.#at;
    const failed = this.#readScalar();
    // The beginning of a text that was cut off is worth knowing: it may be that of a secret.
    if (failed && !(failed === 'cut' && this.#text[start] === '"')) return failed;
    const value = failed ? this.#text.slice(start + 1) : this.#scalar;
    if (failed) this.#at = this.#text.length;
    const place = { key, parent, value, start, end: this.#at };
    const leaf: JsonNode = failed ? { ...place, isOpen: true } : place;
    parent.entries?.push(leaf);
    this.leaves.push(leaf);
    return undefined;
  }

  /** Reads into `#scalar`. */
  #readScalar(): State | undefined {
    const char = this.#text[this.#at];
    if (char === undefined) return 'cut';
    if (char === '"') {
      const failed = this.#readString();
      this.#scalar = this.#string;
      return failed;
    }
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        this.#scalar = value;
        return undefined;
      }
    }
    NUMBER.lastIndex = this.#at;
    const [digits] = NUMBER.exec(this.#text) ?? [];
    // The beginning of a word, or of a number, at the end of a cut text.
    if (digits === undefined) return this.#text.length - this.#at < 5 ? 'cut' : 'wrong';
    this.#at += digits.length;
    this.#scalar = Number(digits);
    const rest = this.#text.slice(this.#at, this.#at + 3);
    return rest === '' || /^(?:\.|[eE][-+]?)$/.test(rest) ? 'cut' : undefined;
  }

  /** Reads what stands between quotes into `#string`. */
  #readString(): State | undefined {
    if (this.#text[this.#at] !== '"') return 'wrong';
    const start = this.#at + 1;
    let end = this.#text.indexOf('"', start);
    while (end > 0 && this.#isEscaped(end, start)) end = this.#text.indexOf('"', end + 1);
    if (end < 0) return 'cut';
    this.#at = end + 1;
    const raw = this.#text.slice(start, end);
    this.#string = raw.includes('\\') ? unescaped(raw) : raw;
    return undefined;
  }

  #isEscaped(quote: number, start: number): boolean {
    let slashes = 0;
    while (quote - 1 - slashes >= start && this.#text[quote - 1 - slashes] === '\\') slashes++;
    return slashes % 2 === 1;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.#at++;
    }
  }
}

function unescaped(raw: string): string {
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}

/**
 * Where a value stands: `$.BME280.Temperature`, `$[0].ieee_address`; bounded.
 * @param shown a member's name as it may be shown
 */
export function pathOf(node: JsonNode, shown: (name: string) => string = asIs): string {
  let path = '';
  for (let at: JsonNode | undefined = node; at?.key !== undefined; at = at.parent) {
    path = (typeof at.key === 'number' ? `[${at.key}]` : `.${shown(at.key).slice(0, 64)}`) + path;
    if (path.length > MAX_PATH_CHARS) return `$…${path.slice(-MAX_PATH_CHARS)}`;
  }
  return `$${path}`;
}

const asIs = (name: string): string => name;

/** Where a value stands in the text, without quotation marks. */
export function contentOf({ value, start, end, isOpen }: JsonNode): {
  readonly start: number;
  readonly end: number;
} {
  return typeof value === 'string' ? { start: start + 1, end: isOpen ? end : end - 1 } : { start, end };
}

/** The value behind some member names; undefined where there is none. Of doubles the last counts. */
export function member(
  node: JsonNode | undefined,
  ...keys: readonly (string | number)[]
): JsonNode | undefined {
  let at = node;
  for (const key of keys) at = at && memberOf(at, key);
  return at;
}

/** Objects with more members are looked through once: their sender may have made sure that each is asked for. */
const MANY = 64;
const indexes = new WeakMap<JsonNode, ReadonlyMap<string | number | undefined, JsonNode>>();

function memberOf(node: JsonNode, key: string | number): JsonNode | undefined {
  const { entries = [] } = node;
  if (entries.length <= MANY) return entries.findLast((entry) => entry.key === key);
  // Documents are read to their end before anybody asks.
  const index = indexes.get(node) ?? new Map(entries.map((entry) => [entry.key, entry] as const));
  indexes.set(node, index);
  return index.get(key);
}

/** The value at a path such as `ENERGY.Total` or `values.1.v`, in which numbers are places in arrays. */
export function nodeAt(node: JsonNode | undefined, path: string): JsonNode | undefined {
  let at = node;
  for (const part of path.split('.')) at = at && memberOf(at, at.isArray ? Number(part) : part);
  return at;
}

/** A text behind some member names; numbers count as their digits. */
export function textAt(node: JsonNode | undefined, ...keys: readonly string[]): string | undefined {
  const value = member(node, ...keys)?.value;
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A number behind some member names. */
export function numberAt(node: JsonNode | undefined, ...keys: readonly string[]): number | undefined {
  const value = member(node, ...keys)?.value;
  return typeof value === 'number' ? value : undefined;
}
