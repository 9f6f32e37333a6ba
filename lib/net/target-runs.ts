import { ScanError } from '../model';
import type { AddressBlock } from './block';
import type { PortSpec } from './ports';

/** A run of addresses and the ports to try on each of them. */
export interface TargetRun {
  /** The target's text when it is a name; members of a block are named by their address. */
  readonly name?: string;
  readonly block: AddressBlock;
  readonly ports: readonly PortSpec[];
  /** Whether these endpoints were named singly; where it is not said, names and single addresses were. */
  readonly named?: boolean;
}

/** A run with its place among those that were written. */
interface Placed {
  readonly run: TargetRun;
  readonly order: number;
}

/** Steps of the comparison below; ranges that all overlap each other would take longer than anybody waits. */
const MAX_STEPS = 5_000_000;

/**
 * The same endpoints as in the runs that were written, each in one run only. A port without a transport stands
 * for TCP and TLS on it, so it takes those in; WebSocket is another way in and stays. Where an address was given
 * by name as well, the name stays, because it is needed for SNI and for the certificate; two names of one address
 * stay two, since a server may tell them apart.
 * @throws ScanError TOO_MANY_TARGETS when thousands of ranges overlap
 */
export function withoutOverlaps(runs: readonly TargetRun[]): TargetRun[] {
  const placed = runs.map((run, order): Placed => ({ run, order }));
  const names = joinNames(placed.filter(({ run }) => run.name !== undefined));
  const literals = placed.filter(({ run }) => run.name === undefined);
  const pieces = ([4, 6] as const).flatMap((family) => {
    const isOfFamily = ({ run }: Placed): boolean => run.block.family === family;
    return disjoint(literals.filter(isOfFamily), names.filter(isOfFamily));
  });
  return [...names, ...pieces].sort(byPlace).map(({ run }) => run);
}

const byPlace = (a: Placed, b: Placed): number =>
  a.order - b.order || compare(a.run.block.first, b.run.block.first);

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

/** One run for each name and address, with all ports that were written for it. */
function joinNames(list: readonly Placed[]): Placed[] {
  const joined = new Map<string, Placed[]>();
  for (const placed of list) {
    const { name = '', block } = placed.run;
    const key = `${name.toLowerCase()} ${block.family} ${block.first}`;
    joined.set(key, [...(joined.get(key) ?? []), placed]);
  }
  return [...joined.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const ports =
      others.length === 0
        ? eachOnce(first.run.ports)
        : joinPorts([first, ...others].map(({ run }) => run)).map(({ spec }) => spec);
    return { order: first.order, run: { ...first.run, ports } };
  });
}

/** Cuts runs at every address where one begins or ends, and at every address that has a name. */
function disjoint(literals: readonly Placed[], names: readonly Placed[]): Placed[] {
  const starts = [...literals].sort((a, b) => compare(a.run.block.first, b.run.block.first));
  const byAddress = new Map<bigint, TargetRun[]>();
  for (const { run } of names) {
    byAddress.set(run.block.first, [...(byAddress.get(run.block.first) ?? []), run]);
  }
  const cuts = [...literals, ...names].flatMap(({ run: { block } }) => [block.first, block.last + 1n]);
  const points = [...new Set(cuts)].sort(compare);
  const pieces: Placed[] = [];
  let active: Placed[] = [];
  let begun = 0;
  let steps = 0;
  points.forEach((first, i) => {
    active = active.filter(({ run }) => run.block.last >= first);
    for (let next = starts[begun]; next?.run.block.first === first; next = starts[begun]) {
      active.push(next);
      begun++;
    }
    steps += active.length;
    if (steps > MAX_STEPS) throw new ScanError('TOO_MANY_TARGETS', { count: steps, limit: MAX_STEPS });
    const end = points[i + 1];
    if (active.length > 0 && end !== undefined) {
      pieces.push(...pieceOf(first, end - 1n, active, byAddress.get(first) ?? []));
    }
  });
  return pieces;
}

/** What several runs say about the same addresses: at most one run of what was named singly, and one of the rest. */
function pieceOf(
  first: bigint,
  last: bigint,
  active: readonly Placed[],
  names: readonly TargetRun[],
): Placed[] {
  const inOrder = [...active].sort((a, b) => a.order - b.order);
  const [leader] = inOrder;
  if (!leader) return [];
  const block = { family: leader.run.block.family, first, last };
  if (names.length === 0 && inOrder.every(({ run }) => run.ports === leader.run.ports)) {
    const named = inOrder.some(({ run }) => isNamed(run));
    return [{ order: leader.order, run: { block, ports: eachOnce(leader.run.ports), named } }];
  }
  const byName = new Set(names.flatMap(({ ports }) => ports.map(keyOf)));
  const ports = joinPorts(inOrder.map(({ run }) => run)).filter(
    ({ spec }) => !byName.has(keyOf(spec)) && !(isStream(spec) && byName.has(keyOf({ port: spec.port }))),
  );
  return [true, false].flatMap((named) => {
    const some = ports.filter((port) => port.named === named).map(({ spec }) => spec);
    return some.length === 0 ? [] : { order: leader.order, run: { block, ports: some, named } };
  });
}

interface NamedPort {
  readonly spec: PortSpec;
  readonly named: boolean;
}

/** The ports of all runs, each once. */
function joinPorts(runs: readonly TargetRun[]): NamedPort[] {
  const joined = new Map<string, NamedPort>();
  for (const run of runs) {
    for (const spec of run.ports) {
      const key = keyOf(spec);
      const known = joined.get(key);
      joined.set(key, { spec, named: isNamed(run) || known?.named === true });
    }
  }
  return [...joined.values()].flatMap(({ spec, named }) => {
    const { port, transport } = spec;
    if (transport) return isStream(spec) && joined.has(keyOf({ port })) ? [] : { spec, named };
    const taken = [
      joined.get(keyOf({ port, transport: 'tcp' })),
      joined.get(keyOf({ port, transport: 'tls' })),
    ];
    return { spec, named: named || taken.some((other) => other?.named === true) };
  });
}

/** One list of ports is shared by thousands of targets, and may be long. */
const listsOfOnce = new WeakMap<readonly PortSpec[], readonly PortSpec[]>();

function eachOnce(list: readonly PortSpec[]): readonly PortSpec[] {
  const known = listsOfOnce.get(list);
  if (known) return known;
  const keys = new Set(list.map(keyOf));
  const once = list.filter((spec) => !(isStream(spec) && keys.has(keyOf({ port: spec.port }))));
  listsOfOnce.set(list, once);
  return once;
}

/** True for endpoints that somebody wrote one by one. */
export function isNamed({ name, block, named }: TargetRun): boolean {
  return named ?? (name !== undefined || block.first === block.last);
}

const keyOf = ({ port, transport }: PortSpec): string => `${port}/${transport ?? ''}`;

const isStream = ({ transport }: PortSpec): boolean => transport === 'tcp' || transport === 'tls';
