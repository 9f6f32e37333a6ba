import { printable, ScanError, type Transport } from '../model';
import { type AddressBlock, blockSize, parseBlock, SyntaxReason } from './block';
import { isHostName } from './host-name';
import { type Interfaces, localNetworks, systemInterfaces } from './local-networks';
import { DEFAULT_PORTS, parsePort, transportNamed } from './ports';

/** More separate entries than this are a mistake or an attack; networks and ranges count as one. */
const MAX_ENTRIES = 10_000;
/** Enough for all of them, and split in no time. */
const MAX_CHARS = 1_000_000;
/** No entry that makes sense is longer: a URL with a host name of 253 characters. */
const MAX_ENTRY_CHARS = 300;
/** 2^32 addresses: all of IPv4, or a /96 of IPv6. */
const MAX_BLOCK = 1n << 32n;

const LOGIN_IN_TARGET = 'a login does not belong in a target; use the credentials of the profile';

/** Stands for the subnets of this machine's own interfaces. */
const LOCAL = 'local';

interface Written {
  /** As the user wrote it. */
  readonly text: string;
  /** Set when the target itself names a port; then the list of ports does not apply. */
  readonly port?: number;
  readonly transport?: Transport;
}

export interface BlockTarget extends Written {
  readonly kind: 'block';
  readonly block: AddressBlock;
}

export interface NameTarget extends Written {
  readonly kind: 'name';
  readonly name: string;
}

export type Target = BlockTarget | NameTarget;

/** What to scan, and what to leave out although it lies inside. */
export interface TargetList {
  readonly targets: readonly Target[];
  readonly excluded: readonly AddressBlock[];
}

/**
 * Reads targets separated by commas, semicolons or white space, or an array of such texts: addresses, host
 * names, CIDR blocks, ranges, `host:port`, `[v6]:port`, URLs (`mqtts://host:8883`), exclusions (`!10.0.0.5`), and
 * the word `local`. Only syntax is looked at: nothing is resolved and nothing is sent.
 * @throws ScanError NO_TARGET, BAD_TARGET, BAD_PORT, TOO_MANY_TARGETS
 */
