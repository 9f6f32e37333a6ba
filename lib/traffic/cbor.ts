/** Deeper and longer ones are not read; devices nest a handful of levels. */
const MAX_DEPTH = 8;
const MAX_ITEMS = 2000;
/** Bytes of a whole that is read. */
const MAX_READ = 64 * 1024;
/** Bytes of a byte string that are read. */
const MAX_BYTES = 64;
/** Items of a beginning that are well formed: chance makes fewer. */
const ENOUGH = 3;
/** The break that ends what has no length (RFC 8949 §3.2.1). */
const BREAK = 0xff;

/** The head of a data item (RFC 8949 §3). */
interface Head {
  readonly major: number;
  /** The length, the number of items, or the value. */
  readonly argument: number;
  readonly hasLength: boolean;
  /** How many bytes the argument takes, which tells numbers with fractions. */
  readonly size: number;
  readonly next: number;
}

function headAt(bytes: Buffer, at: number): Head | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  const info = first & 31;
  if (info > 27 && info !== 31) return undefined;
  const size = info >= 24 && info <= 27 ? 1 << (info - 24) : 0;
  let argument = size === 0 ? info : 0;
  for (let i = 1; i <= size; i++) argument = argument * 256 + (bytes[at + i] ?? 0);
  return { major: first >> 5, argument, hasLength: info !== 31, size, next: at + 1 + size };
}

/**
 * True for a map, array or tag on top, well formed to the end.
 * @param isCut the bytes are the beginning of a longer whole
 */
export function isCbor(bytes: Buffer, isCut: boolean): boolean {
  const major = (bytes[0] ?? 0) >> 5;
  if (major < 4 || major > 6 || bytes.length < 3) return false;
  let at = 0;
  let items = 0;
  // Items that each open container still waits for; -1 waits for a break.
  const open: number[] = [1];
  while (open.length > 0) {
    const wanted = open[open.length - 1] ?? 0;
    if (wanted === 0) {
      open.pop();
      continue;
    }
    if (at >= bytes.length) return isCut && items >= ENOUGH;
    if (++items > MAX_ITEMS || open.length > MAX_DEPTH) return false;
    if (bytes[at] === BREAK) {
      if (wanted !== -1) return false;
      at++;
      open.pop();
      continue;
    }
    if (wanted > 0) open[open.length - 1] = wanted - 1;
    const head = headAt(bytes, at);
    if (!head) return false;
    at = head.next;
    const children = childrenOf(head);
    if (children !== undefined) open.push(children);
    else if (head.major === 2 || head.major === 3) at += head.argument;
    if (at > bytes.length) return isCut && items >= ENOUGH;
  }
  return at === bytes.length;
}

/** How many items stand in one; -1 for those up to a break, undefined for what has none. */
function childrenOf({ major, argument, hasLength }: Head): number | undefined {
  if (major === 6) return 1;
  if (!hasLength && major >= 2 && major <= 5) return -1;
  return major === 4 ? argument : major === 5 ? 2 * argument : undefined;
}

/** An array or map that is being written. */
interface Open {
  readonly isMap: boolean;
  /** Items to come; -1 until a break. */
  left: number;
  written: number;
}

/**
 * The same as JSON, with bytes in hexadecimal (RFC 8949 §6.1), for those who look for names and values.
 * @param isCut the bytes are the beginning of a longer whole, and so is the JSON
 * @returns undefined for what is not well formed, too large or too deep
 */
export function cborAsJson(bytes: Buffer, isCut = false): string | undefined {
  if (bytes.length > MAX_READ || !isCbor(bytes, isCut)) return undefined;
  const open: Open[] = [];
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const inside = open.at(-1);
    const isBreak = bytes[at] === BREAK;
    if (isBreak || inside?.left === 0) {
      if (isBreak) at++;
      text += open.pop()?.isMap ? '}' : ']';
      continue;
    }
    const head = headAt(bytes, at);
    if (!head) return undefined;
    // The last number is not all there.
    if (head.next > bytes.length) return text;
    at = head.next;
    if (head.major === 6) continue;
    const isKey = inside?.isMap === true && inside.written % 2 === 0;
    if (inside) {
      text += inside.written === 0 ? '' : inside.isMap && !isKey ? ':' : ',';
      inside.written++;
      if (inside.left > 0) inside.left--;
    }
    const children = childrenOf(head);
    if (children !== undefined) {
      // A name must be one item, and texts in pieces are rare.
      if (isKey || head.major < 4) return undefined;
      open.push({ isMap: head.major === 5, left: children, written: 0 });
      text += head.major === 5 ? '{' : '[';
      continue;
    }
    const isString = head.major === 2 || head.major === 3;
    const scalar = isString ? stringAt(bytes, head) : scalarAt(bytes, head);
    text += isKey && !isString ? JSON.stringify(scalar) : scalar;
    if (isString) at += head.argument;
    if (at > bytes.length) return text.slice(0, -1);
  }
  if (isCut) return text;
  return (
    text +
    open
      .map(({ isMap }) => (isMap ? '}' : ']'))
      .reverse()
      .join('')
  );
}

function stringAt(bytes: Buffer, { major, argument, next }: Head): string {
  const end = next + argument;
  if (major === 3) return JSON.stringify(bytes.toString('utf8', next, end));
  return JSON.stringify(bytes.toString('hex', next, Math.min(end, next + MAX_BYTES)));
}

/** Integers, simple values and floating-point numbers (RFC 8949 §3.3). */
function scalarAt(bytes: Buffer, { major, argument, size, next }: Head): string {
  if (major === 0) return String(argument);
  if (major === 1) return String(-1 - argument);
  if (size < 2) return argument === 20 ? 'false' : argument === 21 ? 'true' : 'null';
  const number =
    size === 2 ? half(argument) : size === 4 ? bytes.readFloatBE(next - 4) : bytes.readDoubleBE(next - 8);
  // Of a short number no more digits than it has.
  return Number.isFinite(number) ? String(Number(number.toPrecision(size === 8 ? 17 : 7))) : 'null';
}

/** IEEE 754 binary16 (RFC 8949 Appendix D). */
function half(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  return exponent === 31 ? Number.NaN : sign * (mantissa + 1024) * 2 ** (exponent - 25);
}
