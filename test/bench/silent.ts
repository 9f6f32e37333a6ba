import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DEFAULTS } from '../../lib/scan';
import { inSilentNetwork } from '../support/silent-network';
import { type Cost, print } from './measure';

const run = promisify(execFile);

const WINDOW = 8000;
const ADDRESSES = 2 ** 16;

/** 65,536 addresses that drop every packet: the window and the time-out say how long that takes at least. */
export async function silent(): Promise<void> {
  const root = join(__dirname, '..', '..');
  const scan = [
    join(root, 'scripts', 'run.mjs'),
    join('test', 'bench', 'silent-child.ts'),
    '10.77.0.0/16',
    '1883',
  ];
  const args = inSilentNetwork(process.execPath, ...scan, String(WINDOW));
  try {
    const { stdout } = await run('unshare', args, { cwd: root });
    const cost = JSON.parse(stdout) as Cost;
    const least = (ADDRESSES * DEFAULTS.connectTimeoutMs) / WINDOW;
    const over = ((cost.ms / least - 1) * 100).toFixed(1);
    print(
      `Discovery of a silent /16 on one port, window ${WINDOW}`,
      cost,
      `window and time-out allow ${Math.round(least)} ms; ${over} % more than that`,
    );
  } catch (thrown) {
    console.log(
      `A silent /16: skipped, no network namespace (${thrown instanceof Error ? thrown.message : thrown})`,
    );
  }
}
