import type { ScanSession } from './session';

/** A scan that no stage has asked for during this time is over, whatever became of its messages. */
const IDLE_MS = 10 * 60_000;
const MAX_SESSIONS = 100;

/**
 * The sessions of running scans, by scan id: messages carry the id only, so that logins, signals and counters
 * never travel in them. A session is forgotten when nobody has asked for it for ten minutes.
 */
export class SessionRegistry {
  readonly #sessions = new Map<string, { readonly session: ScanSession; timer: NodeJS.Timeout }>();

  add(session: ScanSession): void {
    this.#sessions.set(session.id, { session, timer: this.#forgetLater(session.id) });
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined && this.#sessions.size > MAX_SESSIONS) this.#forget(oldest);
  }

  get(id: string): ScanSession | undefined {
    const entry = this.#sessions.get(id);
    if (!entry) return undefined;
    clearTimeout(entry.timer);
    entry.timer = this.#forgetLater(id);
    return entry.session;
  }

  #forgetLater(id: string): NodeJS.Timeout {
    return setTimeout(() => this.#forget(id), IDLE_MS).unref();
  }

  #forget(id: string): void {
    clearTimeout(this.#sessions.get(id)?.timer);
    this.#sessions.delete(id);
  }
}
