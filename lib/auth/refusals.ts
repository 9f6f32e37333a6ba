import { setTimeout as delay } from 'node:timers/promises';
import type { LoginOutcome, LoginResult } from '../model';
import type { RefusalLimits, RefusalsAtAddress } from '../net';
import { notTested } from './login';
import { countsAsFailure, isStopSign } from './outcomes';

/** What a broker does instead of an answer, and after which nothing more is tried. */
const DROPPED = 'dropped';
const STOPPED_BY: Readonly<Record<string, string>> = {
  [DROPPED]: 'began to close connections without a word after it had refused logins',
  'no-answer': 'gave no answer to the one before',
};

/** Logins up to which more may be tried, at one address and in one scan. */
export type LoginLimits = RefusalLimits & { readonly namedLimit: number };

/**
 * Makes the logins of one access test, as far as their refusal would come to nothing that brokers lock out or ban for.
 * One login is made after the other.
 */
export class Refusals {
  readonly #atAddress: RefusalsAtAddress;
  readonly #listener: string;
  readonly #limits: LoginLimits;
  readonly #signal: AbortSignal;
  #refused = 0;
  #isSilent = false;
  /** The broker has refused a login in words, so that it is known to answer. */
  #hasAnswered = false;
  readonly #perUser = new Map<string, number>();

  /**
   * @param atAddress what was refused to all tests of this address so far
   * @param listener the name of the listener that is tested
   */
  constructor(atAddress: RefusalsAtAddress, listener: string, limits: LoginLimits, signal: AbortSignal) {
    this.#atAddress = atAddress;
    this.#listener = listener;
    this.#limits = limits;
    this.#signal = signal;
  }

  /** Logins that this broker refused, the probe's among them. */
  get refused(): number {
    return this.#refused;
  }

  /** Why nothing more may be tried; undefined while something may. */
  get reason(): string | undefined {
    const stoppedBy = this.#stoppedBy;
    if (stoppedBy) return `left out, because the broker ${STOPPED_BY[stoppedBy] ?? `answered: ${stoppedBy}`}`;
    return this.#atAddress.isOpen(this.#limits) ? undefined : this.#leftOut;
  }

  get #stoppedBy(): string | undefined {
    return this.#atAddress.stoppedBy ?? (this.#isSilent ? 'no-answer' : undefined);
  }

  get #leftOut(): string {
    const { limit, namedLimit } = this.#limits;
    const named = namedLimit < limit ? `, ${namedLimit} of them with a user name` : '';
    return `left out, so that the broker locks nobody out: ${limit} logins may be refused at one address${named}; a higher number of failed logins (maxAttempts) has it tried`;
  }

  /** Logins of a name that were tried so far. */
  triesOf(username: string): number {
    return this.#perUser.get(username) ?? 0;
  }

  /** Notes a login that the probe made; the count of the address holds it already. */
  noteOwn(username: string | undefined, outcome: LoginOutcome): void {
    if (username !== undefined) this.#perUser.set(username, this.triesOf(username) + 1);
    if (outcome === 'no-answer') this.#isSilent = true;
    if (countsAsFailure(outcome)) this.#refused++;
    // Where a broker has answered before and then drops connections, it or a firewall before it has begun to ban.
    const isDropped = outcome === 'closed' && this.#hasAnswered;
    if (isDropped || isStopSign(outcome)) this.#atAddress.stop(isDropped ? DROPPED : outcome);
    this.#hasAnswered ||= countsAsFailure(outcome) && outcome !== 'closed';
  }

  /** Notes a login that was refused elsewhere. */
  note(username: string | undefined, outcome: LoginOutcome): void {
    this.noteOwn(username, outcome);
    this.#atAddress.note({ isRefused: countsAsFailure(outcome), isNamed: username !== undefined });
  }

  /** Makes a login that may be refused, or tells why it is not made. */
  spend(username: string | undefined, login: () => Promise<LoginResult>): Promise<LoginResult> {
    return this.#resultOf(this.attempt(username, login));
  }

  /**
   * As `spend`, for what is left out rather than the test of another listener.
   * @param leaves refusals that must be left for what comes after it at this listener
   */
  spendAside(
    username: string | undefined,
    login: () => Promise<LoginResult>,
    leaves = 0,
  ): Promise<LoginResult> {
    return this.#resultOf(this.#attempt(username, login, { ...this.#limits, leaves }));
  }

  /** As `spend`, with the login that was given for the scan. */
  spendGiven(username: string, login: () => Promise<LoginResult>): Promise<LoginResult> {
    const limit = this.#atAddress.forGivenLogin(this.#limits.limit);
    return this.#resultOf(this.#attempt(username, login, { ...this.#limits, limit }));
  }

  /** As `spend`, with a login that is to be refused. It puts the listener to the test, and room was left for the first such. */
  async spendTest(username: string, login: () => Promise<LoginResult>): Promise<LoginResult> {
    const isAwaited = this.#atAddress.isUntested(this.#listener);
    const result = await (isAwaited ? this.spend(username, login) : this.spendAside(username, login));
    this.#atAddress.noteTested(this.#listener);
    return result;
  }

  /** Makes a login that is known not to be refused as one, unless the broker has asked for peace. */
  spendFree(login: () => Promise<LoginResult>): Promise<LoginResult> {
    return this.#resultOf(this.attemptFree(login));
  }

  async #resultOf(made: Promise<LoginResult | string>): Promise<LoginResult> {
    const result = await made;
    return typeof result === 'string' ? notTested(result) : result;
  }

  /**
   * As `spend`, for anything that may come to a refusal.
   * @returns the reason where it is not made
   */
  attempt<R extends { readonly outcome?: LoginOutcome }>(
    username: string | undefined,
    login: () => Promise<R>,
  ): Promise<R | string> {
    return this.#attempt(username, login, this.#limits);
  }

  /**
   * As `spendAside`, for anything that may come to a refusal.
   * @returns the reason where it is not made
   */
  attemptAside<R extends { readonly outcome?: LoginOutcome }>(
    username: string | undefined,
    login: () => Promise<R>,
  ): Promise<R | string> {
    return this.#attempt(username, login, { ...this.#limits, leaves: 0 });
  }

  async #attempt<R extends { readonly outcome?: LoginOutcome }>(
    username: string | undefined,
    login: () => Promise<R>,
    { namedLimit, ...limits }: LoginLimits,
  ): Promise<R | string> {
    const isNamed = username !== undefined;
    const settle =
      this.#stoppedBy === undefined
        ? await this.#atAddress.ask(isNamed ? { ...limits, namedLimit } : limits, this.#signal)
        : undefined;
    if (!settle) return this.reason ?? this.#leftOut;
    let isRefused = false;
    try {
      const result = await login();
      if (result.outcome) {
        isRefused = countsAsFailure(result.outcome);
        this.noteOwn(username, result.outcome);
      }
      return result;
    } finally {
      settle({ isRefused, isNamed });
    }
  }

  /**
   * Asks what is known not to end in a refused login, unless the broker has asked for peace.
   * @returns the reason where it is not asked
   */
  async attemptFree<R extends { readonly outcome?: LoginOutcome }>(
    ask: () => Promise<R>,
  ): Promise<R | string> {
    if (this.#stoppedBy !== undefined) return this.reason ?? this.#leftOut;
    const result = await ask();
    if (result.outcome) this.note(undefined, result.outcome);
    return result;
  }
}

/** Between two tries of default logins, so that no broker takes them for an attack and no log is flooded. */
export const TRY_DELAY_MS = 250;

export function pause(signal: AbortSignal): Promise<void> {
  return delay(TRY_DELAY_MS, undefined, { signal });
}
