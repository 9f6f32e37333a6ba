import { type Endpoint, type EndpointReport, onStop, ScanError } from '../model';
import {
  GIVEN_UP,
  isWorthSweeping,
  Sweep,
  type SweepBatch,
  type SweptFailures,
  type TellClosed,
} from '../net';
import { unansweredReport } from '../probe';
import { BoundedQueue } from './bounded-queue';
import type { ScanSession } from './session';
import { probeStage } from './stages';

/** When to report endpoints behind which nothing listens; `auto`: those that were named singly. */
export type ReportClosed = 'auto' | 'always' | 'never';

export interface DiscoverOptions {
  readonly reportClosed: ReportClosed;
  /** Send malformed packets too, to see how strictly a broker keeps to the standard. */
  readonly strictness: boolean;
}

/** Results that wait for whoever reads them. */
const MAX_WAITING = 256;
/** Workers are cheap; how many connections there are is the gate's business. */
const MAX_WORKERS = 10_000;
/** Endpoints that a sweep has found and nobody has probed yet, before it is held back. */
const MAX_FOUND = 1000;

const TELL_CLOSED: Readonly<Record<ReportClosed, TellClosed>> = {
  auto: 'named',
  always: 'all',
  never: 'none',
};

/** An endpoint to probe, or one of which is known already that it does not accept connections. */
interface Finding {
  readonly endpoint: Endpoint;
  readonly failed?: Pick<SweptFailures, 'failure' | 'reason'>;
  /** It accepted a connection a moment ago: it is reported, whatever the probe comes to. */
  readonly isOpen?: boolean;
}

/**
 * Visits every endpoint of a scan and yields the reports while they come, in no particular order.
 * Ends early when the session is stopped. Leaving the loop stops the session.
 */
export async function* discover(
  session: ScanSession,
  options: DiscoverOptions,
): AsyncGenerator<EndpointReport> {
  const { space } = session.plan;
  const queue = new BoundedQueue<EndpointReport>(MAX_WAITING);
  const findings = isWorthSweeping(space) ? swept(session, options.reportClosed) : listed(session);
  const workers = Math.min(space.size, session.context.gate.limit, MAX_WORKERS);
  const stopWaiting = onStop(session.signal, () => queue.end());
  const work = async (): Promise<void> => {
    // Not `for await`: whoever leaves such a loop ends the source for all others.
    for (let next = await findings.next(); !next.done; next = await findings.next()) {
      await session.backlog.room();
      if (session.isStopped) return;
      await visit(next.value, session, options, queue);
    }
  };
  const done = Promise.all(Array.from({ length: workers }, work)).finally(() => queue.end());
  try {
    yield* queue;
    await done;
  } finally {
    session.finishDiscovery();
    // The reader left early: nobody would take further results.
    if (!(await settled(done))) session.stop();
    stopWaiting();
  }
}

/** Every endpoint of a small scan, to be probed at once. */
function* listed(session: ScanSession): Generator<Finding> {
  for (const endpoint of session.plan.space) {
    if (endpoint) yield { endpoint };
    else session.countPassedOver();
  }
}

/** The endpoints of a large scan that accept connections, and those that are reported although they do not. */
async function* swept(session: ScanSession, reportClosed: ReportClosed): AsyncGenerator<Finding> {
  const { scope, pinned, gate, connectTimeoutMs, signal } = session.context;
  const { space } = session.plan;
  const tellClosed = TELL_CLOSED[reportClosed];
  const sweep = new Sweep({ space, scope, pinned, gate, connectTimeoutMs, tellClosed, signal });
  const findings = new BoundedQueue<Finding>(Number.POSITIVE_INFINITY);
  const add = (position: number, found: Omit<Finding, 'endpoint'>): void => {
    const endpoint = space.at(position);
    if (endpoint) void findings.push({ endpoint, ...found });
  };
  const takeBatch = ({ closed, passedOver, givenUp, found, failures }: SweepBatch): void => {
    session.countScanned(closed);
    session.countPassedOver(passedOver);
    session.countGivenUp(givenUp);
    for (const position of found) add(position, { isOpen: true });
    for (const { positions, failure, reason } of failures) {
      for (const position of positions) add(position, { failed: { failure, reason } });
    }
    sweep.hold(findings.size > MAX_FOUND);
  };
  const swept = sweep
    .run(takeBatch)
    .catch((thrown: unknown) => session.addProblem(ScanError.from(thrown)))
    .finally(() => findings.end());
  for await (const finding of findings) {
    yield finding;
    if (findings.size < MAX_FOUND / 2) sweep.hold(false);
  }
  await swept;
}

async function visit(
  { endpoint, failed, isOpen = false }: Finding,
  session: ScanSession,
  { reportClosed, strictness }: DiscoverOptions,
  queue: BoundedQueue<EndpointReport>,
): Promise<void> {
  try {
    const report = failed
      ? unansweredReport(endpoint, failed)
      : await probeStage(endpoint, session.context, { strictness });
    if (report.probe?.reason === GIVEN_UP) return session.countGivenUp();
    // What a sweep tells one by one it has counted, too.
    if (!failed) session.countScanned();
    if (!isOpen && !isReported(report, endpoint, reportClosed)) return;
    session.record(report);
    await queue.push(report);
  } catch (thrown) {
    // An endpoint in progress when the scan was stopped counts as not reached.
    if (session.isStopped) return;
    session.countScanned();
    session.addProblem(ScanError.from(thrown));
  }
}

function isReported(report: EndpointReport, endpoint: Endpoint, reportClosed: ReportClosed): boolean {
  if (report.outcome !== 'closed' && report.outcome !== 'unreachable') return true;
  return reportClosed === 'always' || (reportClosed === 'auto' && endpoint.named);
}

const pending = Symbol('pending');

async function settled(work: Promise<unknown>): Promise<boolean> {
  return (await Promise.race([work, Promise.resolve(pending)])) !== pending;
}
