import type { EndpointReport } from '../../lib/model';
import type { StageContext } from '../../lib/net';
import { probeEndpoint } from '../../lib/probe';
import { authStage, DEFAULT_AUTH } from '../../lib/scan';
import { startMosquitto } from '../support/mosquitto';
import { loopbackContext } from '../support/stage-context';
import { median } from './measure';

const RUNS = 25;

/** Every read-only check of who is let in and what he may do, on one mosquitto over loopback. */
export async function auth(): Promise<void> {
  const broker = await startMosquitto({ config: 'allow_anonymous true', retained: ['site/a'] });
  try {
    const { hostname, port } = new URL(broker.target);
    const context = loopbackContext();
    const endpoint = { target: hostname, address: hostname, port: Number(port), named: true };
    const probed = await probeEndpoint(endpoint, context);
    const times: number[] = [];
    for (let i = 0; i < RUNS; i++) times.push(await timeOf(probed, context));
    const sorted = [...times].sort((a, b) => a - b);
    const range = `${Math.round(sorted[0] ?? 0)} to ${Math.round(sorted.at(-1) ?? 0)} ms`;
    console.log(`All read-only checks of access, one mosquitto on loopback`);
    console.log(`    median ${Math.round(median(times))} ms of ${RUNS} runs, ${range}`);
  } finally {
    await broker.stop();
  }
}

async function timeOf(report: EndpointReport, context: StageContext): Promise<number> {
  const startedAt = performance.now();
  await authStage(DEFAULT_AUTH)(report, context);
  return performance.now() - startedAt;
}
