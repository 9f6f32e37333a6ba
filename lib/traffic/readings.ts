import { MAX_TOPIC_CHARS, printable, type Sensor } from '../model';
import { recogniseSensor } from './sensors';

/** The newest value of one topic of one endpoint. */
export interface LiveReading {
  readonly url: string;
  readonly topic: string;
  readonly sensor: Sensor;
  /** ISO 8601, UTC. */
  readonly seenAt: string;
}

/** At most five a second and topic; a browser shows no more, and is not flooded. */
const MIN_INTERVAL_MS = 200;
/** Topics that are followed; more than a dashboard can show. */
const MAX_FOLLOWED = 1000;
/** Sensors send short messages; longer ones are not looked at while they come. */
const MAX_LOOKED_AT = 2048;

/** Passes on readings while they come, the newest of each topic, never more often than allowed. */
export class LiveReadings {
  readonly #url: string;
  readonly #emit: (reading: LiveReading) => void;
  readonly #sentAt = new Map<string, number>();
  readonly #pending = new Map<string, { readonly payload: string; readonly now: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(url: string, emit: (reading: LiveReading) => void) {
    this.#url = url;
    this.#emit = emit;
  }

  add(topic: string, payload: Buffer, now: number): void {
    if (payload.length > MAX_LOOKED_AT || topic.startsWith('$')) return;
    if (!this.#sentAt.has(topic) && this.#sentAt.size >= MAX_FOLLOWED) return;
    const sentAt = this.#sentAt.get(topic) ?? 0;
    if (now - sentAt >= MIN_INTERVAL_MS) this.#send(topic, payload.toString('utf8'), now);
    else {
      this.#pending.set(topic, { payload: payload.toString('utf8'), now });
      this.#timer ??= setTimeout(() => this.flush(), MIN_INTERVAL_MS);
    }
  }

  /** Sends what is waiting, so that the newest value is never lost. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = [...this.#pending];
    this.#pending.clear();
    for (const [topic, { payload, now }] of pending) this.#send(topic, payload, now);
  }

  #send(topic: string, payload: string, now: number): void {
    this.#sentAt.set(topic, now);
    this.#pending.delete(topic);
    const sensor = recogniseSensor(topic, payload);
    if (!sensor) return;
    const seenAt = new Date(now).toISOString();
    this.#emit({ url: this.#url, topic: printable(topic, MAX_TOPIC_CHARS), sensor, seenAt });
  }
}
