import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { Clock, EndpointReport, ScanError, ScanInfo, ScanSummary } from '../model';
import { HostHealth, RefusedLogins, type StageContext } from '../net';
import { Backlog } from './backlog';
import { listenersOf } from './listeners';
import type { ScanPlan } from './plan';
import { ScanTally } from './tally';

/** Endpoints in later stages before discovery waits for them. */
const MAX_BACKLOG = 500;
/** Problems of single endpoints that are kept; the first says it all. */
const MAX_PROBLEMS = 10;

/** How far a scan has come. */
export interface ScanProgress {
  readonly scanId: string;
  readonly scanned: number;
  readonly total: number;
  /** 0 … 100 */
  readonly percent: number;
  readonly openPorts: number;
  readonly openBrokers: number;
  readonly authFailures: number;
  readonly elapsedMs: number;
  readonly state: 'running' | 'stopped' | 'done';
}

/** What the request says about later stages. */
export interface SessionNotes {
  readonly name?: string | undefined;
  /** How long to listen, in place of what the listening stage is set to. */
  readonly listenMs?: number | undefined;
}

/** One scan's life: what it visits, as whom, how far it has come, and the one switch that ends it. */
export class ScanSession {
  readonly id = randomBytes(8).toString('hex');
  readonly startedAt: string;
  readonly plan: ScanPlan;
  readonly context: StageContext;
  readonly notes: SessionNotes;
  readonly backlog = new Backlog(MAX_BACKLOG);
  readonly problems: ScanError[];
  readonly #clock: Clock;
  readonly #startedAtMs: number;
  readonly #controller = new AbortController();
  readonly #tally = new ScanTally();
  #scanned = 0;
  #passedOver = 0;
  #givenUp = 0;
  #finished = false;

  /** @param context what the stages are given, apart from what is this session's own */
  constructor(
    plan: ScanPlan,
    context: Omit<StageContext, 'signal' | 'pinned' | 'health' | 'refusedLogins'>,
    notes: SessionNotes = {},
  ) {
    this.plan = plan;
    this.notes = notes;
    this.problems = [...plan.problems];
    this.#clock = context.clock;
    // Every connection listens for the stop; many listeners are no leak here.
    setMaxListeners(0, this.#controller.signal);
    this.#startedAtMs = context.clock.now();
    this.startedAt = new Date(this.#startedAtMs).toISOString();
    this.context = {
      ...context,
      health: new HostHealth(),
      refusedLogins: new RefusedLogins(listenersOf(plan.space)),
      pinned: plan.pinned,
      signal: this.#controller.signal,
    };
  }

  get info(): ScanInfo {
    const { name } = this.notes;
    const { id, startedAt } = this;
    return { id, startedAt, targets: shortList(this.plan.targets), ...(name !== undefined && { name }) };
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isStopped(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Ends every connection, timer and wait of the scan. What was found so far remains. */
  stop(): void {
    this.#controller.abort(new Error('the scan was stopped'));
    this.backlog.release();
  }

  /** Notes that endpoints were visited, whatever became of them. */
  countScanned(count = 1): void {
    this.#scanned += count;
  }

  /** Notes endpoints that were not to be visited. */
  countPassedOver(count = 1): void {
    this.#passedOver += count;
  }

  /** Notes endpoints that were left out because their host does not answer. */
  countGivenUp(count = 1): void {
    this.#givenUp += count;
  }

  addProblem(problem: ScanError): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push(problem);
  }

  /** True for an endpoint that this scan has found itself. */
  hasFound(report: EndpointReport): boolean {
    return this.#tally.has(report);
  }

  /** True while discovery or a later stage is at work. */
  get isActive(): boolean {
    return !this.#finished || this.backlog.isBusy;
  }

  /** Notes what a stage has found out. */
  record(report: EndpointReport): void {
    this.#tally.record(report);
  }

  /** Discovery has visited everything; later stages may go on. */
  finishDiscovery(): void {
    this.#finished = true;
  }

  progress(): ScanProgress {
    const { openPorts, openBrokers, authFailures } = this.#tally.counts();
    const total = this.#total;
    return {
      scanId: this.id,
      scanned: this.#scanned,
      total,
      percent: total === 0 ? 100 : Math.floor(((this.#scanned + this.#givenUp) * 100) / total),
      openPorts,
      openBrokers,
      authFailures,
      elapsedMs: this.#clock.now() - this.#startedAtMs,
      state: this.isStopped ? 'stopped' : this.#finished ? 'done' : 'running',
    };
  }

  /** The result of the scan once it has ended. */
  summary(): ScanSummary {
    const notReached = Math.max(0, this.#total - this.#scanned);
    return {
      scanId: this.id,
      startedAt: this.startedAt,
      finishedAt: new Date(this.#clock.now()).toISOString(),
      targets: this.plan.targets,
      ports: this.plan.ports,
      endpointsScanned: this.#scanned,
      ...this.#tally.counts(),
      ...(this.isStopped && { stopped: true }),
      ...((this.isStopped || notReached > 0) && { notReached }),
    };
  }

  get #total(): number {
    return this.plan.space.size - this.#passedOver;
  }
}

/** Every message of a scan carries its targets; ten thousand of them would be copied at every wire. */
const MAX_TOLD_TARGETS = 100;

function shortList(targets: readonly string[]): readonly string[] {
  if (targets.length <= MAX_TOLD_TARGETS) return targets;
  return [...targets.slice(0, MAX_TOLD_TARGETS), `… ${targets.length - MAX_TOLD_TARGETS} more`];
}
