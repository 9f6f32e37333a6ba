/** Bytes by which it shows. */
const LOOKED_AT = 128;
const MIN_BYTES = 8;
/** Of the characters looked at, so many are letters, digits and the like where it is text. */
const MOST = 0.9;

/**
 * The text of a payload: UTF-16 (RFC 2781), which Windows and .NET devices send, where a byte order mark or a NUL
 * beside every Latin character tells it; UTF-8 otherwise, with U+FFFD for what is none. Without a byte order mark.
 */
export function textOf(payload: Buffer): string {
  const order = utf16Order(payload);
  const text = order === undefined ? payload.toString('utf8') : decoded(payload, order);
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** The byte order of a payload in UTF-16; undefined for anything else. */
export function utf16Order(payload: Buffer): 'big' | 'little' | undefined {
  const [first = 1, second = 1] = payload;
  if (payload.length < MIN_BYTES) return undefined;
  if (first === 0xff && second === 0xfe) return looksRight(payload, 'little') ? 'little' : undefined;
  if (first === 0xfe && second === 0xff) return looksRight(payload, 'big') ? 'big' : undefined;
  if (second === 0 && isLatin(payload, 0)) return 'little';
  return first === 0 && isLatin(payload, 1) ? 'big' : undefined;
}

function decoded(payload: Buffer, order: 'big' | 'little'): string {
  const whole = payload.subarray(0, payload.length & ~1);
  // `swap16` works in place, and the payload is not ours.
  return order === 'little' ? whole.toString('utf16le') : Buffer.from(whole).swap16().toString('utf16le');
}

function looksRight(payload: Buffer, order: 'big' | 'little'): boolean {
  const text = decoded(payload.subarray(2, LOOKED_AT), order);
  const strange =
    text.match(/[\p{Cc}\p{Cs}\p{Cn}\p{Co}]/gu)?.filter((char) => !/[\t\r\n]/.test(char)).length ?? 0;
  return strange <= (1 - MOST) * text.length;
}

/** Printable ASCII with a NUL beside each. @param at where the first character stands */
function isLatin(payload: Buffer, at: number): boolean {
  const end = Math.min(payload.length & ~1, LOOKED_AT);
  let latin = 0;
  for (let i = 0; i < end; i += 2) {
    const char = payload[i + at] ?? 0;
    const isPrintable = (char >= 0x20 && char < 0x7f) || (char >= 9 && char <= 13);
    if (isPrintable && payload[i + 1 - at] === 0) latin++;
  }
  return latin >= MOST * (end / 2);
}
