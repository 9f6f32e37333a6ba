import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { removeFolder, temporaryFolder } from '../support/temporary-folders';
import { costOf, ROOT } from './compiled';
import { median } from './measure';

const RUNS = 15;

/** Everything but listening, on the lab's two brokers. */
export async function audit(): Promise<void> {
  const directory = await temporaryFolder('bench');
  const program = [join(ROOT, 'scripts', 'run.mjs'), join('test', 'bench', 'lab-child.ts'), directory];
  const lab = spawn(process.execPath, program, { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [line] = await once(createInterface({ input: lab.stdout }), 'line');
    const { targets, ca, credentials } = JSON.parse(line);
    const options = { listen: false, tls: { ca }, credentials } as const;
    const { eachMs } = await costOf({ targets, options, runs: RUNS });
    console.log(`Audit of the lab without listening\n    median ${median(eachMs)} ms of ${RUNS} runs`);
  } finally {
    lab.stdin.end();
    await once(lab, 'exit');
    await removeFolder(directory);
  }
}
