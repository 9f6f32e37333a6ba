import { INCIDENTAL } from '../../brokers/range/cards';
import type { EndpointReport } from '../../lib/model';

/** Rules that spoke, sorted, without remarks and without what hangs on the broker's release. */
export function findingIds({ risk }: EndpointReport): string[] {
  return (risk?.findings ?? [])
    .filter(({ severity, id }) => severity !== 'OK' && !INCIDENTAL.some((pattern) => pattern.test(id)))
    .map(({ id }) => id)
    .sort();
}
