/**
 * The scanning side, in a process with little memory. Scans every behaviour, once with one target and once with
 * two hundred, and prints what came of each as a line of JSON.
 *
 * Argument: which share of the behaviours. Standard input: their ports, as the hostile side printed them.
 */
import { writeSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { type EndpointReport, ScanError } from '../../lib/model';
import { type ScanOptions, scan } from '../../lib/scan';
import { BEHAVIOURS } from './behaviours';
import { excesses } from './bounds';
import { LoopSampler } from './loop-sampler';
import { MANY, type Measured, paceOf, rowsOf } from './measured';
import type { Row } from './row';

/** Longer than any deadline; a scan that comes to this is hanging. */
const HANG_MS = 30_000;
/** How long connections may take to close behind a scan. */
const GRACE_MS = 1000;
const SAMPLE_MS = 10;
const ATTEMPTS = 3;
const MEGABYTE = 1e6;

const unexpected: string[] = [];
process.on('unhandledRejection', (reason) => unexpected.push(`unhandledRejection: ${reason}`));
process.on('warning', ({ name, message }) => unexpected.push(`${name}: ${message}`));

async function main(): Promise<void> {
  const ports = new Map(Object.entries(JSON.parse(await text(process.stdin)) as Record<string, number>));
  const rows = rowsOf(Number(process.argv[2]));
  const portOf = (name: string): number => ports.get(name) ?? 0;
  for (const [name, row] of BEHAVIOURS) if (isWarmUp(name)) await run(name, row, portOf(name), 2, 0, 1);
  const baseline = collectedRss();
  for (const count of [1, MANY]) {
    for (const [name, row] of rows) {
      print(await runInPeace(name, row, portOf(name), count, baseline));
    }
  }
}

/** Loads and compiles what all scans share, so that it is not counted against the first. */
function isWarmUp(name: string): boolean {
  return /says yes|garbage|sends payloads|sends a Topic|lets us in and is silent/.test(name);
}

/** Memory without what only waits to be collected. */
function collectedRss(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss();
}

/**
 * Another program may have had the processor: what is late is tried again with more time for everything, and a fault is
 * late again.
 */
async function runInPeace(
  name: string,
  row: Row,
  port: number,
  count: number,
  baseline: number,
): Promise<Measured> {
  for (let attempt = 1; ; attempt++) {
    const measured = await run(name, row, port, count, baseline, attempt);
    const isGood = excesses(row, measured).length === 0 && measured.withoutEvidence === 0;
    if (isGood || attempt === ATTEMPTS) return measured;
    await delay(300);
  }
}

async function run(
  name: string,
  row: Row,
  port: number,
  count: number,
  baseline: number,
  patience: number,
): Promise<Measured> {
  const seen = new Seen(row);
  globalThis.gc?.();
  const peakBefore = process.resourceUsage().maxRSS;
  const memory = new MemorySampler();
  const loop = new LoopSampler(SAMPLE_MS);
  const startedAt = performance.now();
  const error = await scanAll(request(row, port, count, patience), HANG_MS * patience, seen);
  const elapsedMs = Math.round(performance.now() - startedAt);
  const loopDelayMs = Math.round(loop.stop());
  const { rss, heap } = memory.stop(peakBefore);
  return {
    name,
    count,
    patience,
    elapsedMs,
    ...seen.result(),
    ...(error !== undefined && { error }),
    rssGrowthMb: Math.round((rss - baseline) / MEGABYTE),
    heapMb: Math.round(heap / MEGABYTE),
    loopDelayMs,
    handles: await handlesLeft(),
    unexpected: unexpected.splice(0),
  };
}

/** @returns the code of the error with which the scan refused, or what else went wrong */
async function scanAll(
  { targets, options }: Request,
  hangMs: number,
  seen: Seen,
): Promise<string | undefined> {
  const signal = AbortSignal.timeout(hangMs);
  try {
    for await (const report of scan(targets, { ...options, signal })) seen.add(report);
    return signal.aborted ? 'hangs' : undefined;
  } catch (thrown) {
    return thrown instanceof ScanError ? thrown.code : String(thrown);
  }
}

interface Request {
  readonly targets: string[];
  readonly options: ScanOptions;
}

function request(row: Row, port: number, count: number, patience: number): Request {
  const targets = row.names ? [...row.names.names(count)] : [`127.0.0.1-${count}`];
  const { transport, names } = row;
  const pace = paceOf(count, patience);
  const options: ScanOptions = {
    ports: transport ? `${port}/${transport}` : String(port),
    window: MANY,
    rate: 10_000,
    connectTimeoutMs: pace.connectMs,
    phaseTimeoutMs: pace.phaseMs,
    reportClosed: 'always',
    // The check of rights waits half a second for messages; with many targets that is only time.
    auth: { authorisation: count === 1, ...row.auth },
    tlsOptions: { depth: count === 1 ? 'full' : 'certificate' },
    listen: { listenMs: pace.listenMs, onReading: () => undefined },
    ...(names && { resolve: names.start() }),
  };
  return { targets, options };
}

/** Counts reports and keeps none: two hundred reports of a thousand topics would be the test's own memory. */
class Seen {
  readonly #row: Row;
  readonly #outcomes: Record<string, number> = {};
  #withoutEvidence = 0;
  #sample = '';

  constructor(row: Row) {
    this.#row = row;
  }

  add(report: EndpointReport): void {
    this.#outcomes[report.outcome] = (this.#outcomes[report.outcome] ?? 0) + 1;
    const shown = JSON.stringify(shorten(report));
    const isMissing = this.#row.evidence?.test(shown) === false;
    if (isMissing) this.#withoutEvidence++;
    if (isMissing || this.#sample === '') this.#sample = shown.slice(0, 3000);
  }

  result(): Pick<Measured, 'outcomes' | 'withoutEvidence' | 'sample'> {
    return { outcomes: this.#outcomes, withoutEvidence: this.#withoutEvidence, sample: this.#sample };
  }
}

function shorten(report: EndpointReport): object {
  const { traffic, risk, ...rest } = report;
  const topics = traffic?.topics.slice(0, 20).map(({ topic, payload, sensor }) => ({
    topic: topic.slice(0, 80),
    payload: payload.slice(0, 40),
    sensor,
  }));
  // What was heard comes first: a sample is cut.
  return {
    ...(traffic && { traffic: { ...traffic, topics } }),
    findings: risk?.findings.map(({ id }) => id),
    ...rest,
  };
}

/** The largest memory while it runs. */
class MemorySampler {
  #rss = 0;
  #heap = 0;
  readonly #timer = setInterval(() => this.#sample(), SAMPLE_MS).unref();

  #sample(): void {
    const { rss, heapTotal } = process.memoryUsage();
    this.#rss = Math.max(this.#rss, rss);
    this.#heap = Math.max(this.#heap, heapTotal);
  }

  /** @param peakBefore the process's own high-water mark at the start, in kilobytes: it misses nothing */
  stop(peakBefore: number): { rss: number; heap: number } {
    clearInterval(this.#timer);
    this.#sample();
    const peak = process.resourceUsage().maxRSS;
    return { rss: Math.max(this.#rss, peak > peakBefore ? peak * 1024 : 0), heap: this.#heap };
  }
}

/** What keeps the process alive besides its own output, once connections had time to close. */
async function handlesLeft(): Promise<string[]> {
  const deadline = performance.now() + GRACE_MS;
  for (;;) {
    const left = process.getActiveResourcesInfo().filter((kind) => !OWN_HANDLES.has(kind));
    if (left.length === 0 || performance.now() > deadline) return left;
    await delay(20);
  }
}

/** Standard output and error. */
const OWN_HANDLES: ReadonlySet<string> = new Set(['PipeWrap', 'TTYWrap', 'FSReqCallback', 'FSReqPromise']);

function print(measured: Measured): void {
  const isPolluted = 'polluted' in {} || 'temp_c' in {};
  const problems = isPolluted
    ? [...measured.unexpected, 'Object.prototype was changed']
    : measured.unexpected;
  writeSync(1, `${JSON.stringify({ ...measured, unexpected: problems })}\n`);
}

void main();
