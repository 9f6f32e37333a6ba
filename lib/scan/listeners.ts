import { isWorthSweeping, type TargetSpace } from '../net';

/**
 * How many endpoints of an address are to be reckoned with. All of them in a small scan, which visits them together; in a
 * large one they come far apart, and most of them do not exist: one more is reckoned with than the one that was found.
 */
export function listenersOf(space: TargetSpace): (address: string) => number {
  if (isWorthSweeping(space)) {
    const expected = Math.min(2, space.mostPorts);
    return () => expected;
  }
  const counts = new Map<string, number>();
  for (const endpoint of space) {
    if (endpoint) counts.set(endpoint.address, (counts.get(endpoint.address) ?? 0) + 1);
  }
  return (address) => counts.get(address) ?? 1;
}
