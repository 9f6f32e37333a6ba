import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root.mjs';

/** Runs a TypeScript program of this package inside this process, once its dependencies are there. */
export async function runTypeScript(...path) {
  const { register } = await import('tsx/esm/api');
  register();
  await import(pathToFileURL(join(root, ...path)).href);
}
