import type { AuthOptions } from '../auth';
import {
  type Clock,
  type Credentials,
  type EndpointReport,
  onStop,
  ScanError,
  type ScanSummary,
  systemClock,
  type TlsMaterial,
} from '../model';
import { type CredentialsOver, Gate, type Resolve, Scope, systemResolve } from '../net';
import { policyFrom, ScanRisk } from '../risk';
import type { TlsOptions } from '../tls';
import type { ListenOptions } from '../traffic';
import { BoundedQueue } from './bounded-queue';
import { DEFAULT_AUTH, DEFAULT_LISTEN, DEFAULT_TLS, DEFAULTS } from './defaults';
import { discover, type ReportClosed } from './discover';
import { assertOptions } from './limits';
import { planScan } from './plan';
import { type ScanProgress, ScanSession } from './session';
import { authStage, listenStage, type Stage, tlsStage, withRisk } from './stages';

export interface ScanOptions {
  /** `1883, 8883, 9001/ws` */
  readonly ports?: string;
  readonly credentials?: Credentials;
  /** `trusted-tls` keeps the login back where there is no TLS, or its certificate does not hold. */
  readonly credentialsOver?: CredentialsOver;
  /** CIDR blocks, host names, `private`, `loopback`, `any`. */
  readonly scope?: string;
  readonly window?: number;
  /** New connections a second. */
  readonly rate?: number;
  readonly connectTimeoutMs?: number;
  readonly phaseTimeoutMs?: number;
  /** CA to trust besides the public ones, client certificate. One object for all scans keeps TLS fast. */
  readonly tls?: TlsMaterial;
  readonly reportClosed?: ReportClosed;
  /** Send malformed packets too; they have crashed old brokers. */
  readonly strictness?: boolean;
  readonly tlsOptions?: Partial<TlsOptions>;
  readonly auth?: Partial<AuthOptions>;
  /** `false` leaves listening out. */
  readonly listen?: Partial<ListenOptions> | false;
  readonly policy?: string;
  /** A table that builds on the policy: `{ severities, mute }`, as the editor of `risk-classify` takes it. */
  readonly policyTable?: object;
  readonly signal?: AbortSignal;
  /** Called at most four times a second, and once at the end. */
  readonly onProgress?: (progress: ScanProgress) => void;
  readonly resolve?: Resolve;
  readonly clock?: Clock;
}

/** Endpoints that are examined at once, each with at most two connections. */
const MAX_EXAMINED = 64;
const PROGRESS_MS = 250;

/**
 * Runs all stages of a scan without Node-RED: yields each endpoint's report as soon as it is complete and
 * returns the summary.
 *
 * @throws ScanError for what the user must mend; results of targets are never thrown
 * @example for await (const report of scan('192.168.1.0/24')) console.log(report.url, report.risk?.level);
 */
export async function* scan(
  targets: string | readonly string[],
  options: ScanOptions = {},
): AsyncGenerator<EndpointReport, ScanSummary> {
  const session = await openSession(targets, options);
  const policy = policyFrom(options.policyTable ?? {}, options.policy ?? DEFAULTS.policy);
  const risk = new ScanRisk(policy);
  const stages = stagesOf(options);
  const stopWaiting = options.signal && onStop(options.signal, () => session.stop());
  if (options.signal?.aborted) session.stop();
  // Results that nobody asks for any more do not keep a process alive.
  const timer = setInterval(() => options.onProgress?.(session.progress()), PROGRESS_MS).unref();
  try {
    for await (const report of examined(session, stages, options)) {
      const classified = withRisk(report, policy, session.startedAt);
      risk.add(classified);
      session.record(classified);
      yield classified;
    }
    const [problem] = session.problems;
    if (problem) throw problem;
    return { ...session.summary(), ...risk.summary() };
  } finally {
    clearInterval(timer);
    stopWaiting?.();
    options.onProgress?.(session.progress());
  }
}

async function openSession(targets: string | readonly string[], options: ScanOptions): Promise<ScanSession> {
  assertOptions(options);
  const scope = Scope.parse(options.scope ?? DEFAULTS.scope);
  const connectTimeoutMs = options.connectTimeoutMs ?? DEFAULTS.connectTimeoutMs;
  const phaseTimeoutMs = options.phaseTimeoutMs ?? DEFAULTS.phaseTimeoutMs;
  const plan = await planScan(
    { targets, ports: options.ports ?? DEFAULTS.ports },
    { scope, resolve: options.resolve ?? systemResolve, timeoutMs: phaseTimeoutMs },
  );
  const gate = new Gate({ window: options.window ?? DEFAULTS.window, rate: options.rate ?? DEFAULTS.rate });
  const { tls, credentials, credentialsOver = DEFAULTS.credentialsOver, clock = systemClock } = options;
  const times = { connectTimeoutMs, phaseTimeoutMs };
  return new ScanSession(plan, { scope, gate, ...times, tls, credentials, credentialsOver, clock });
}

function stagesOf(options: ScanOptions): Stage[] {
  const stages = [
    tlsStage({ ...DEFAULT_TLS, ...options.tlsOptions }),
    authStage({ ...DEFAULT_AUTH, ...options.auth }),
  ];
  return options.listen === false
    ? stages
    : [...stages, listenStage({ ...DEFAULT_LISTEN, ...options.listen })];
}

/** Runs the stages of several endpoints side by side and yields each when it is through. */
async function* examined(
  session: ScanSession,
  stages: readonly Stage[],
  options: ScanOptions,
): AsyncGenerator<EndpointReport> {
  const through = new BoundedQueue<EndpointReport>(MAX_EXAMINED);
  const { reportClosed = DEFAULTS.reportClosed, strictness = false } = options;
  const source = discover(session, { reportClosed, strictness });
  const worker = async (): Promise<void> => {
    for (;;) {
      const next = await source.next();
      if (next.done) return;
      await through.push(await examine(next.value, session, stages));
    }
  };
  const done = Promise.all(Array.from({ length: MAX_EXAMINED }, worker)).finally(() => through.end());
  let isComplete = false;
  try {
    yield* through;
    await done;
    isComplete = true;
  } finally {
    through.end();
    // The reader has left early. Workers still wait for endpoints, and would keep the source from ending before the last one.
    if (!isComplete) session.stop();
    await source.return(undefined);
  }
}

async function examine(
  report: EndpointReport,
  session: ScanSession,
  stages: readonly Stage[],
): Promise<EndpointReport> {
  let enriched = report;
  for (const stage of stages) {
    try {
      enriched = await stage(enriched, session.context);
    } catch (thrown) {
      // After a stop the report goes on with what is in it.
      if (session.isStopped) break;
      session.addProblem(ScanError.from(thrown));
    }
  }
  return enriched;
}
