import { type FileHandle, open, rename, rm } from 'node:fs/promises';

/** Pieces are collected up to about this many bytes before they are written. */
const WRITE_BYTES = 64 * 1024;

/**
 * Writes pieces to a new file that only its owner can read, and has the system put them on the disk.
 * @returns the size in bytes
 * @throws file errors (`EEXIST` when the file is there), whatever `pieces` throws, and the signal's reason
 */
export async function writeDurably(
  file: string,
  pieces: AsyncIterable<string | Uint8Array>,
  signal?: AbortSignal,
): Promise<number> {
  const handle = await open(file, 'wx', 0o600);
  try {
    let bytes = 0;
    for await (const block of blocks(pieces)) {
      signal?.throwIfAborted();
      await handle.writeFile(block);
      bytes += block.byteLength;
    }
    await handle.sync();
    return bytes;
  } finally {
    await handle.close();
  }
}

async function* blocks(pieces: AsyncIterable<string | Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    const block = typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece;
    waiting.push(block);
    bytes += block.byteLength;
    if (bytes < WRITE_BYTES) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    bytes = 0;
  }
  yield Buffer.concat(waiting);
}

/** A file under its hidden name and the name under which it is to appear. */
export interface PendingFile {
  readonly temporary: string;
  readonly final: string;
}

/** Gives files their final names; when one cannot have it, none appears. */
export async function publish(files: readonly PendingFile[], directory: string): Promise<void> {
  const done: string[] = [];
  try {
    for (const { temporary, final } of files) {
      await rename(temporary, final);
      done.push(final);
    }
  } catch (thrown) {
    await removeAll(done);
    throw thrown;
  }
  await syncDirectory(directory);
}

/** Removes files that may be there. What cannot be removed stays: there is an error to report already. */
export async function removeAll(files: readonly string[]): Promise<void> {
  await Promise.allSettled(files.map((file) => rm(file, { force: true })));
}

/** Makes the new names survive a power failure, where the system lets a directory be opened. */
async function syncDirectory(directory: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(directory, 'r');
    await handle.sync();
  } catch {
    // Windows and some network file systems refuse; the files themselves are on the disk.
  } finally {
    await handle?.close();
  }
}
