import { type AddressBlock, blockContains, coversBlock, parseBlock } from './block';
import type { Ip } from './ip';

/** Blocks from literals of this program; a mistake in one is a bug. */
export function blocks(...texts: readonly string[]): AddressBlock[] {
  return texts.map((text) => {
    const block = parseBlock(text);
    if (!block) throw new Error(`not a block: ${text}`);
    return block;
  });
}

export const LOOPBACK = blocks('127.0.0.0/8', '::1');

/** RFC 1918, unique local (RFC 4193), link local (RFC 3927, RFC 4291 §2.5.6). */
export const PRIVATE = blocks(
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
);

export const EVERYTHING = blocks('0.0.0.0/0', '::/0');

/**
 * Never scanned, whatever the scope says: "this network" (on many systems 0.0.0.0 reaches the machine itself,
 * past a scope without loopback), multicast, broadcast, and the metadata services of cloud providers, which
 * hand out credentials (CWE-918).
 */
const NEVER = blocks(
  '0.0.0.0/8',
  '224.0.0.0/4',
  '255.255.255.255',
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '100.100.100.200',
  '168.63.129.16',
  '::',
  'ff00::/8',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  // IPv4-compatible addresses are deprecated (RFC 4291 §2.5.5.1). ::127.0.0.1 is no way to this machine: packets to it
  // leave by the default route, although a scope of loopback addresses seems to name it.
  '::2-::ffff:ffff',
  // NAT64 for local use (RFC 8215): where in it the IPv4 address lies depends on the site.
  '64:ff9b:1::/48',
);

const IPV4_MAPPED = blocks('::ffff:0:0/96');
const IPV4_TRANSLATED = blocks('::ffff:0:0:0/96');
const NAT64 = blocks('64:ff9b::/96');
const LOW_32_BITS = [...IPV4_MAPPED, ...IPV4_TRANSLATED, ...NAT64];
const SIX_TO_FOUR = blocks('2002::/16');
const TEREDO = blocks('2001::/32');

/** True for addresses that no scope can open. */
export function isNever(ip: Ip): boolean {
  return isIn(NEVER, ip);
}

const isIn = (list: readonly AddressBlock[], ip: Ip): boolean =>
  list.some((block) => blockContains(block, ip));

/**
 * The IPv4 address that an IPv6 address carries inside, where its kind has one: mapped (RFC 4291 §2.5.5.2), translated
 * (RFC 2765 §2.1), NAT64 (RFC 6052), 6to4 (RFC 3056), Teredo (RFC 4380 §4, stored inverted).
 */
export function embeddedIpv4(ip: Ip): Ip | undefined {
  if (ip.family === 4) return undefined;
  const low = ip.value & 0xffffffffn;
  if (isIn(LOW_32_BITS, ip)) return { family: 4, value: low };
  if (isIn(SIX_TO_FOUR, ip)) return { family: 4, value: (ip.value >> 80n) & 0xffffffffn };
  if (isIn(TEREDO, ip)) return { family: 4, value: ~low & 0xffffffffn };
  return undefined;
}

/** Mapped addresses as the IPv4 addresses that they are, to the system too: no host is visited under two spellings. */
export function unmapped(block: AddressBlock): AddressBlock {
  if (!IPV4_MAPPED.some((mapped) => coversBlock(mapped, block))) return block;
  const low = (value: bigint): bigint => value & 0xffffffffn;
  return { family: 4, first: low(block.first), last: low(block.last) };
}
