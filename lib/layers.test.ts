import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** The folders in their order: each uses only those before it. */
const LAYERS = ['model', 'net', 'wire', 'probe', 'tls', 'auth', 'traffic', 'risk', 'report', 'scan'];

/** A file that belongs to no test, and the modules that it imports. */
interface Source {
  readonly file: string;
  readonly imports: readonly string[];
}

const sources: readonly Source[] = readdirSync(__dirname, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|(^|[\\/])testing/.test(file))
  .map((file) => ({
    file,
    imports: [
      ...readFileSync(join(__dirname, file), 'utf8').matchAll(/(?:from|import|require\() ?'([^']+)'/g),
    ].map(([, name = '']) => name),
  }));

describe('the folders of the engine', () => {
  it('are all in the order', () => {
    const folders = new Set(
      sources
        .map(({ file }) => file.split(sep))
        .flatMap(([first = '', ...rest]) => (rest.length > 0 ? first : [])),
    );
    assert.deepEqual([...folders].sort(), [...LAYERS].sort());
  });

  it('use only those before them, each as a whole', () => {
    const wrong = sources.flatMap(({ file, imports }) =>
      imports
        .filter((name) => name.startsWith('.'))
        .map((name) => relative(__dirname, join(__dirname, dirname(file), name)).split(sep))
        .filter(([folder = '', ...inside]) => !mayUse(file.split(sep)[0] ?? '', folder, inside.length > 0))
        .map((path) => `${file} uses ${path.join('/')}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('know nothing of Node-RED', () => {
    const wrong = sources.filter(({ imports }) => imports.some((name) => /node-red/.test(name)));
    assert.deepEqual(wrong, []);
  });
});

/** @param isInside whether a file of the folder is named, and not the folder */
function mayUse(from: string, folder: string, isInside: boolean): boolean {
  if (from === folder) return true;
  // The entrance of the engine lies above all folders.
  const rank = LAYERS.includes(from) ? LAYERS.indexOf(from) : LAYERS.length;
  return !isInside && LAYERS.includes(folder) && LAYERS.indexOf(folder) < rank;
}
