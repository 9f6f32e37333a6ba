import { setTimeout as delay } from 'node:timers/promises';
import type { LoginOutcome, LoginResult } from '../model';
import { notTested } from './login';
import { countsAsFailure, isStopSign } from './outcomes';

/**
 * Counts the logins that a broker refuses, so that it never comes to what brokers lock out or ban for. One login is
 * made after the other.
 */
export class Refusals {
  readonly #limit: number;
  readonly #namedLimit: number;
  #refused = 0;
  #namedRefused = 0;
  #stoppedBy: LoginOutcome | 'no-answer' | undefined;
  readonly #perUser = new Map<string, number>();

  /**
   * @param limit refused logins at which no further one is tried
   * @param namedLimit the same for those with a user name, which is what most locks count
   */
  constructor(limit: number, namedLimit: number = limit) {
    this.#limit = limit;
    this.#namedLimit = namedLimit;
  }

  get refused(): number {
    return this.#refused;
  }

  /** Why nothing more may be tried; undefined while something may. */
  get reason(): string | undefined {
    if (this.#stoppedBy) return `left out, because the broker answered: ${this.#stoppedBy}`;
    const [reached] = [
      ...(this.#refused >= this.#limit ? [this.#limit] : []),
      ...(this.#namedRefused >= this.#namedLimit ? [this.#namedLimit] : []),
    ];
    if (reached === undefined) return undefined;
    return `left out, so that the broker locks nobody out: ${reached} logins may be refused`;
  }

  /** Logins of a name that were tried so far. */
  triesOf(username: string): number {
    return this.#perUser.get(username) ?? 0;
  }

  /** Notes a login that was refused before, or elsewhere. */
  note(username: string | undefined, outcome: LoginOutcome): void {
    if (username !== undefined) this.#perUser.set(username, this.triesOf(username) + 1);
    if (countsAsFailure(outcome)) {
      this.#refused++;
      if (username !== undefined) this.#namedRefused++;
    }
    if (isStopSign(outcome) || outcome === 'no-answer') this.#stoppedBy ??= outcome;
  }

  /** Makes a login that may be refused, or tells why it is not made. */
  async spend(username: string | undefined, login: () => Promise<LoginResult>): Promise<LoginResult> {
    const { reason } = this;
    if (reason !== undefined) return notTested(reason);
    const result = await login();
    if (result.outcome) this.note(username, result.outcome);
    return result;
  }
}

/** Between two tries of default logins, so that no broker takes them for an attack and no log is flooded. */
export const TRY_DELAY_MS = 250;

export function pause(signal: AbortSignal): Promise<void> {
  return delay(TRY_DELAY_MS, undefined, { signal });
}
