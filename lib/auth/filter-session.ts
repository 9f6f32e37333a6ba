import { PropertyId } from '../probe';
import type { Asked } from './asked';
import { guessed } from './attribution';
import { type Arrived, announced, type Dialogue } from './dialogue';
import { BY_LEVELS } from './filters';
import { clamp } from './patience';

/**
 * Retained messages follow SUBACK at once. A broker that delivers nothing is waited for some round trips, as
 * measured by CONNECT, and no longer; `first` before the other forms of a filter are asked for.
 */
const FIRST_WAIT = { roundTrips: 5, minMs: 40, maxMs: 500 } as const;
const WHOLE_WAIT = { roundTrips: 10, minMs: 100, maxMs: 1000 } as const;
/** Once retained messages come, a pause of some times as long as the first one took says that there are no more. */
const SETTLED = { times: 5, minMs: 30 } as const;
/** Messages that follow each other without a pause are counted; a pause of this length ends it. */
const PAUSE_MS = 4;
const MAX_COUNTING_MS = 40;

/** One session in which filters are asked for, and what they bring is noted. */
export class FilterSession {
  readonly #dialogue: Dialogue;
  readonly #first: readonly Asked[];
  readonly #bypass: readonly Asked[];
  readonly #timeoutMs: number;
  readonly #isIdentified: boolean;
  readonly #byId = new Map<number, Asked>();
  readonly #askedAt = performance.now();
  #isBypassAsked = false;
  /** When the newest message came. */
  #lastAt = this.#askedAt;
  /** How long the first retained message took. */
  #retainedAfterMs: number | undefined;

  /**
   * @param first what is asked for at once
   * @param bypass the forms that are asked for once it is known what the first bring
   * @param timeoutMs how long an answer is waited for
   */
  constructor(dialogue: Dialogue, first: readonly Asked[], bypass: readonly Asked[], timeoutMs: number) {
    this.#dialogue = dialogue;
    this.#first = first;
    this.#bypass = bypass;
    this.#timeoutMs = timeoutMs;
    this.#isIdentified = tellsSubscriptions(dialogue);
    dialogue.onMessage((message) => this.#note(message));
  }

  /** Asks for all of them. @throws the signal's reason when it is aborted */
  async run(): Promise<void> {
    await this.#ask(this.#first);
    const startedAt = performance.now();
    const wanted = this.#first.filter(({ kind, isGranted }) => kind !== 'management' && isGranted);
    const isAllProven = (): boolean => wanted.every(({ isProven }) => isProven);
    await this.#waitFor(isAllProven, this.#patience(FIRST_WAIT), startedAt);
    if (this.#first.length > 0 && this.#first.every(({ code }) => code === undefined)) return;
    await this.#askForBypass();
    const againAt = performance.now();
    const isEnough = (): boolean =>
      this.#isDecided && wanted.every(({ kind, isProven }) => kind !== 'broker' || isProven);
    await this.#waitFor(isEnough, this.#patience(WHOLE_WAIT) - (againAt - startedAt), againAt);
    if (this.#dialogue.messages > 0) await untilQuiet(this.#dialogue);
  }

  /** Whether application topics can be read is known: what `#` delivers, the other forms need not prove. */
  get #isDecided(): boolean {
    const forms = [...this.#first, ...this.#bypass].filter(
      ({ kind }) => kind === 'applications' || kind === 'bypass',
    );
    return forms.some(({ isProven }) => isProven) || forms.every(({ isGranted }) => !isGranted);
  }

  #askForBypass(): Promise<void> {
    this.#isBypassAsked = true;
    const isOpen = this.#first.some(({ filter, isProven }) => filter === '#' && isProven);
    return this.#ask(
      isOpen ? this.#bypass.filter(({ filter }) => !BY_LEVELS.includes(filter)) : this.#bypass,
    );
  }

  /** Asks for some filters at once, and waits for the answers to all of them. */
  async #ask(filters: readonly Asked[]): Promise<void> {
    for (const asked of filters) {
      asked.id = this.#dialogue.subscribe(asked.filter, this.#isIdentified);
      this.#byId.set(asked.id, asked);
    }
    const areAnswered = (): boolean => {
      for (const asked of filters) asked.code ??= this.#dialogue.codeOf(asked.id);
      return filters.every(({ code }) => code !== undefined);
    };
    await this.#dialogue.until(areAnswered, this.#timeoutMs);
  }

  #note({ topic, retain, subscriptions }: Arrived): void {
    this.#lastAt = performance.now();
    if (retain) this.#retainedAfterMs ??= this.#lastAt - this.#askedAt;
    const told = subscriptions.flatMap((id) => this.#byId.get(id) ?? []);
    const bypass = this.#isBypassAsked ? this.#bypass : [];
    const from = told.length > 0 ? told : guessed(topic, retain, this.#first, bypass);
    for (const asked of from) asked.note(topic, retain);
  }

  #patience(wait: Parameters<typeof clamp>[0]): number {
    return clamp(wait, this.#dialogue.rttMs);
  }

  /** @param since when the waiting began */
  async #waitFor(isDone: () => boolean, wholeMs: number, since: number): Promise<void> {
    const dialogue = this.#dialogue;
    const endsAt = since + wholeMs;
    const isRetained = (): boolean => this.#retainedAfterMs !== undefined;
    await dialogue.until(() => isDone() || isRetained(), endsAt - performance.now());
    while (this.#retainedAfterMs !== undefined && !isDone() && !dialogue.isOver) {
      const pauseMs = Math.max(SETTLED.minMs, SETTLED.times * this.#retainedAfterMs);
      const settledAt = Math.max(this.#lastAt, since) + pauseMs;
      const leftMs = Math.min(endsAt, settledAt) - performance.now();
      if (leftMs <= 0) return;
      const before = dialogue.messages;
      await dialogue.until(() => isDone() || dialogue.messages > before, leftMs);
    }
  }
}

/** Waits while messages follow each other. */
async function untilQuiet(dialogue: Dialogue): Promise<void> {
  const endsAt = performance.now() + MAX_COUNTING_MS;
  while (performance.now() < endsAt && !dialogue.isOver) {
    const before = dialogue.messages;
    if (!(await dialogue.until(() => dialogue.messages > before, PAUSE_MS))) return;
  }
}

/** True when the broker tells with each message to which subscription it belongs (5.0 §3.2.2.3.12). */
function tellsSubscriptions(dialogue: Dialogue): boolean {
  return dialogue.protocolVersion === 5 && announced(dialogue, PropertyId.SUBSCRIPTION_IDENTIFIERS) !== 0;
}
