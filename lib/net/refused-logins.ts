import { type Endpoint, onStop } from '../model';
import { forgetFirst } from './forget-first';

/**
 * Logins of ours, none at all among them, that may be refused at one address in one scan: many a lock is set off by the
 * fifth, whichever listener of the host it came to.
 */
export const MAX_REFUSED_LOGINS = 4;

/** How long further questions wait for the other listeners of a host to answer their first one, in milliseconds. */
const SIBLINGS_MS = 250;
/** Addresses that are remembered; the one that was met first is forgotten first. */
const MAX_ADDRESSES = 65_536;

/** What came of a question: whether it was refused, and whether a user name stood in it. */
export interface Answered {
  readonly isRefused: boolean;
  readonly isNamed?: boolean;
}

/** Tells what came of a question. To be called once, however it ended. */
export type Settle = (answered: Answered) => void;

/** Refused logins up to which a question may be asked; those with a user name are what most locks count. */
export interface RefusalLimits {
  readonly limit: number;
  /** Present for a question with a user name. */
  readonly namedLimit?: number;
  /**
   * Present for a question that does not put a login to the test: refusals that it leaves at least, and one for each
   * listener at which that is still to be done.
   */
  readonly leaves?: number;
}

/** A listener's name in this count: what is called by another name is visited for itself. */
export const listenerOf = ({ target, port }: Pick<Endpoint, 'target' | 'port'>): string =>
  `${target} ${port}`;

/** The refused logins of a scan, counted by address, since locks and those who watch logs count them so. */
export class RefusedLogins {
  readonly #addresses = new Map<string, RefusalsAtAddress>();
  readonly #listeners: (address: string) => number;

  /** @param listeners endpoints of an address that the scan is going to visit, as far as they are to be reckoned with */
  constructor(listeners: (address: string) => number = () => 0) {
    this.#listeners = listeners;
  }

  at(address: string): RefusalsAtAddress {
    const known = this.#addresses.get(address);
    if (known) return known;
    const added = new RefusalsAtAddress(this.#listeners(address));
    this.#addresses.set(address, added);
    forgetFirst(this.#addresses, MAX_ADDRESSES);
    return added;
  }
}

/** The refused logins at one address. What is under way counts as refused until it is known. */
export class RefusalsAtAddress {
  #refused = 0;
  #named = 0;
  #asking = 0;
  /** Listeners whose first question is under way. */
  #arriving = 0;
  /** First questions so far; a listener to which two transports were named is visited twice. */
  #visits = 0;
  readonly #expected: number;
  readonly #met = new Set<string>();
  /** Listeners that refuse strangers, and of which it is not known whether they refuse a login. */
  readonly #untested = new Set<string>();
  readonly #waiting = new Set<() => void>();
  /** False once somebody has waited in vain for the listeners whose first question is under way. */
  #isPatient = true;
  #stoppedBy: string | undefined;

  /** @param expected visits of the scan to listeners of this address; each needs one question */
  constructor(expected = 0) {
    this.#expected = expected;
  }

  get refused(): number {
    return this.#refused;
  }

  /** The answer after which nobody may ask further; undefined while there was none. */
  get stoppedBy(): string | undefined {
    return this.#stoppedBy;
  }

  /** Ends all asking at this address: the broker counts what we do. */
  stop(answer: string): void {
    this.#stoppedBy ??= answer;
    this.#wake();
  }

  /** True for a listener that was met in this scan, so that its refusals are counted here. */
  hasMet(listener: string): boolean {
    return this.#met.has(listener);
  }

  /**
   * Refused logins up to which the login that was given may be tried: once, also where the first questions to many
   * listeners have come to the limit.
   */
  forGivenLogin(limit: number): number {
    return Math.max(limit, Math.max(this.#expected, this.#visits) + 1);
  }

  /** Notes the first question to a listener. It is always asked: without it nothing is known of the listener. */
  meet(listener: string): Settle {
    this.#met.add(listener);
    this.#visits++;
    this.#isPatient = true;
    this.#arriving++;
    return this.#settleOnce(({ isRefused }) => {
      this.#arriving--;
      if (isRefused) this.#untested.add(listener);
    });
  }

  /** True for a listener that refuses strangers, and of which it is not known whether it refuses a login. */
  isUntested(listener: string): boolean {
    return this.#untested.has(listener);
  }

  /** Notes that a listener was asked to let in a login that it should refuse. */
  noteTested(listener: string): void {
    this.#untested.delete(listener);
  }

  /**
   * Reserves a question that is likely to be refused. Waits where what is under way decides.
   * @returns undefined when it must not be asked
   * @throws the signal's reason when it is aborted
   */
  async ask(limits: RefusalLimits, signal: AbortSignal): Promise<Settle | undefined> {
    const patientUntil = performance.now() + SIBLINGS_MS;
    for (;;) {
      signal.throwIfAborted();
      if (!this.isOpen(limits)) return undefined;
      const underWay = this.#asking + this.#arriving;
      const patienceMs = this.#isPatient ? patientUntil - performance.now() : 0;
      // Each listener that answers may be one more at which a login is to be put to the test.
      const awaited = limits.leaves !== undefined && patienceMs > 0 ? this.#arriving : 0;
      if (this.isOpen(limits, underWay + awaited)) break;
      // Questions end within their own deadlines; a listener that drops packets is not worth waiting for.
      if (patienceMs > 0) await this.#change(patienceMs, signal);
      else if (this.#asking > 0) await this.#change(undefined, signal);
      else return undefined;
      if (performance.now() >= patientUntil && this.#arriving > 0) this.#isPatient = false;
    }
    this.#asking++;
    return this.#settleOnce(() => this.#asking--);
  }

  /** True while the limits leave room, with what other listeners need for their first question. */
  isOpen({ limit, namedLimit = Number.POSITIVE_INFINITY, leaves }: RefusalLimits, underWay = 0): boolean {
    const unmet = Math.max(0, this.#expected - this.#visits);
    const kept = leaves === undefined ? 0 : Math.max(leaves, this.#untested.size);
    return (
      this.#stoppedBy === undefined &&
      this.#refused + unmet + underWay + kept < limit &&
      this.#named + underWay + kept < namedLimit
    );
  }

  /** Notes a refusal that was not reserved. */
  note({ isRefused, isNamed = false }: Answered): void {
    if (!isRefused) return;
    this.#refused++;
    if (isNamed) this.#named++;
  }

  #settleOnce(leave: Settle): Settle {
    let isSettled = false;
    return (answered) => {
      if (isSettled) return;
      isSettled = true;
      leave(answered);
      this.note(answered);
      this.#wake();
    };
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Waits until something is settled, the scan is stopped, or patience ends. */
  #change(patienceMs: number | undefined, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        stopWaiting();
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = patienceMs === undefined ? undefined : setTimeout(wake, patienceMs);
      const stopWaiting = onStop(signal, wake);
      this.#waiting.add(wake);
    });
  }
}
