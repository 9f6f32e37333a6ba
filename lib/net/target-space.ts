import { randomInt } from 'node:crypto';
import type { Endpoint } from '../model';
import { type AddressBlock, blockContains, blockSize } from './block';
import { formatIp, type Ip } from './ip';
import { permutation } from './permutation';
import { embeddedIpv4, isNever } from './special-addresses';
import { isNamed, type TargetRun, withoutOverlaps } from './target-runs';

/** A target space as data. */
export interface SpaceDescription {
  readonly runs: readonly TargetRun[];
  readonly excluded: readonly AddressBlock[];
  readonly seed: number;
}

/**
 * All endpoints of a scan, in memory that does not grow with their number: the n-th endpoint is computed.
 * Large spaces are visited in a shuffled order.
 */
export class TargetSpace implements Iterable<Endpoint | undefined> {
  /** Endpoints before exclusions. */
  readonly size: number;
  readonly #runs: readonly { readonly run: TargetRun; readonly start: number }[];
  readonly #excluded: readonly AddressBlock[];
  readonly #seed: number;
  readonly #order: (position: number) => number;

  constructor(runs: readonly TargetRun[], excluded: readonly AddressBlock[] = [], seed = randomInt(2 ** 32)) {
    let start = 0;
    this.#runs = withoutOverlaps(runs).map((run) => {
      const placed = { run, start };
      start += Number(blockSize(run.block)) * run.ports.length;
      return placed;
    });
    this.size = start;
    this.#excluded = excluded;
    this.#seed = seed;
    this.#order = start > SHUFFLE_FROM ? permutation(start, seed) : (index) => index;
  }

  /** Visits every endpoint once; `undefined` stands for an excluded address, or one that is never scanned. */
  *[Symbol.iterator](): Generator<Endpoint | undefined> {
    for (let position = 0; position < this.size; position++) yield this.at(position);
  }

  /** The endpoint that is visited at a position, 0 … size-1. The same description gives the same order. */
  at(position: number): Endpoint | undefined {
    return this.#at(this.#order(position));
  }

  /** Ports that are visited at one address, at most. */
  get mostPorts(): number {
    return this.#runs.reduce((most, { run }) => Math.max(most, run.ports.length), 0);
  }

  /** What it takes to build this space again in another thread. */
  get description(): SpaceDescription {
    return { runs: this.#runs.map(({ run }) => run), excluded: this.#excluded, seed: this.#seed };
  }

  static of({ runs, excluded, seed }: SpaceDescription): TargetSpace {
    return new TargetSpace(runs, excluded, seed);
  }

  #at(index: number): Endpoint | undefined {
    const { run, start } = this.#runAt(index);
    const offset = index - start;
    const port = run.ports[offset % run.ports.length];
    const value = run.block.first + BigInt(Math.floor(offset / run.ports.length));
    const ip: Ip = { family: run.block.family, value };
    if (!port || isNever(ip) || this.#isExcluded(ip)) return undefined;
    const address = formatIp(ip);
    const named = isNamed(run) && run.ports.length <= MAX_NAMED_PORTS;
    return { target: run.name ?? address, address, named, ...port };
  }

  /** What is not to be visited is not visited by way of a translator or tunnel either. */
  #isExcluded(ip: Ip): boolean {
    if (this.#excluded.length === 0) return false;
    const inner = embeddedIpv4(ip);
    return this.#excluded.some(
      (block) => blockContains(block, ip) || (inner !== undefined && blockContains(block, inner)),
    );
  }

  #runAt(index: number): { readonly run: TargetRun; readonly start: number } {
    let low = 0;
    let high = this.#runs.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#runs[middle]?.start ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    const found = this.#runs[low];
    if (!found) throw new RangeError(`no endpoint ${index}`);
    return found;
  }
}

/** With more ports than this an address does not count as named singly: nobody wants a report of each closed port. */
const MAX_NAMED_PORTS = 256;

/** Small scans keep the order in which their targets were written. */
const SHUFFLE_FROM = 1024;
