import { setTimeout } from 'node:timers/promises';
import type { ReportData } from './data';
import { writeReport } from './report-files';
import { dataOf, plainEndpoint } from './testing';

/**
 * A process that writes reports, for the tests of several at once: `directory count delay`. With a delay
 * (milliseconds per endpoint read) it is slow enough to be killed in the middle.
 */
async function main(): Promise<void> {
  const [directory = '', count = '1', delay = '0'] = process.argv.slice(2);
  for (let done = 0; done < Number(count); done += 1) {
    const { number } = await writeReport(dataFor(Number(delay)), {
      directory,
      basename: 'r',
      formats: ['csv', 'json'],
      timezone: 'UTC',
    });
    process.send?.(number);
  }
  process.disconnect?.();
}

function dataFor(delay: number): ReportData {
  const endpoints = Array.from({ length: delay > 0 ? 5000 : 1 }, () => plainEndpoint());
  // A payload of 4 KB each makes the files long enough to be caught half written.
  const heavy = endpoints.map((endpoint) => ({ ...endpoint, target: 'x'.repeat(delay > 0 ? 4096 : 1) }));
  return dataOf(heavy);
}

main().catch(async (thrown: unknown) => {
  console.error(thrown);
  await setTimeout(0);
  process.exitCode = 1;
});
