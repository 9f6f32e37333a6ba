import { Socket } from 'node:net';
import type { Endpoint } from '../model';
import { ATTEMPTS, assertInScope, PAUSE_MS, RETRY_AFTER_MS } from './connector';
import { type DialFailure, failureOf, isConnectedToItself } from './dial';
import { HostHealth } from './host-health';
import { hostCounter, Pace } from './pace';
import { RetryAdvice } from './retry-advice';
import { RoundTrips } from './round-trips';
import { Scope } from './scope';
import { SweepTally } from './sweep-tally';
import { type SweepBatch, SweepCommon, type SweepTask } from './sweep-task';
import { TargetSpace } from './target-space';

/** How often time-outs are looked for and results are told. */
const TICK_MS = 25;
/** Connections that are begun before answers are looked at. */
const AT_A_TIME = 256;
/** Positions that are looked at before answers are: excluded networks may be large. */
const STEPS = 2048;
/** Endpoints that wait for another connection to their host to end. */
const MAX_BUSY = 128;

/** One endpoint on its way through the sweep. */
interface Visit {
  readonly position: number;
  readonly endpoint: Endpoint;
  /** The host's counter in the pace. */
  readonly host: number;
  /** How often this machine had no socket for it. */
  shortages: number;
  /** True for the second try after a silence. */
  isRepeated: boolean;
}

/** A connection of the sweep. It has no closures and no timer of its own: there are thousands of it a second. */
class SweepSocket extends Socket {
  failure: DialFailure | undefined;
  isAccepted = false;
  reason = '';

  constructor(
    readonly visit: Visit,
    readonly seat: number,
    readonly startedAt: number,
    readonly timeoutMs: number,
  ) {
    super();
  }
}

/**
 * Finds out which endpoints accept a connection, and nothing else. Each connection is closed at once; only those
 * endpoints that accepted are dialled again, by the probe. That second connection is the price for not
 * building a whole dial for each of thousands of closed ports, and a broker does not notice it: nothing was sent.
 */
export class SweepLoop {
  readonly #task: SweepTask;
  readonly #tell: (batch: SweepBatch) => void;
  readonly #space: TargetSpace;
  readonly #scope: Scope;
  readonly #pace: Pace;
  readonly #common: SweepCommon;
  readonly #roundTrips = new RoundTrips();
  readonly #health = new HostHealth();
  readonly #advice = new RetryAdvice();
  readonly #tally = new SweepTally();
  readonly #open = new Set<SweepSocket>();
  /** The host of each open connection plus one, for whoever cleans up if this thread ends before its time. */
  readonly #seats: Int32Array;
  readonly #freeSeats: number[];
  /** Waits for the window or the rate. */
  #pending: Visit | undefined;
  #busy: Visit[] = [];
  #later: { readonly visit: Visit; readonly dueAt: number }[] = [];
  readonly #due: Visit[] = [];
  #portion: { from: number; readonly to: number } | undefined = { from: 0, to: 0 };
  #isFilling = false;
  #timer: NodeJS.Timeout | undefined;
  #finish: () => void = () => undefined;

  constructor(task: SweepTask, tell: (batch: SweepBatch) => void) {
    this.#task = task;
    this.#tell = tell;
    this.#space = TargetSpace.of(task.space);
    this.#scope = Scope.ofTexts(task.scope) ?? Scope.parse('');
    this.#pace = Pace.join(task.pace);
    this.#common = new SweepCommon(task.common);
    this.#seats = new Int32Array(task.seats);
    this.#freeSeats = Array.from(this.#seats, (_, seat) => seat);
  }

  /** Visits what the threads of this sweep have not visited yet; ends when nothing is left to do. */
  run(): Promise<void> {
    return new Promise((resolve) => {
      this.#finish = resolve;
      this.#common.arrive();
      this.#timer = setInterval(() => this.#tick(), TICK_MS);
      this.#fill();
    });
  }

