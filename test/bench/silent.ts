import { DEFAULTS } from '../../lib/scan';
import { inSilentNetwork } from '../support/silent-network';
import { costOf } from './compiled';
import { FAST } from './drain';
import { print } from './measure';

const WINDOW = 8000;
const ADDRESSES = 2 ** 16;

/**
 * 65,536 addresses that drop every packet. Each takes the whole time-out, and the window lets so many wait at once: that
 * gives the rounds, and the time that no scan with these settings can fall below.
 */
export async function silent(): Promise<void> {
  const scan = { targets: '10.77.0.0/16', options: { ...FAST, ports: '1883', window: WINDOW } };
  const inside = (program = '', ...args: string[]) => ['unshare', ...inSilentNetwork(program, ...args)];
  try {
    const cost = await costOf(scan, inside);
    const rounds = Math.ceil(ADDRESSES / WINDOW);
    const least = rounds * DEFAULTS.connectTimeoutMs;
    const over = ((cost.ms / least - 1) * 100).toFixed(1);
    print(
      `Discovery of a silent /16 on one port, window ${WINDOW}`,
      cost,
      `${rounds} rounds of ${DEFAULTS.connectTimeoutMs} ms are ${least} ms; ${over} % more than that`,
    );
  } catch (thrown) {
    console.log(
      `A silent /16: skipped, no network namespace (${thrown instanceof Error ? thrown.message : thrown})`,
    );
  }
}
