import { isUtf8 } from 'node:buffer';
import type { PayloadKind } from '../model';
import { isCbor } from './cbor';

/** First bytes that tell a format, with an offset where it is not 0. */
const MAGIC: readonly (readonly [PayloadKind, string, number?])[] = [
  ['image', 'ffd8ff'],
  ['image', '89504e470d0a1a0a'],
  ['image', '474946383761'],
  ['image', '474946383961'],
  ['image', '57454250', 8],
  ['image', '66747970', 4],
  ['audio', '57415645', 8],
  ['audio', '4f676753'],
  ['audio', '494433'],
  ['audio', '664c6143'],
  ['compressed', '1f8b08'],
  ['compressed', '28b52ffd'],
  ['compressed', '425a68'],
  ['compressed', 'fd377a585a00'],
  ['compressed', '504b0304'],
  ['compressed', '04224d18'],
];
const MAGIC_BYTES = MAGIC.map(([kind, hex, at = 0]) => ({ kind, bytes: Buffer.from(hex, 'hex'), at }));

/** Bytes that are looked at; what a payload is shows at its beginning. */
const MAX_LOOKED_AT = 4096;
const MAX_ITEMS = 2000;

/**
 * Says what a payload is without unpacking anything. JSON is told from text by its first character here.
 * @param isCut `payload` is the beginning of a longer one
 */
export function payloadKind(payload: Buffer, isCut = false): PayloadKind {
  if (payload.length === 0) return 'empty';
  const found = MAGIC_BYTES.find(({ bytes, at }) => payload.subarray(at, at + bytes.length).equals(bytes));
  if (found) return found.kind;
  const head = payload.subarray(0, MAX_LOOKED_AT);
  const cutHead = isCut || payload.length > head.length;
  if (isText(head, cutHead)) return textKind(head.toString('utf8'));
  if (isZlib(payload)) return 'compressed';
  if (isCbor(head, cutHead)) return 'cbor';
  if (isProtobuf(head, cutHead)) return 'protobuf';
  return looksEncrypted(head) ? 'encrypted-looking' : 'binary';
}

/** What a text is by its beginning; JSON is told by its first character. */
export function textKind(text: string): PayloadKind {
  if (/^\s*[{[]/.test(text)) return 'json';
  if (/^\s*<[?!]?[A-Za-z]/.test(text) && text.includes('>')) return 'xml';
  return text.length <= 40 && /^\s*[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?\s*$/.test(text) ? 'number' : 'text';
}

function isText(head: Buffer, isCut: boolean): boolean {
  // A cut may stand in the middle of a character of up to four bytes.
  const whole = isCut ? wholeCharacters(head) : head;
  if (!isUtf8(whole)) return false;
  let controls = 0;
  for (const byte of whole)
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 27) controls++;
  return controls * 20 <= whole.length;
}

function wholeCharacters(head: Buffer): Buffer {
  for (let back = 1; back <= Math.min(4, head.length); back++) {
    const byte = head[head.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return head.subarray(0, head.length - back);
  }
  return head;
}

/** RFC 1950 §2.2: method 8, a window of at most 32 KB, and a check over both bytes. */
function isZlib(payload: Buffer): boolean {
  const [first = 0, second = 0] = payload;
  return payload.length > 6 && first === 0x78 && (first * 256 + second) % 31 === 0;
}

/** The wire format of Protocol Buffers: fields of known wire types, to the very end. Messages inside are not entered. */
function isProtobuf(bytes: Buffer, isCut: boolean): boolean {
  let at = 0;
  let fields = 0;
  while (at < bytes.length) {
    if (++fields > MAX_ITEMS) return true;
    const tag = varint(bytes, at);
    if (!tag || tag.value < 8 || tag.value >= 8 * 1000) return false;
    at = tag.next;
    const type = tag.value & 7;
    if (type === 0) {
      const value = varint(bytes, at);
      if (!value) return false;
      at = value.next;
    } else if (type === 1) at += 8;
    else if (type === 5) at += 4;
    else if (type === 2) {
      const length = varint(bytes, at);
      if (!length) return false;
      at = length.next + length.value;
    } else return false;
  }
  return fields >= 2 && (at === bytes.length || isCut);
}

/** A varint of Protocol Buffers; its value is exact up to 2^53. */
export function varint(
  bytes: Uint8Array,
  at: number,
): { readonly value: number; readonly next: number } | undefined {
  let value = 0;
  for (let i = 0, factor = 1; i < 10; i++, factor *= 128) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    value += (byte & 127) * factor;
    if (byte < 128) return { value, next: at + i + 1 };
  }
  return undefined;
}

/** Ciphertext has as many different bytes as chance would give it. */
function looksEncrypted(head: Buffer): boolean {
  if (head.length < 24) return false;
  const counts = new Uint32Array(256);
  for (const byte of head) counts[byte] = (counts[byte] ?? 0) + 1;
  let entropy = 0;
  for (const count of counts)
    if (count > 0) entropy -= (count / head.length) * Math.log2(count / head.length);
  return entropy >= 0.9 * Math.min(8, Math.log2(head.length));
}
