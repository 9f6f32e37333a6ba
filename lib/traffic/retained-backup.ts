import { mkdir, open, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { reasonOf, ScanError } from '../model';
import type { RetainedMessage } from './retained';

interface Line {
  readonly topic: string;
  /** Base64; payloads are bytes. */
  readonly payload: string;
}

/**
 * Writes messages to a new file in a folder, for its owner's eyes only: a line of JSON for each, with its topic and
 * its payload in base64.
 * @returns the path of the file
 * @throws ScanError REPORT_FOLDER
 */
export async function writeBackup(
  directory: string,
  url: string,
  messages: readonly RetainedMessage[],
  now: Date = new Date(),
): Promise<string> {
  const folder = resolve(directory);
  const host = url
    .replace(/^\w+:\/\//, '')
    .replace(/[^\w.-]+/g, '_')
    .slice(0, 80);
  const path = join(folder, `retained_${host}_${now.toISOString().replace(/[:.]/g, '-')}.jsonl`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Never over another file.
    const file = await open(path, 'wx', 0o600);
    try {
      for (const { topic, payload } of messages) {
        const line: Line = { topic, payload: payload.toString('base64') };
        await file.write(`${JSON.stringify(line)}\n`);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    return path;
  } catch (thrown) {
    throw new ScanError('REPORT_FOLDER', { directory: folder, reason: reasonOf(thrown) }, { cause: thrown });
  }
}

/** Reads a backup. @throws ScanError BAD_INPUT when a line is none of a backup */
export async function readBackup(path: string): Promise<RetainedMessage[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((text, i) => {
    const line = parsed(text);
    if (!line)
      throw new ScanError('BAD_INPUT', { reason: `line ${i + 1} of ${path} is no line of a backup` });
    return { topic: line.topic, payload: Buffer.from(line.payload, 'base64') };
  });
}

function parsed(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Partial<Line> | null;
    const isLine = typeof line?.topic === 'string' && typeof line.payload === 'string';
    return isLine ? (line as Line) : undefined;
  } catch {
    return undefined;
  }
}