  #tick(): void {
    const now = performance.now();
    const { isStopped } = this.#common;
    for (const socket of this.#open) {
      if (isStopped) socket.destroy();
      else if (now - socket.startedAt >= socket.timeoutMs) {
        if (!socket.isAccepted) socket.failure ??= 'timeout';
        socket.destroy();
      }
    }
    this.#later = this.#later.filter(({ visit, dueAt }) => {
      if (dueAt > now) return true;
      this.#due.push(visit);
      return false;
    });
    this.#tellBatch();
    this.#fill();
  }

  #tellBatch(): void {
    const batch = this.#tally.take();
    if (batch) this.#tell(batch);
  }

  #fillSoon(): void {
    if (this.#isFilling) return;
    this.#isFilling = true;
    setImmediate(() => {
      this.#isFilling = false;
      this.#fill();
    });
  }

  #fill(): void {
    let begun = 0;
    let steps = 0;
    this.#busy = this.#busy.filter((visit) => {
      if (this.#isLeftOut(visit)) return false;
      if (begun >= AT_A_TIME || !this.#mayBegin()) return true;
      const isIn = this.#pace.enter(visit.host) === 'in';
      if (isIn) this.#connect(visit);
      begun += isIn ? 1 : 0;
      return !isIn;
    });
    while (this.#mayBegin()) {
      if (begun >= AT_A_TIME || steps++ >= STEPS) {
        this.#fillSoon();
        return;
      }
      const visit = this.#nextVisit();
      if (visit === 'passed') continue;
      if (visit === undefined) break;
      const admission = this.#pace.enter(visit.host);
      if (admission === 'full' || admission === 'too-soon') {
        this.#pending = visit;
        return;
      }
      if (admission === 'host-busy') this.#busy.push(visit);
      else {
        this.#connect(visit);
        begun++;
      }
    }
    this.#endIfDone();
  }

  /** The probes of what was found go first. */
  #mayBegin(): boolean {
    return this.#freeSeats.length > 0 && this.#common.isRunning && !this.#pace.isWanted;
  }

  #nextVisit(): Visit | 'passed' | undefined {
    const waiting = this.#pending ?? this.#due.pop();
    this.#pending = undefined;
    if (waiting) return this.#isLeftOut(waiting) ? 'passed' : waiting;
    if (this.#busy.length >= MAX_BUSY) return undefined;
    if (this.#portion && this.#portion.from >= this.#portion.to) {
      this.#portion = this.#common.take(this.#space.size);
    }
    if (!this.#portion) return undefined;
    return this.#visitAt(this.#portion.from++);
  }

  #visitAt(position: number): Visit | 'passed' {
    const endpoint = this.#space.at(position);
    if (!endpoint) {
      this.#tally.passedOver++;
      return 'passed';
    }
    const host = hostCounter(endpoint.address);
    const visit = { position, endpoint, host, shortages: 0, isRepeated: false };
    return this.#isLeftOut(visit) ? 'passed' : visit;
  }

  /** Notes a visit to a host that was given up: not reached, or without an answer when it was tried before. */
  #isLeftOut(visit: Visit): boolean {
    if (!this.#isGivenUp(visit)) return false;
    if (visit.isRepeated) this.#noteClosed(visit, 'timeout', silenceOf(this.#task.connectTimeoutMs));
    else this.#tally.givenUp++;
    return true;
  }

  #endIfDone(): void {
    const hasWork =
      this.#busy.length + this.#later.length + this.#due.length > 0 || this.#pending || this.#portion;
    if (this.#open.size > 0 || (hasWork && !this.#common.isStopped)) return;
    clearInterval(this.#timer);
    this.#tellBatch();
    this.#finish();
  }

  /** Dials an endpoint whose turn it is. */
  #connect(visit: Visit): void {
    const { target, address, port } = visit.endpoint;
    try {
      assertInScope({ target, address }, { scope: this.#scope, pinned: this.#task.pinned });
    } catch {
      // The probe asks again, and says so.
      this.#pace.leave(visit.host);
      this.#tally.found.push(visit.position);
      return;
    }
    const { connectTimeoutMs } = this.#task;
    // The second try has all the time that was given.
    const timeoutMs = visit.isRepeated
      ? connectTimeoutMs
      : this.#roundTrips.timeoutMs(address, connectTimeoutMs);
    const seat = this.#freeSeats.pop() ?? 0;
    this.#seats[seat] = visit.host + 1;
    const socket = new SweepSocket(visit, seat, performance.now(), timeoutMs);
    socket.on('error', noteError);
    socket.on('connect', closeAtOnce);
    socket.on('close', () => this.#closed(socket));
    this.#open.add(socket);
    socket.connect({ host: address, port, autoSelectFamily: false });
  }

  #closed(socket: SweepSocket): void {
    const { visit, seat } = socket;
    this.#open.delete(socket);
    this.#seats[seat] = 0;
    this.#pace.leave(visit.host);
    this.#freeSeats.push(seat);
    // What was cut short by a stop is not known.
    if (!this.#common.isStopped) this.#conclude(socket);
    this.#fillSoon();
  }

  #conclude(socket: SweepSocket): void {
    const { visit, failure, startedAt, timeoutMs } = socket;
    const reason = socket.reason || silenceOf(timeoutMs);
    const { address } = visit.endpoint;
    if (failure === 'no-resources') this.#retryForWantOfSockets(visit);
    else if (failure === undefined || failure === 'refused') {
      this.#roundTrips.note(address, performance.now() - startedAt);
      this.#health.noteAnswer(address);
      this.#advice.noteAnswer();
      if (failure) this.#noteClosed(visit, failure, reason);
      else this.#tally.found.push(visit.position);
    } else {
      this.#health.noteSilence(address);
      if (failure === 'timeout' && this.#isWorthRepeating(visit)) this.#repeat(visit);
      else this.#noteClosed(visit, failure, reason);
    }
  }

  #noteClosed({ endpoint, position }: Visit, failure: DialFailure, reason: string): void {
    const { tellClosed } = this.#task;
    const isTold = tellClosed === 'all' || (tellClosed === 'named' && endpoint.named);
    this.#tally.noteClosed(failure, reason, isTold ? position : undefined);
  }

  #isGivenUp({ endpoint: { address, port } }: Visit): boolean {
    return this.#health.isGivenUp(address, port);
  }

  #isWorthRepeating(visit: Visit): boolean {
    return !visit.isRepeated && !this.#isGivenUp(visit) && this.#advice.noteSilence();
  }

  #repeat(visit: Visit): void {
    visit.isRepeated = true;
    this.#later.push({ visit, dueAt: performance.now() + RETRY_AFTER_MS });
  }

  /** That this machine is short of sockets says nothing about a target. */
  #retryForWantOfSockets(visit: Visit): void {
    this.#pace.shrink();
    visit.shortages++;
    if (visit.shortages >= ATTEMPTS) this.#tally.found.push(visit.position);
    else this.#later.push({ visit, dueAt: performance.now() + PAUSE_MS * visit.shortages });
  }
}

const silenceOf = (timeoutMs: number): string => `no answer within ${Math.round(timeoutMs)} ms`;

function noteError(this: SweepSocket, { code, message }: NodeJS.ErrnoException): void {
  if (this.failure || this.isAccepted) return;
  this.failure = failureOf(code, this.visit.endpoint.address);
  this.reason = code ?? message;
}

function closeAtOnce(this: SweepSocket): void {
  if (isConnectedToItself(this)) {
    this.failure = 'refused';
    this.reason = 'ECONNREFUSED';
  } else this.isAccepted = true;
  this.destroy();
}
