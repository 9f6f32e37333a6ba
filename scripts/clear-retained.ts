/**
 * `npm run clear-retained -- <url>`: lists the retained messages of a broker; with `--clear` clears them after writing
 * a backup, with `--restore <file>` publishes a backup again.
 */
import { parseArgs } from 'node:util';
import { runCommand } from '../brokers/cli';
import {
  type Credentials,
  type EndpointReport,
  type Outcome,
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
  // What is wrong with the command shows before anything is sent.
  const backup = values.restore === undefined ? undefined : await readBackup(values.restore);
  const stage = retainedStage({
    filters: values.filter ?? ['#'],
    dryRun: !values.clear,
    backup: (url, messages) => writeBackup(values.backup, url, messages),
  });
  const { report, context } = await opened(target, values.scope);
  if (backup !== undefined) {
    const count = await restoreRetained(endpointOf(report), report, backup, context);
    console.log(`${count} of ${backup.length} messages were published again at ${report.url}.`);
    return;
  }
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
  const why = WHY_NOT[report.outcome];
  if (why !== undefined) {
    const reason = report.probe?.reason;
    throw new Error(`${report.url}: ${why}${reason === undefined ? '.' : ` (${reason}).`}`);
  }
  return { report, context };
}

/** Why nothing can be listed, by what became of the probe. */
const WHY_NOT: Readonly<Record<Outcome, string | undefined>> = {
  open: undefined,
  'auth-failed': 'the broker lets nobody in with this login. Set MQTT_USERNAME and MQTT_PASSWORD',
  closed: 'nothing listens there',
  unreachable: 'nothing answers there',
  'tls-error': 'no TLS connection could be made',
  'not-mqtt': 'what answers there is no MQTT broker',
};

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
  if (messages.some(({ redacted }) => redacted))
    console.log('Secrets in the names of topics are not shown; in a backup they are.');
  for (const { topic, bytes, outcome, reason: why } of messages) {
    console.log(
      `${outcome.padEnd(8)} ${String(bytes).padStart(8)} bytes  ${topic}${why === undefined ? '' : ` (${why})`}`,
    );
  }
  console.log(`${found} retained messages at ${url}`);
  if (reason !== undefined) console.log(`It ended early: ${reason}`);
  if (capped)
    console.log(
      'There are more, which were not touched. Run it again for the rest; messages over 4 MiB are left alone.',
    );
  if (dryRun) console.log('Nothing was changed. Add --clear to clear them.');
  else if (remaining === undefined) console.log('How many of them were cleared is not known.');
  else console.log(`${cleared} were cleared, ${remaining} remain.`);
  if (backup !== undefined) console.log(`Backup, secrets included, for its owner only: ${backup}`);
  if (reason !== undefined || (!dryRun && remaining !== 0)) process.exitCode = 1;
}

runCommand(main);
