import { isIPv6 } from 'node:net';

/** An address as a number, so that blocks and scopes are arithmetic. */
export interface Ip {
  readonly family: 4 | 6;
  readonly value: bigint;
}

const IPV4_PART = /^(?:0|[1-9]\d{0,2})$/;

/**
 * Reads IPv4 as dotted decimal without leading zeros only. Resolvers also take `0177.0.0.1`, `127.1` or
 * `2130706433` for 127.0.0.1, with which a target could slip past a scope that was written for people.
 */
export function parseIpv4(text: string): Ip | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!IPV4_PART.test(part)) return undefined;
    const octet = Number(part);
    if (octet > 255) return undefined;
    value = value * 256 + octet;
  }
  return { family: 4, value: BigInt(value) };
}

/** Reads IPv6 text (RFC 4291 §2.2) without brackets and without a zone. */
export function parseIpv6(text: string): Ip | undefined {
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const dotted = /^(.*:)([\d.]+)$/.exec(text);
  const tail = dotted?.[2]?.includes('.') ? parseIpv4(dotted[2]) : undefined;
  const groupsText = tail
    ? `${dotted?.[1]}${(tail.value >> 16n).toString(16)}:${(tail.value & 0xffffn).toString(16)}`
    : text;
  const [head = '', rest] = groupsText.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = rest === undefined || rest === '' ? [] : rest.split(':');
  const groups = [...left, ...new Array<string>(8 - left.length - right.length).fill('0'), ...right];
  const value = groups.reduce((sum, group) => (sum << 16n) | BigInt(Number.parseInt(group, 16)), 0n);
  return { family: 6, value };
}

/** Reads either family; undefined when the text is not an address. */
export function parseIp(text: string): Ip | undefined {
  return parseIpv4(text) ?? parseIpv6(text);
}

/** Dotted decimal, or IPv6 in the form of RFC 5952. */
export function formatIp(ip: Ip): string {
  if (ip.family === 4) {
    const n = Number(ip.value);
    return `${n >>> 24}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;
  }
  const groups = Array.from({ length: 8 }, (_, i) => Number((ip.value >> BigInt(112 - 16 * i)) & 0xffffn));
  const { start, length } = longestZeroRun(groups);
  const hex = groups.map((group) => group.toString(16));
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  groups.forEach((group, i) => {
    if (group !== 0) start = i + 1;
    else if (i + 1 - start > best.length) best = { start, length: i + 1 - start };
  });
  return best;
}
