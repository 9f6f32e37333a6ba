/** Connections to one address at any moment; embedded brokers allow few. */
const PER_HOST = 2;
/** No more than this is saved up: a pause must not be followed by a burst. */
const SAVED_MS = 50;
/** Many sockets fail at once when descriptors run out; that is one shortage, not many. */
const SHORTAGE_MS = 200;
/** How long a shrunken window must do before a little more is tried. */
const GROW_AFTER_MS = 10_000;

/**
 * Counters of hosts. Two hosts may share one by accident; they are then treated as one host, which only makes
 * the scan more polite. At a window of 8000 one attempt in a hundred meets such a neighbour.
 */
const HOST_COUNTERS = 2 ** 20;

/** Places of the shared numbers. */
const LIMIT = 0;
const WINDOW = 1;
const OPEN = 2;
const WANTED = 3;
const SHARERS = 4;
const NEXT_AT = 5;
const CHANGED_AT = 6;
const PLACES = 8;

/** Time in eighths of a microsecond, modulo 2^32: fine enough for a million connections a second. */
const TICKS_PER_MS = 8000;
/** A planned moment further ahead than this is left from before a long pause, during which the clock wrapped. */
const STALE_TICKS = 50 * TICKS_PER_MS;

export interface GateLimits {
  /** Connection attempts and open connections at any moment, together. */
  readonly window: number;
  /** New connections a second. */
  readonly rate: number;
}

/** What a pace lets through to another thread. */
export interface PaceShare {
  readonly memory: SharedArrayBuffer;
  readonly rate: number;
}

/** What was said to one who wants to connect: yes; the window or the rate is used up; the host has enough. */
export type Admission = 'in' | 'full' | 'too-soon' | 'host-busy';

/**
 * The numbers behind a gate, in memory that threads share, so that the limits hold over all of them together:
 * window, rate, connections per host. Nothing here waits.
 */
export class Pace {
  readonly #rate: number;
  readonly #intervalTicks: number;
  readonly #memory: SharedArrayBuffer;
  readonly #numbers: Int32Array;
  readonly #hosts: Uint8Array;

  private constructor(memory: SharedArrayBuffer, rate: number) {
    this.#memory = memory;
    this.#rate = rate;
    this.#intervalTicks = Math.max(1, Math.round((1000 * TICKS_PER_MS) / rate));
    this.#numbers = new Int32Array(memory, 0, PLACES);
    this.#hosts = new Uint8Array(memory, PLACES * Int32Array.BYTES_PER_ELEMENT, HOST_COUNTERS);
  }

  static of({ window, rate }: GateLimits): Pace {
    const memory = new SharedArrayBuffer(PLACES * Int32Array.BYTES_PER_ELEMENT + HOST_COUNTERS);
    const pace = new Pace(memory, rate);
    pace.#numbers[LIMIT] = window;
    pace.#numbers[WINDOW] = window;
    pace.#numbers[NEXT_AT] = nowTicks() - SAVED_MS * TICKS_PER_MS;
    return pace;
  }

  /** The same pace in another thread. */
  static join({ memory, rate }: PaceShare): Pace {
    return new Pace(memory, rate);
  }

  get share(): PaceShare {
    return { memory: this.#memory, rate: this.#rate };
  }

  /** The configured window. */
  get limit(): number {
    return this.#load(LIMIT);
  }

  /** The present window; smaller than configured after the machine ran out of sockets. */
  get window(): number {
    return this.#load(WINDOW);
  }

  /** True while threads besides the main one take part: room may then come about unannounced. */
  get isShared(): boolean {
    return this.#load(SHARERS) > 0;
  }

  /** Notes a thread that begins (1) or ends (-1) to take part. */
  countSharer(change: 1 | -1): void {
    Atomics.add(this.#numbers, SHARERS, change);
  }

  /** Says how many connections the later stages wait for; a sweep lets them go first. */
  set wanted(count: number) {
    Atomics.store(this.#numbers, WANTED, count);
  }

  get isWanted(): boolean {
    return this.#load(WANTED) > 0;
  }

  /** Takes a turn for a connection to a host, if there is one. Whoever is let in must leave. */
  enter(host: number): Admission {
    if (this.#load(OPEN) >= this.window) return 'full';
    if (Atomics.load(this.#hosts, host) >= PER_HOST) return 'host-busy';
    if (Atomics.add(this.#numbers, OPEN, 1) >= this.window) {
      Atomics.sub(this.#numbers, OPEN, 1);
      return 'full';
    }
    if (Atomics.add(this.#hosts, host, 1) >= PER_HOST) {
      this.#giveBack(host);
      return 'host-busy';
    }
    if (this.#takeTime()) return 'in';
    this.#giveBack(host);
    return 'too-soon';
  }

  /** Gives a turn back. */
  leave(host: number): void {
    if (this.#giveBack(host) === 0) Atomics.store(this.#numbers, WINDOW, this.limit);
    else this.#growSlowly();
  }

  /** Halves the window: the operating system said that it has no more sockets (EMFILE and its kin). */
  shrink(): void {
    if (this.window < this.limit && this.#msSinceChange() < SHORTAGE_MS) return;
    Atomics.store(this.#numbers, CHANGED_AT, nowTicks());
    Atomics.store(this.#numbers, WINDOW, Math.max(1, Math.floor(this.window / 2)));
  }

  /** The shortage may have been somebody else's and be over; but each shortage hurts the whole process. */
  #growSlowly(): void {
    const { window, limit } = this;
    if (window >= limit || this.#msSinceChange() < GROW_AFTER_MS) return;
    Atomics.store(this.#numbers, CHANGED_AT, nowTicks());
    Atomics.store(this.#numbers, WINDOW, Math.min(limit, window + Math.ceil(window / 8)));
  }

  #msSinceChange(): number {
    return Math.abs((nowTicks() - this.#load(CHANGED_AT)) | 0) / TICKS_PER_MS;
  }

  /** @returns how many are still inside */
  #giveBack(host: number): number {
    Atomics.sub(this.#hosts, host, 1);
    return Atomics.sub(this.#numbers, OPEN, 1) - 1;
  }

  /** The generic cell rate algorithm (ITU-T I.371): one planned moment instead of a count of tokens. */
  #takeTime(): boolean {
    const saved = SAVED_MS * TICKS_PER_MS;
    for (;;) {
      const planned = this.#load(NEXT_AT);
      const now = nowTicks();
      const ahead = (planned - now) | 0;
      const isStale = ahead < -saved || ahead > this.#intervalTicks + STALE_TICKS;
      if (ahead > 0 && !isStale) return false;
      const next = ((isStale ? now - saved : planned) + this.#intervalTicks) | 0;
      if (Atomics.compareExchange(this.#numbers, NEXT_AT, planned, next) === planned) return true;
    }
  }

  #load(place: number): number {
    return Atomics.load(this.#numbers, place);
  }
}

/** The counter that an address has (FNV-1a, 32 bits, folded). */
export function hostCounter(address: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < address.length; i++) hash = Math.imul(hash ^ address.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 16)) & (HOST_COUNTERS - 1);
}

/** `hrtime` is the one clock that all threads read alike. */
function nowTicks(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return (seconds * 1000 * TICKS_PER_MS + Math.floor(nanoseconds / 125)) | 0;
}
