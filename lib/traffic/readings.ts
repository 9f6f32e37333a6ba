import { MAX_TOPIC_CHARS, printable, type Sensor } from '../model';

/** The newest value of one topic of one endpoint. */
export interface LiveReading {
  readonly url: string;
  readonly topic: string;
  readonly sensor: Sensor;
  /** ISO 8601, UTC. */
  readonly seenAt: string;
}

/** A topic whose newest value can be asked for. */
export interface LiveSource {
  readonly lastSeen: number;
  /** When a reading was sent last, in milliseconds; 0 before. */
  readingAt: number;
  readingPending: boolean;
}

/** What a topic is called and reads at present; undefined for what is no sensor. */
export type ReadSource<T> = (source: T) => { readonly topic: string; readonly sensor: Sensor } | undefined;

/** At most five a second and topic; a browser shows no more, and is not flooded. */
const MIN_INTERVAL_MS = 200;
/** Topics that are followed; more than a dashboard can show. */
const MAX_FOLLOWED = 1000;
/** Readings in all per interval, the topics taking turns: 250 a second. */
const MAX_PER_INTERVAL = 50;
/** Topics that are looked at per interval, sensors or not. */
const MAX_LOOKS = 200;

/** Passes on readings while they come, the newest of each topic, never more often than allowed. */
export class LiveReadings<T extends LiveSource> {
  readonly #url: string;
  readonly #emit: (reading: LiveReading) => void;
  readonly #read: ReadSource<T>;
  /** Topics with a value that was not sent yet, those that wait longest first. */
  readonly #pending = new Set<T>();
  #followed = 0;
  #room = MAX_PER_INTERVAL;
  #timer: NodeJS.Timeout | undefined;

  constructor(url: string, read: ReadSource<T>, emit: (reading: LiveReading) => void) {
    this.#url = url;
    this.#read = read;
    this.#emit = emit;
  }

  /** There is a newer value. Costs next to nothing while one waits already. */
  add(source: T, now: number): void {
    if (source.readingPending) return;
    if (source.readingAt === 0 && this.#followed >= MAX_FOLLOWED) return;
    const isDue = now - source.readingAt >= MIN_INTERVAL_MS;
    if (isDue && this.#room > 0 && this.#pending.size < MAX_PER_INTERVAL) this.#send(source, now);
    else {
      source.readingPending = true;
      this.#pending.add(source);
    }
    this.#timer ??= setTimeout(this.#tick, MIN_INTERVAL_MS);
  }

  readonly #tick = (): void => {
    this.#timer = undefined;
    this.#room = MAX_PER_INTERVAL;
    let looks = MAX_LOOKS;
    for (const source of this.#pending) {
      if (this.#room === 0 || looks-- === 0) break;
      this.#send(source, source.lastSeen);
    }
    if (this.#pending.size > 0) this.#timer = setTimeout(this.#tick, MIN_INTERVAL_MS);
  };

  /** Sends what waits, so that the newest value is never lost; nothing is sent later. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const source of this.#pending) this.#send(source, source.lastSeen);
  }

  #send(source: T, now: number): void {
    if (source.readingAt === 0) this.#followed++;
    source.readingAt = now;
    source.readingPending = false;
    this.#pending.delete(source);
    const read = this.#read(source);
    if (!read) return;
    this.#room--;
    const { topic, sensor } = read;
    const seenAt = new Date(now).toISOString();
    this.#emit({ url: this.#url, topic: printable(topic, MAX_TOPIC_CHARS), sensor, seenAt });
  }
}
