import { lstat, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ScanError } from '../model';
import { REPORT_FORMATS } from './formats';
import { isErrno } from './fs-error';
import {
  claimName,
  isTemporaryName,
  MAX_REPORT_NUMBER,
  parseClaimName,
  parseReportName,
  reportName,
} from './names';

/** Claims below the newest ones are removed, but only when nobody can still be relying on them. */
const CLAIMS_KEPT = 32;
/** Age in milliseconds from which old claims, and files of writers that died, may be removed. */
export const STALE_MS = 60 * 60 * 1000;
/** Longest time in milliseconds from reading the folder to the claim for the claim to count. */
const CLAIM_WINDOW_MS = 60 * 1000;

/**
 * Takes the next report number of a folder and base name. The number is one above every report and every
 * claim found, and it is taken by creating its claim file exclusively, so two processes never get the same
 * one. A claim outlives its report: a report deleted by hand does not free its number.
 *
 * Claims are cleaned up, so a claim could be missing although its number was given away: A reads the
 * folder, B claims 6, C claims 7 and removes claim 6, A creates claim 6 again. Only claims older than
 * {@link STALE_MS} are removed, and a claim counts only within {@link CLAIM_WINDOW_MS} of the reading that
 * it rests on. What A did not see was created after A's reading, hence is still there when A's claim counts.
 *
 * @returns the number, which belongs to the caller whether he uses it or not
 * @throws file errors as they are; ScanError `REPORT_FOLDER` when the numbers are used up
 */
export async function claimNumber(
  directory: string,
  basename: string,
  now: () => number = Date.now,
): Promise<number> {
  // Numbers that turned out to be taken although no listing shows them, as on a file system that ignores
  // case. Counting up from them keeps the loop going forward.
  let taken = 0;
  for (;;) {
    const readAt = now();
    const names = await readdir(directory);
    const number = Math.max(taken, highestNumber(names, basename)) + 1;
    if (number > MAX_REPORT_NUMBER) {
      throw new ScanError('REPORT_FOLDER', { directory, reason: 'its report numbers are used up' });
    }
    const claimed = await createClaim(path.join(directory, claimName(basename, number)));
    // A clock that was set back tells nothing about the time that has passed.
    const elapsed = now() - readAt;
    const inTime = elapsed >= 0 && elapsed <= CLAIM_WINDOW_MS;
    if (claimed && inTime && !(await hasReport(directory, basename, number))) {
      await tidy(directory, basename, names, number, now());
      return number;
    }
    taken = number;
  }
}

function highestNumber(names: readonly string[], basename: string): number {
  let highest = 0;
  for (const name of names) {
    const number = parseClaimName(name, basename) ?? parseReportName(name, basename)?.number ?? 0;
    highest = Math.max(highest, number);
  }
  return highest;
}

/** True when the claim file was created, false when the number is somebody else's. */
async function createClaim(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.close();
    return true;
  } catch (thrown) {
    if (isErrno(thrown, 'EEXIST')) return false;
    throw thrown;
  }
}

/** True when a report has this number, as one that was copied into the folder by hand may. */
async function hasReport(directory: string, basename: string, number: number): Promise<boolean> {
  for (const format of REPORT_FORMATS) {
    if (await exists(path.join(directory, reportName(basename, number, format)))) return true;
  }
  return false;
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (thrown) {
    if (isErrno(thrown, 'ENOENT')) return false;
    throw thrown;
  }
}

/** Removes old claims and what dead writers left. Housekeeping must not cost anybody his report. */
async function tidy(
  directory: string,
  basename: string,
  names: readonly string[],
  newest: number,
  now: number,
): Promise<void> {
  for (const name of names) {
    const claim = parseClaimName(name, basename);
    const removable = claim === undefined ? isTemporaryName(name, basename) : claim <= newest - CLAIMS_KEPT;
    if (removable) await removeIfStale(path.join(directory, name), now);
  }
}

async function removeIfStale(file: string, now: number): Promise<void> {
  try {
    const { mtimeMs } = await lstat(file);
    if (now - mtimeMs > STALE_MS) await rm(file);
  } catch {
    // Somebody else was faster, or it is not ours to remove; the next report tries again.
  }
}
