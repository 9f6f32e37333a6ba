import { lookup } from 'node:dns/promises';
import { reasonOf, ScanError } from '../model';
import { type Ip, parseIp } from './ip';

/** A name server that answers with thousands of addresses is not believed beyond this many. */
const MAX_ADDRESSES = 16;

/** Finds the addresses of a host name. Injected, so that tests need no name server. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** The resolver of the operating system: the hosts file and local name services count, as for other programs. */
export const systemResolve: Resolve = async (name) => {
  const found = await lookup(name, { all: true, verbatim: true });
  return found.map(({ address }) => address);
};

/**
 * The addresses of a name, each once. They are resolved one single time; who dials uses these addresses.
 * @throws ScanError NAME_NOT_RESOLVED
 */
export async function resolveName(name: string, resolve: Resolve, timeoutMs: number): Promise<Ip[]> {
  const texts = await withDeadline(resolve(name), timeoutMs).catch((thrown: unknown) => {
    throw new ScanError('NAME_NOT_RESOLVED', { target: name, reason: reasonOf(thrown) });
  });
  const ips = [...new Set(texts)].flatMap((text) => parseIp(text) ?? []).slice(0, MAX_ADDRESSES);
  if (ips.length === 0) throw new ScanError('NAME_NOT_RESOLVED', { target: name, reason: 'no address' });
  return ips;
}

function withDeadline<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
