import type { ScanSession } from './session';

/** A scan that no stage has asked for during this time is over, whatever became of its messages. */
const IDLE_MS = 10 * 60_000;
const MAX_SESSIONS = 100;

/**
 * The sessions of running scans, by scan id: messages carry the id only, so that logins, signals and counters
 * never travel in them. A session is forgotten when nothing of it runs and nobody
 * has asked for it for ten minutes.
 */
export class SessionRegistry {
  readonly #sessions = new Map<string, { readonly session: ScanSession; timer: NodeJS.Timeout }>();

  add(session: ScanSession): void {
    this.#sessions.set(session.id, { session, timer: this.#forgetLater(session.id) });
    if (this.#sessions.size <= MAX_SESSIONS) return;
    const idle = [...this.#sessions].find(([, entry]) => !entry.session.isActive);
    if (idle) this.#forget(idle[0]);
  }

  get(id: string): ScanSession | undefined {
    const entry = this.#sessions.get(id);
    if (!entry) return undefined;
    clearTimeout(entry.timer);
    entry.timer = this.#forgetLater(id);
    return entry.session;
  }

  #forgetLater(id: string): NodeJS.Timeout {
    return setTimeout(() => this.#forgetIfIdle(id), IDLE_MS).unref();
  }

  /** A stage may listen for an hour without asking. */
  #forgetIfIdle(id: string): void {
    const entry = this.#sessions.get(id);
    if (entry?.session.isActive) entry.timer = this.#forgetLater(id);
    else this.#forget(id);
  }

  #forget(id: string): void {
    clearTimeout(this.#sessions.get(id)?.timer);
    this.#sessions.delete(id);
  }
}
