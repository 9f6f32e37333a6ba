import { reasonOf, ScanError } from '../model';

/** True for what Node's file functions throw. */
function isFileError(thrown: unknown): thrown is NodeJS.ErrnoException {
  if (!(thrown instanceof Error) || !('code' in thrown)) return false;
  // A path with a NUL byte is refused before the system is asked, so such an error has no `syscall`.
  return 'syscall' in thrown || thrown.code === 'ERR_INVALID_ARG_VALUE';
}

/** True when a file function failed with the given code (`ENOENT`, `EEXIST`, …). */
export function isErrno(thrown: unknown, code: string): boolean {
  return isFileError(thrown) && thrown.code === code;
}

/** What was thrown while working in a folder, as the error that its user can act on. */
export function folderError(thrown: unknown, directory: string): unknown {
  if (!isFileError(thrown)) return thrown;
  return new ScanError('REPORT_FOLDER', { directory, reason: reasonOf(thrown) }, { cause: thrown });
}
