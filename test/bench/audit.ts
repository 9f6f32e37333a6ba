import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedLab } from '../../brokers/embedded';
import { drain } from './drain';
import { measured, median } from './measure';

/** Everything but listening, on the lab's two brokers. */
export async function audit(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const lab = await startEmbeddedLab({ plainPort: 0, tlsPort: 0, directory: folder });
  try {
    const targets = [`127.0.0.1:${lab.insecure.port}`, `127.0.0.1:${lab.secure.port}`];
    const options = { listen: false, tls: { ca: lab.ca }, credentials: lab.credentials } as const;
    const times: number[] = [];
    for (let i = 0; i < 15; i++) {
      times.push((await measured(async () => void (await drain(targets, options)))).ms);
    }
    console.log(`Audit of the lab without listening\n    median ${median(times)} ms of ${times.length} runs`);
  } finally {
    await lab.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
