import { MalformedError } from './reader';

/** One element of DER (X.690 §8.1): what `X509Certificate` of Node.js does not tell is read from it. */
export interface DerElement {
  /** The identifier octet: class, constructed, number. */
  readonly tag: number;
  readonly content: Buffer;
  /** The element with its tag and length. */
  readonly whole: Buffer;
}

export const DER = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/**
 * Reads the first element of some bytes. Lengths of up to three bytes: nothing here is longer.
 * @throws MalformedError
 */
export function readElement(bytes: Buffer, at = 0): DerElement {
  const tag = bytes[at];
  const short = bytes[at + 1];
  if (tag === undefined || short === undefined) throw new MalformedError('DER ends too early');
  if ((tag & 0x1f) === 0x1f) throw new MalformedError('a DER tag of several bytes');
  const lengthBytes = short < 0x80 ? 0 : short & 0x7f;
  if (short >= 0x80 && (lengthBytes === 0 || lengthBytes > 3)) throw new MalformedError('a DER length');
  const start = at + 2 + lengthBytes;
  if (start > bytes.length) throw new MalformedError('DER ends too early');
  const length = lengthBytes === 0 ? short : bytes.readUIntBE(at + 2, lengthBytes);
  if (start + length > bytes.length) throw new MalformedError('DER ends too early');
  const end = start + length;
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) };
}

/** The elements inside of another, at most `limit` of them. @throws MalformedError */
export function elementsOf(content: Buffer, limit = 1000): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < content.length && elements.length < limit; ) {
    const element = readElement(content, at);
    elements.push(element);
    at += element.whole.length;
  }
  return elements;
}

/** `1.2.840.113549.1.1.11`. Cut where a hostile one would go on for ever. */
export function oidText(content: Buffer): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content.subarray(0, 64)) {
    // As a double: some arcs are longer than 32 bits.
    arc = arc * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const first = arcs.shift() ?? 0;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...arcs].join('.');
}

/**
 * UTCTime or GeneralizedTime in the form that certificates have (RFC 5280 §4.1.2.5).
 * @returns milliseconds since the epoch; undefined for anything else
 */
export function timeOf({ tag, content }: DerElement): number | undefined {
  const text = content.toString('latin1', 0, 20);
  const form = tag === DER.utcTime ? /^(\d{2})(\d{10})Z$/ : /^(\d{4})(\d{10})Z$/;
  const [, year = '', rest = ''] = form.exec(text) ?? [];
  if (rest === '') return undefined;
  const full = tag === DER.utcTime ? Number(year) + (Number(year) < 50 ? 2000 : 1900) : Number(year);
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = (rest.match(/../g) ?? []).map(Number);
  const isDate =
    month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour < 24 && minute < 60 && second < 60;
  if (!isDate) return undefined;
  // Date.UTC would take years under 100 for 1900 and later.
  return new Date(0).setUTCFullYear(full, month - 1, day) + ((hour * 60 + minute) * 60 + second) * 1000;
}
