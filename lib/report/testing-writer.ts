import type { EndpointReport } from '../model';
import { writeReport } from './report-files';
import { dataOf, plainEndpoint } from './testing';

/**
 * A process that writes reports, for the tests of several at once. Arguments: the folder, how many reports,
 * and `medium` or `heavy` for ones that take long enough to be killed in the middle.
 */
async function main(): Promise<void> {
  const [directory = '', count = '1', weight = ''] = process.argv.slice(2);
  const data = dataOf(endpointsOf(weight));
  for (let done = 0; done < Number(count); done += 1) {
    const { number } = await writeReport(data, {
      directory,
      basename: 'r',
      formats: ['csv', 'json'],
      timezone: 'UTC',
    });
    process.send?.(number);
  }
  process.disconnect?.();
}

/** About 20 MB, 400 KB, or next to nothing. */
function endpointsOf(weight: string): EndpointReport[] {
  const count = { medium: 100, heavy: 5000 }[weight];
  if (count === undefined) return [plainEndpoint()];
  return Array.from({ length: count }, () => plainEndpoint({ target: 'x'.repeat(4096) }));
}

main().catch((thrown: unknown) => {
  console.error(thrown);
  process.exitCode = 1;
  process.disconnect?.();
});
