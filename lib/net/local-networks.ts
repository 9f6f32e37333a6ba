import { networkInterfaces } from 'node:os';
import { parseBlock } from './block';

/** What the operating system says about the interfaces of this machine. Injected, so that tests have their own. */
export type Interfaces = () => ReturnType<typeof networkInterfaces>;

export const systemInterfaces: Interfaces = networkInterfaces;

/**
 * The IPv4 subnets that this machine is in, as CIDR texts, each once; loopback and link-local (RFC 3927) left
 * out. IPv6 subnets are /64 and cannot be visited address by address (RFC 7707).
 */
export function localNetworks(interfaces: Interfaces): string[] {
  const networks = new Map<string, string>();
  for (const { cidr, family, internal } of Object.values(interfaces()).flatMap((list) => list ?? [])) {
    if (internal || family !== 'IPv4' || !cidr || cidr.startsWith('169.254.')) continue;
    const block = parseBlock(cidr);
    // Two addresses in one subnet are one network.
    const key = block && `${block.first}-${block.last}`;
    if (key && !networks.has(key)) networks.set(key, cidr);
  }
  return [...networks.values()];
}
