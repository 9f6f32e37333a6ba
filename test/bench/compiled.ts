import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ScanOptions } from '../../lib';
import type { Cost } from './measure';

const run = promisify(execFile);
export const ROOT = join(__dirname, '..', '..');

/** A scan for a process of its own. */
export interface CompiledScan {
  readonly targets: string | readonly string[];
  readonly options: ScanOptions;
  /** The work of `mqtt-probe` alone. */
  readonly probeOnly?: boolean;
  /** How often, in the same process; once unless told. */
  readonly runs?: number;
}

let built: Promise<unknown> | undefined;

/** The command that runs a scan with the compiled package. */
async function scanCommand(scan: CompiledScan): Promise<string[]> {
  built ??= run(process.execPath, [join(ROOT, 'scripts', 'build.mjs')]);
  await built;
  return [process.execPath, join(__dirname, 'scan-child.mjs'), JSON.stringify(scan)];
}

/** The cost of all runs together, and the time of each. */
export interface CompiledCost extends Cost {
  readonly eachMs: readonly number[];
  /** Reports that came. */
  readonly count: number;
}

/** What a scan costs whoever installed the package: compiled, in a process without anything else. */
export async function costOf(
  scan: CompiledScan,
  around: (...command: string[]) => string[] = (...command) => command,
): Promise<CompiledCost> {
  const [program = '', ...args] = around(...(await scanCommand(scan)));
  const { stdout } = await run(program, args, { cwd: ROOT });
  return JSON.parse(stdout);
}
