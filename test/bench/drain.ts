import { type ScanOptions, scan } from '../../lib';

/** As fast as it goes: politeness is not what is measured. */
export const FAST: ScanOptions = { window: 1000, rate: 1_000_000, listen: false };

/** Runs a scan to its end and counts the reports. */
export async function drain(targets: string | string[], options: ScanOptions): Promise<number> {
  let count = 0;
  for await (const _ of scan(targets, options)) count++;
  return count;
}
