import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MosquittoMissingError } from '../../brokers/errors';
import type { Lab, LabCredentials, LabOptions } from '../../brokers/lab-types';
import { startMosquittoLab } from '../../brokers/mosquitto';
import type { EndpointReport, ScanDocument, ScanSummary } from '../../lib/model';
import { type Collector, type ObservedMessage, startCollector } from './collector';
import { type NodeRedVersion, type Runtime, startNodeRed } from './node-red-runtime';
import { brokenScans, type FlowParts, observedScan, profileNodes } from './scan-flows';
import { temporaryFolder } from './temporary-folders';
import { orSkip, UnavailableError } from './unavailable';

/** What `report-out` sends. */
export interface ReportPayload {
  readonly number: number;
  readonly files: readonly { readonly format: string; readonly path: string }[];
  readonly summary: ScanSummary;
}

/** What every test of one Node-RED works with. */
export interface Bench {
  readonly lab: Lab;
  readonly runtime: Runtime;
  readonly collector: Collector;
}

/** Starts lab, Node-RED and collector before the tests of a suite and ends them afterwards. */
export function useBench(
  version: NodeRedVersion,
  startLab: (options: LabOptions) => Promise<Lab>,
): () => Bench {
  let lab: Lab | undefined;
  let runtime: Runtime | undefined;
  let collector: Collector | undefined;

  before(async function () {
    const credentials = { username: 'labuser', password: newSecret() };
    const directory = await temporaryFolder('lab');
    const ports = { plainPort: 0, tlsPort: 0 };
    lab = await orSkip(this, () => startLab({ ...ports, directory, credentials, intervalMs: 250, seed: 7 }));
    runtime = await orSkip(this, () => startNodeRed({ version }));
    collector = await startCollector();
  });
  after(async () => {
    await runtime?.stop();
    await collector?.stop();
    await lab?.stop();
  });
  return () => {
    assert.ok(lab && runtime && collector);
    return { lab, runtime, collector };
  };
}

/** @throws UnavailableError where Mosquitto is not installed */
export async function startInstalledMosquitto(options: LabOptions): Promise<Lab> {
  try {
    return await startMosquittoLab(options);
  } catch (thrown) {
    if (thrown instanceof MosquittoMissingError) throw new UnavailableError(thrown.message);
    throw thrown;
  }
}

/** Words that no log, message or file may ever contain. */
const secrets: string[] = [];

/** A password that must stay one. */
export function newSecret(): string {
  const secret = `secret-${randomBytes(9).toString('hex')}`;
  secrets.push(secret);
  return secret;
}

/** Deploys a scan whose every message is observed, and scans that cannot work. */
export async function deployObserved(
  { lab, runtime, collector }: Bench,
  login?: LabCredentials,
): Promise<void> {
  const parts: FlowParts = { lab, collector, ...(login && { login }) };
  // No folder can be made below a file, whoever tries.
  const unwritable = join(runtime.userDir, 'settings.js', 'reports');
  await runtime.deploy([...profileNodes(parts), ...observedScan(parts), ...brokenScans(parts, unwritable)]);
}

/** Runs a scan and waits for its report. */
export async function scanned({ runtime, collector }: Bench, payload: object): Promise<ObservedMessage> {
  const marker = newMarker();
  await post(runtime, 'scan', { payload, marker });
  return collector.waitFor('reports', (message) => message.marker === marker);
}

/** A small scan from end to end. */
export async function assertScanWorks(bench: Bench): Promise<void> {
  const report = payloadOf(await scanned(bench, { targets: bench.lab.insecure.url, listen: 0 }));
  assert.equal(report.summary.openBrokers, 1);
  assert.equal(report.summary.endpointsScanned, 1);
}

let markers = 0;

/** A property value by which a message is known again. */
export function newMarker(): string {
  return `marker-${++markers}`;
}

/** Sends a message into a flow through one of its entries. */
export async function post({ url }: Runtime, entry: string, message: object): Promise<void> {
  const response = await fetch(`${url}/${entry}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(message),
  });
  assert.equal(await response.text(), 'sent');
}

/** Waits for something to become true. */
export async function until(test: () => boolean, what: string, withinMs = 5000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!test()) {
    assert.ok(Date.now() < deadline, `not within ${withinMs} ms: ${what}`);
    await delay(10);
  }
}

/** What a message of `report-out` says. */
export function payloadOf({ payload }: ObservedMessage): ReportPayload {
  return payload as ReportPayload;
}

/** The JSON report that a message speaks of. */
export function documentOf({ files }: ReportPayload): ScanDocument {
  const file = files.find(({ format }) => format === 'json');
  assert.ok(file);
  return JSON.parse(readFileSync(file.path, 'utf8')) as ScanDocument;
}

export function byNumber(a: number, b: number): number {
  return a - b;
}

/** The ports of some endpoints in order. */
export function portsOf(endpoints: readonly EndpointReport[]): number[] {
  return endpoints.map(({ port }) => port).sort(byNumber);
}

/** Looks for passwords wherever a user, or whoever reads his files, could come across one. */
export async function assertNoSecrets({ runtime, collector }: Bench): Promise<void> {
  const { userDir } = runtime;
  const flows = await runtime.get('/flows').then((response) => response.text());
  const places: [string, string][] = [
    ['the log', runtime.log()],
    ['the messages', collector.everything()],
    ['GET /flows', flows],
    ...filesOf(userDir).map((path): [string, string] => [path, readFileSync(path, 'latin1')]),
  ];
  assert.ok(existsSync(join(userDir, 'mqtt-scan-reports')));
  for (const [place, text] of places) {
    for (const secret of secrets) {
      for (const form of [secret, Buffer.from(secret).toString('base64')]) {
        const at = text.indexOf(form);
        assert.equal(at, -1, `a password stands in ${place}: ${text.slice(at - 200, at + 80)}`);
      }
    }
  }
}

/** All files of a user directory, apart from installed packages. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesOf(path) : [path];
    });
}
