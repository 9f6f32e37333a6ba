/**
 * One scan with the compiled package, as users run it, in a process of its own: prints what it cost as JSON.
 * `node scan-child.mjs '{"targets": …, "options": …, "probeOnly": true, "runs": 15}'`
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { root } from '../../scripts/root.mjs';

const require = createRequire(import.meta.url);
const { targets, options, probeOnly = false, runs = 1 } = JSON.parse(process.argv[2] ?? '{}');

const RESOLUTION_MS = 5;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
let count = 0;
const eachMs = [];
for (let run = 0; run < runs; run++) {
  const startedAt = performance.now();
  for await (const _ of probeOnly ? await discovery() : scanning()) count++;
  eachMs.push(Math.round(performance.now() - startedAt));
}
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
console.log(
  JSON.stringify({
    ms: eachMs.reduce((sum, ms) => sum + ms, 0),
    eachMs,
    cpuMs: Math.round((userCPUTime + systemCPUTime) / 1000),
    peakRssMb: Math.round((maxRSS * 1024) / 1e6),
    loopDelayP99Ms: Math.max(0, Math.round(delay.percentile(99) / 1e6 - RESOLUTION_MS)),
    count,
  }),
);

function scanning() {
  const { scan } = require(join(root, 'dist', 'lib'));
  return scan(targets, options);
}

/** The work of `mqtt-probe` alone. */
async function discovery() {
  const { DEFAULTS, discover, planScan, ScanSession } = require(join(root, 'dist', 'lib', 'scan'));
  const { Gate, Scope, systemResolve } = require(join(root, 'dist', 'lib', 'net'));
  const { systemClock } = require(join(root, 'dist', 'lib', 'model'));
  const { ports, window, rate, connectTimeoutMs, phaseTimeoutMs } = { ...DEFAULTS, ...options };
  const scope = Scope.parse('loopback');
  const plan = await planScan(
    { targets, ports },
    { scope, resolve: systemResolve, timeoutMs: phaseTimeoutMs },
  );
  const gate = new Gate({ window, rate });
  const session = new ScanSession(plan, {
    scope,
    gate,
    connectTimeoutMs,
    phaseTimeoutMs,
    clock: systemClock,
  });
  return discover(session, { reportClosed: 'auto', strictness: false });
}
