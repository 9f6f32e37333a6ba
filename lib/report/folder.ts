import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isErrno } from './fs-error';

/**
 * Makes a folder and what is missing above it, for the owner only (0700). One level at a time: on file systems
 * that refuse new folders with ENOENT (Linux's /proc), the recursive `mkdir` of Node.js 20 never returns.
 * @throws the file system's error
 */
export async function makeFolder(directory: string): Promise<void> {
  if (await isFolder(directory)) return;
  const parent = path.dirname(directory);
  if (parent !== directory) await makeFolder(parent);
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (thrown) {
    // Another writer was faster.
    if (!(isErrno(thrown, 'EEXIST') && (await isFolder(directory)))) throw thrown;
  }
}

async function isFolder(directory: string): Promise<boolean> {
  try {
    return (await stat(directory)).isDirectory();
  } catch (thrown) {
    if (isErrno(thrown, 'ENOENT')) return false;
    throw thrown;
  }
}