export function parseTargets(
  input: string | readonly string[],
  interfaces: Interfaces = systemInterfaces,
): TargetList {
  const texts = typeof input === 'string' ? [input] : (input ?? []);
  if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string')) {
    throw bad('…', 'targets are a text or a list of texts');
  }
  if (texts.length > MAX_ENTRIES) {
    throw new ScanError('TOO_MANY_TARGETS', { count: texts.length, limit: MAX_ENTRIES });
  }
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  if (length > MAX_CHARS) throw bad('…', `the list of targets has ${length} characters`);
  if (texts.some((text) => /^\s*(?:\{|\[\s*["{])/.test(text))) {
    throw bad('…', 'it is JSON text; let a JSON node make an object of it first');
  }
  const entries = texts.flatMap((text) => text.split(/[\s,;]+/)).filter(Boolean);
  if (entries.length > MAX_ENTRIES) {
    throw new ScanError('TOO_MANY_TARGETS', { count: entries.length, limit: MAX_ENTRIES });
  }
  const targets: Target[] = [];
  const excluded: AddressBlock[] = [];
  for (const entry of entries) {
    // Before anything else: a password must not come back in an error, so nothing of the login is shown.
    if (entry.includes('@')) throw bad(entry.replace(/.*@/, '…@'), LOGIN_IN_TARGET);
    if (entry.startsWith('!')) excluded.push(parseExclusion(entry));
    else if (entry.toLowerCase() === LOCAL) targets.push(...localTargets(interfaces));
    else targets.push(parseTarget(entry));
  }
  if (targets.length === 0) throw new ScanError('NO_TARGET');
  return { targets, excluded };
}

/** The networks of this machine. */
function localTargets(interfaces: Interfaces): Target[] {
  const networks = localNetworks(interfaces);
  if (networks.length === 0) throw bad(LOCAL, 'this machine is in no IPv4 network');
  return networks.map(parseTarget);
}

function parseExclusion(entry: string): AddressBlock {
  const block = withReason(entry, () => parseBlock(unbracket(entry.slice(1))));
  if (!block) throw bad(entry, 'an exclusion must be an address, a network or a range');
  return block;
}

function parseTarget(entry: string): Target {
  if (entry.length > MAX_ENTRY_CHARS) throw bad(entry, 'it is too long');
  const { host, port, transport } = splitEntry(entry);
  const written: Written = {
    text: entry,
    ...(port !== undefined && { port }),
    ...(transport && { transport }),
  };
  const block = withReason(entry, () => parseBlock(host));
  if (block) {
    if (blockSize(block) > MAX_BLOCK)
      throw bad(entry, 'the network is too large; use /96 or smaller for IPv6');
    return { kind: 'block', block, ...written };
  }
  if (isHostName(host)) return { kind: 'name', name: host.replace(/\.$/, ''), ...written };
  throw bad(entry, whyNotHost(host));
}

interface SplitEntry {
  readonly host: string;
  readonly port?: number;
  readonly transport?: Transport;
}

function splitEntry(entry: string): SplitEntry {
  const url = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(entry);
  if (!url) return splitHostPort(entry);
  const transport = transportNamed(url[1] ?? '');
  if (!transport) throw bad(entry, 'only mqtt://, mqtts://, ws:// and wss:// are known');
  const [authority = '', ...path] = (url[2] ?? '').split('/');
  if (path.some(Boolean)) throw bad(entry, 'a path cannot be scanned');
  return { port: DEFAULT_PORTS[transport], ...splitHostPort(authority), transport };
}

function splitHostPort(text: string): SplitEntry {
  // Brackets are for IPv6 (RFC 3986 §3.2.2).
  const bracketed = /^\[([^\]]*:[^\]]*)\](?::(.*))?$/.exec(text);
  if (bracketed) {
    const host = bracketed[1] ?? '';
    return bracketed[2] === undefined ? { host } : { host, port: portOf(text, bracketed[2]) };
  }
  const parts = text.split(':');
  const [host = '', port] = parts;
  // More than one colon without brackets is an IPv6 address, or nothing at all.
  return parts.length === 2 && port !== undefined ? { host, port: portOf(text, port) } : { host: text };
}

/** A single port; what people write in a list of ports is told apart from a slip of the pen. */
function portOf(entry: string, port: string): number {
  const transport = /^\d+\/(\w+)$/.exec(port)?.[1];
  if (transport !== undefined && transportNamed(transport)) {
    throw bad(
      entry,
      'a transport is written in front of a target (ws://host:9001), or behind a port in the list of ports',
    );
  }
  if (/^\d+-\d+$/.test(port)) throw bad(entry, 'ranges of ports belong in the list of ports');
  return parsePort(port);
}

function unbracket(text: string): string {
  return text.replace(/^\[(.*:.*)\]$/, '$1');
}

function whyNotHost(host: string): string {
  if (/^[\d.]+$/.test(host)) {
    if (host.split('.').some((part) => /^0\d/.test(part)))
      return 'numbers of an address have no leading zeros';
    return 'an IPv4 address has four numbers from 0 to 255';
  }
  if (host === '-') return 'a range is written as 10.0.0.1-50, without blanks';
  if (host.startsWith('[')) return 'brackets are for one IPv6 address, network or range';
  if (host.includes('%')) return 'addresses with a zone are not supported';
  if (host.includes(':')) return 'it is not an IPv6 address';
  if (host.includes('/')) return 'a network is an address, a slash and a prefix length';
  return 'it is no address, network, range or host name';
}

function withReason<T>(entry: string, parse: () => T): T {
  try {
    return parse();
  } catch (thrown) {
    if (thrown instanceof SyntaxReason) throw bad(entry, thrown.message);
    throw thrown;
  }
}

function bad(target: string, reason: string): ScanError {
  return new ScanError('BAD_TARGET', { target: printable(target, 80), reason });
}
