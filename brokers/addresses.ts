import { networkInterfaces } from 'node:os';

const WILDCARDS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** True for the addresses that mean every interface. */
function isWildcard(host: string): boolean {
  return host in WILDCARDS;
}

/** Where to connect to reach what listens on `host`: a wildcard address can be listened on, not dialled. */
export function dialHost(host: string): string {
  return WILDCARDS[host] ?? host;
}

/** What a server certificate must name so that clients can verify a server that listens on `host`. */
export function namesFor(host: string): string[] {
  return isWildcard(host) ? ownAddresses() : [host];
}

/** This machine's addresses in the network; link-local ones are left out, since they are dialled with a zone. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !address.toLowerCase().startsWith('fe80:'))
    .map(({ address }) => address);
}
