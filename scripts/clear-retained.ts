/**
 * `npm run clear-retained -- <url>`: lists the retained messages of a broker; with `--clear` clears them after writing
 * a backup, with `--restore <file>` publishes a backup again.
 */
import { parseArgs } from 'node:util';
import { runCommand } from '../brokers/cli';
import {
  type Credentials,
  type EndpointReport,
  type RetainedResult,
  ScanError,
  systemClock,
} from '../lib/model';
import { Gate, Scope, type StageContext, systemResolve } from '../lib/net';
import { probeEndpoint } from '../lib/probe';
import { DEFAULTS, endpointOf, planScan, retainedStage } from '../lib/scan';
import { readBackup, restoreRetained, writeBackup } from '../lib/traffic';

const USAGE = `Usage: npm run clear-retained -- <url> [options]

  <url>               mqtt://host:1883, mqtts://host:8883, ws://…, wss://…, or host:port
  --filter <filter>   topics to look at; may be repeated (default: #)
  --clear             clear them; without it they are only listed
  --backup <folder>   where the backup file goes (default: mqtt-retained-backups)
  --restore <file>    publish the messages of a backup file again instead
  --scope <scope>     what may be written to (default: ${DEFAULTS.scope})

A login is taken from the environment: MQTT_USERNAME and MQTT_PASSWORD.`;

const OPTIONS = {
  filter: { type: 'string', multiple: true },
  clear: { type: 'boolean', default: false },
  backup: { type: 'string', default: 'mqtt-retained-backups' },
  restore: { type: 'string' },
  scope: { type: 'string', default: DEFAULTS.scope },
  help: { type: 'boolean', default: false },
} as const;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const [target] = positionals;
  if (values.help || target === undefined || positionals.length > 1) {
    console.log(USAGE);
    process.exitCode = values.help ? 0 : 1;
    return;
  }
  const { report, context } = await opened(target, values.scope);
  if (values.restore !== undefined) {
    const messages = await readBackup(values.restore);
    const count = await restoreRetained(endpointOf(report), report, messages, context);
    console.log(`${count} of ${messages.length} messages were published again at ${report.url}.`);
    return;
  }
  const stage = retainedStage({
    filters: values.filter ?? ['#'],
    dryRun: !values.clear,
    backup: (url, messages) => writeBackup(values.backup, url, messages),
  });
  const { retained } = await stage(report, context);
  if (retained) print(report.url, retained);
}

/** Probes the target: one that does not let us in is an error here. */
async function opened(
  target: string,
  scopeText: string,
): Promise<{ readonly report: EndpointReport; readonly context: StageContext }> {
  const scope = Scope.parse(scopeText);
  const { phaseTimeoutMs, connectTimeoutMs, window, rate } = DEFAULTS;
  const plan = await planScan(
    { targets: target, ports: '1883' },
    { scope, resolve: systemResolve, timeoutMs: phaseTimeoutMs },
  );
  const [endpoint] = plan.space;
  if (!endpoint?.named) throw new ScanError('BAD_INPUT', { reason: 'give one target, not a network' });
  const context: StageContext = {
    scope,
    pinned: plan.pinned,
    gate: new Gate({ window, rate }),
    connectTimeoutMs,
    phaseTimeoutMs,
    credentials: loginOf(process.env),
    clock: systemClock,
    signal: new AbortController().signal,
  };
  const report = await probeEndpoint(endpoint, context);
  if (report.outcome !== 'open') {
    throw new Error(
      `${report.url} does not let us in (${report.outcome}). A login is taken from MQTT_USERNAME and MQTT_PASSWORD.`,
    );
  }
  return { report, context };
}

function loginOf({
  MQTT_USERNAME: username,
  MQTT_PASSWORD: password = '',
}: NodeJS.ProcessEnv): Credentials | undefined {
  return username === undefined ? undefined : { username, password };
}

function print(
  url: string,
  { dryRun, messages, found, cleared, remaining, backup, capped, reason }: RetainedResult,
): void {
  for (const { topic, bytes, outcome, reason: why } of messages) {
    console.log(
      `${outcome.padEnd(8)} ${String(bytes).padStart(8)} bytes  ${topic}${why === undefined ? '' : ` (${why})`}`,
    );
  }
  console.log(`${found} retained messages at ${url}`);
  if (reason !== undefined) console.log(`Nothing could be listed: ${reason}`);
  if (capped) console.log('There are more, which were not touched. Run it again for the rest.');
  if (dryRun) console.log('Nothing was changed. Add --clear to clear them.');
  else console.log(`${cleared} were cleared, ${remaining} remain.`);
  if (backup !== undefined) console.log(`Backup: ${backup}`);
  if (remaining > 0) process.exitCode = 1;
}

runCommand(main);
