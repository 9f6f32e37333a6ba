import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './root.mjs';

/** Runs a TypeScript program of this package inside this process, once its dependencies are there. */
export function runTypeScript(...path) {
  const require = createRequire(import.meta.url);
  require('tsx/cjs/api').register();
  require(join(root, ...path));
}
