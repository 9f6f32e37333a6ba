import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

let known: string | undefined;

/** The version of this package, from its `package.json`, which lies above the compiled code as above the source. */
export function toolVersion(): string {
  known ??= readVersion(__dirname);
  return known;
}

function readVersion(folder: string): string {
  const file = path.join(folder, 'package.json');
  if (!existsSync(file)) return readVersion(path.dirname(folder));
  const description: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const isKnown = typeof description === 'object' && description !== null && 'version' in description;
  return isKnown ? String(description.version) : 'unknown';
}
