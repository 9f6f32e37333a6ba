import { formatIp, type Ip, parseIp } from './ip';

/** A run of addresses of one family, both ends included. */
export interface AddressBlock {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** Thrown by the parsers of this folder; `reason` completes "cannot be scanned: …". */
export class SyntaxReason extends Error {}

/** The block that is one address. */
export function blockOf(ip: Ip): AddressBlock {
  return { family: ip.family, first: ip.value, last: ip.value };
}

export function blockSize(block: AddressBlock): bigint {
  return block.last - block.first + 1n;
}

export function blockContains(block: AddressBlock, ip: Ip): boolean {
  return block.family === ip.family && ip.value >= block.first && ip.value <= block.last;
}

/** True when every address of a block lies in another one. */
export function coversBlock(outer: AddressBlock, { family, first, last }: AddressBlock): boolean {
  return outer.family === family && first >= outer.first && last <= outer.last;
}

/**
 * Reads `10.0.0.0/24`, `fd00::/120`, `10.0.0.1-50`, `10.0.0.1-10.0.1.9`, `fd00::1-fd00::ff` or a single
 * address; undefined when the text has none of these forms. Host bits of a network are ignored.
 * @throws SyntaxReason when the form is right and the content is not
 */
export function parseBlock(text: string): AddressBlock | undefined {
  const cidr = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text);
  if (cidr) return parseCidr(cidr[1] ?? '', Number(cidr[2]));
  const range = /^([^-]+)-([^-]+)$/.exec(text);
  const start = range && parseIp(range[1] ?? '');
  if (range && start) return parseRange(start, range[2] ?? '');
  const ip = parseIp(text);
  return ip && blockOf(ip);
}

function parseCidr(address: string, prefix: number): AddressBlock | undefined {
  const ip = parseIp(address);
  if (!ip) return undefined;
  const bits = ip.family === 4 ? 32 : 128;
  if (prefix > bits) throw new SyntaxReason(`the prefix length must be between 0 and ${bits}`);
  const hostBits = BigInt(bits - prefix);
  const first = (ip.value >> hostBits) << hostBits;
  return { family: ip.family, first, last: first + (1n << hostBits) - 1n };
}

function parseRange(start: Ip, endText: string): AddressBlock {
  const end = /^\d{1,3}$/.test(endText) && start.family === 4 ? lastOctet(start, endText) : parseIp(endText);
  if (!end || end.family !== start.family) {
    throw new SyntaxReason(`"${endText}" does not end a range that starts with ${formatIp(start)}`);
  }
  if (end.value < start.value) throw new SyntaxReason('the range ends before it starts');
  return { family: start.family, first: start.value, last: end.value };
}

/** `10.0.0.1-50`: the number stands for the last octet. */
function lastOctet(start: Ip, text: string): Ip | undefined {
  const octet = Number(text);
  if (octet > 255 || String(octet) !== text) return undefined;
  return { family: 4, value: (start.value & ~0xffn) | BigInt(octet) };
}
