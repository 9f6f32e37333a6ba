import { runCommand } from '../../brokers/cli';
import { audit } from './audit';
import { auth } from './auth';
import { brokers } from './brokers';
import { fleet } from './fleet';
import { report } from './report';
import { risk } from './risk';
import { silent } from './silent';
import { sweep } from './sweep';
import { tls } from './tls';
import { traffic } from './traffic';

/** `npm run bench` runs all of these one after the other, `npm run bench -- sweep audit` only the ones named. */
const BENCHMARKS: Readonly<Record<string, () => Promise<void>>> = {
  audit,
  auth,
  brokers,
  report,
  fleet,
  risk,
  silent,
  sweep,
  tls,
  traffic,
};

runCommand(async () => {
  const names = process.argv.slice(2);
  for (const name of names.length > 0 ? names : Object.keys(BENCHMARKS)) {
    const run = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
    if (!run)
      throw new Error(`There is no benchmark "${name}". Known: ${Object.keys(BENCHMARKS).join(', ')}`);
    await run();
  }
});
