/** `node scripts/run.mjs <program.ts> …`: runs a TypeScript program of this package, installing first if needed. */
import { ensureInstalled } from './install.mjs';
import { runTypeScript } from './run-typescript.mjs';

ensureInstalled();
// The program sees its own arguments only.
const [program] = process.argv.splice(2, 1);
runTypeScript(program);
