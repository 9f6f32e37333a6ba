import { type Endpoint, type EndpointReport, onStop, ScanError } from '../model';
import { probeEndpoint } from '../probe';
import { BoundedQueue } from './bounded-queue';
import type { ScanSession } from './session';

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

/**
 * Visits every endpoint of a scan and yields the reports while they come, in no particular order.
 * Ends early when the session is stopped. Leaving the loop stops the session.
 */
export async function* discover(
  session: ScanSession,
  options: DiscoverOptions,
): AsyncGenerator<EndpointReport> {
  const queue = new BoundedQueue<EndpointReport>(MAX_WAITING);
  const endpoints = session.plan.space[Symbol.iterator]();
  const workers = Math.min(session.plan.space.size, session.context.gate.limit, MAX_WORKERS);
  const stopWaiting = onStop(session.signal, () => queue.end());
  const work = async (): Promise<void> => {
    for (const endpoint of endpoints) {
      await session.backlog.room();
      if (session.isStopped) return;
      if (!endpoint) session.countPassedOver();
      else await visit(endpoint, session, options, queue);
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

async function visit(
  endpoint: Endpoint,
  session: ScanSession,
  { reportClosed, strictness }: DiscoverOptions,
  queue: BoundedQueue<EndpointReport>,
): Promise<void> {
  try {
    const report = await probeEndpoint(endpoint, session.context, { strictness });
    session.countScanned();
    if (!isReported(report, endpoint, reportClosed)) return;
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
