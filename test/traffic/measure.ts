import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { EndpointReport, TrafficResult } from '../../lib/model';
import { DEFAULT_LISTEN, listenStage } from '../../lib/scan';
import type { ListenOptions } from '../../lib/traffic';
import { type Cost, measured } from '../bench/measure';
import { childEnvironment } from '../support/programs';
import { loopbackContext } from '../support/stage-context';

/** A program of this folder that prints one line when it is ready. */
export interface Ready {
  readonly line: string;
  readonly child: ChildProcessWithoutNullStreams;
  stop(): void;
}

export async function start(program: string, ...args: readonly string[]): Promise<Ready> {
  const file = join(__dirname, `${program}.ts`);
  const child = spawn(process.execPath, ['--import=tsx', file, ...args], { env: childEnvironment() });
  child.stderr.pipe(process.stderr);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { line, child, stop: () => child.stdin.end() };
}

/** The report of a broker on this machine that lets everybody in. */
export function openReport(port: number): EndpointReport {
  return {
    ...{ target: '127.0.0.1', address: '127.0.0.1', port, transport: 'tcp', outcome: 'open' },
    url: `mqtt://127.0.0.1:${port}`,
    probe: { versions: [4], openedAs: 'anonymous' } as never,
  };
}

export interface Listened extends Cost {
  readonly traffic: TrafficResult;
  /** Microseconds of processor time in this process for each message. */
  readonly cpuUsPerMessage: number;
  readonly baseRssMb: number;
}

/** Listens, and nothing else is measured but the processor time. */
export async function listenedPlainly(
  port: number,
  options: Partial<ListenOptions>,
): Promise<{ readonly traffic: TrafficResult; readonly cpuUs: number }> {
  const before = process.cpuUsage();
  const stage = listenStage({ ...DEFAULT_LISTEN, filters: ['#'], ...options });
  const { traffic } = await stage(openReport(port), loopbackContext());
  const { user, system } = process.cpuUsage(before);
  if (!traffic) throw new Error('there is no result');
  return { traffic, cpuUs: (user + system) / Math.max(1, traffic.messages) };
}

/** Listens and measures what it costs this process. */
export async function listened(port: number, options: Partial<ListenOptions>): Promise<Listened> {
  let traffic: TrafficResult | undefined;
  const before = process.cpuUsage();
  const baseRssMb = Math.round(process.memoryUsage.rss() / 1e6);
  const cost = await measured(async () => {
    const stage = listenStage({ ...DEFAULT_LISTEN, filters: ['#'], ...options });
    ({ traffic } = await stage(openReport(port), loopbackContext()));
  });
  const { user, system } = process.cpuUsage(before);
  if (!traffic) throw new Error('there is no result');
  return { ...cost, traffic, baseRssMb, cpuUsPerMessage: (user + system) / Math.max(1, traffic.messages) };
}
