import { lstat, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseReportName } from './names';

/**
 * Removes the reports of a folder but for the newest ones. Files that are no reports of ours stay, links too. What
 * cannot be removed stays until the next time: an old report must not cost anybody the new one.
 * @param newest the number that was just written; higher ones are somebody else's and count as newer
 * @param keep how many numbers stay, 1 or more
 */
export async function removeOldReports(
  directory: string,
  basename: string,
  newest: number,
  keep: number,
): Promise<void> {
  try {
    const reports = (await readdir(directory)).flatMap((name) => {
      const parsed = parseReportName(name, basename);
      return parsed === undefined ? [] : [{ name, number: parsed.number }];
    });
    const numbers = [...new Set(reports.map(({ number }) => number))].sort((a, b) => b - a);
    const kept = new Set(numbers.slice(0, Math.max(1, keep)));
    const old = reports.filter(({ number }) => number < newest && !kept.has(number));
    await Promise.allSettled(old.map(({ name }) => removeFile(path.join(directory, name))));
  } catch {
    // The folder cannot be read any more; the report is in it all the same.
  }
}

async function removeFile(file: string): Promise<void> {
  if ((await lstat(file)).isFile()) await rm(file);
}
