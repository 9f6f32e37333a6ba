import {
  type LoginName,
  type Product,
  printable,
  type ReadRight,
  type RightVerdict,
  type TlsMaterial,
} from '../model';
import type { StageContext } from '../net';
import { PropertyId } from '../probe';
import { type ConnectForm, connackMeaning } from '../wire';
import { announced, Dialogue, type Ending, isNoSession } from './dialogue';
import { readCommand } from './evidence';
import { type AskedFilter, BY_LEVELS, bypassFilters, firstFilters } from './filters';
import type { LoginTarget } from './login';

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
/** How long a session without a request is watched, to see whether the broker ends it on its own. */
const WATCH = { roundTrips: 5, minMs: 50, maxMs: 500 } as const;
/** A broker that ends the session at a filter is asked for the others in new sessions, of which this many. */
const MAX_SESSIONS = 3;
const MAX_TOPICS = 100;
const MAX_SAMPLES = 3;
const MAX_SAMPLE_CHARS = 128;
const REFUSED = 0x80;

/** Who subscribes. */
export interface Reader {
  readonly as: LoginName;
  readonly form: ConnectForm;
  readonly context: StageContext;
}

/** What came of an accepted login. */
export interface Standing {
  /** `closed-at-subscribe`: it stands until something is asked for. */
  readonly session: 'stands' | 'disconnected' | 'closed-at-subscribe' | 'not-opened';
  readonly ending?: Ending;
}

export interface ReadingResult extends Standing {
  readonly read: readonly ReadRight[];
  /** False when every filter was refused. */
  readonly maySubscribe?: boolean;
}

export function clamp(
  wait: { readonly roundTrips: number; readonly minMs: number; readonly maxMs: number },
  roundTripMs: number,
): number {
  return Math.min(wait.maxMs, Math.max(wait.minMs, wait.roundTrips * roundTripMs));
}

/** Looks whether an accepted login is left alone, without asking for anything. */
export async function watchStanding(target: LoginTarget, { form, context }: Reader): Promise<Standing> {
  let dialogue: Dialogue | undefined;
  try {
    dialogue = await Dialogue.open(target, form, context);
    const watched = dialogue;
    await watched.until(() => watched.isOver, clamp(WATCH, watched.rttMs));
    const { ending } = watched;
    return ending && !ending.isViolation ? { session: 'disconnected', ending } : { session: 'stands' };
  } catch (thrown) {
    context.signal.throwIfAborted();
    if (!isNoSession(thrown)) throw thrown;
    return { session: 'not-opened', ending: { meaning: printable((thrown as Error).message) } };
  } finally {
    dialogue?.leave();
  }
}

/**
 * What one login may read. Acknowledgements lie: mosquitto grants `#` and then delivers nothing that its ACL
 * forbids. So a right is `proven` only by a message that came. Sends SUBSCRIBE, never PUBLISH.
 */
export async function testReading(
  target: LoginTarget,
  reader: Reader,
  product: Product | undefined,
): Promise<ReadingResult> {
  const first = firstFilters(product).map((asked) => new Asked(asked));
  const bypass = bypassFilters(product).map((asked) => new Asked(asked));
  const all = [...first, ...bypass];
  let standing: Standing = { session: 'stands' };
  for (let sessions = 0; sessions < MAX_SESSIONS; sessions++) {
    const isLeft = (asked: Asked): boolean => asked.code === undefined && !asked.closed;
    const opened = await readOnce(target, reader, [first.filter(isLeft), bypass.filter(isLeft)], standing);
    if (opened.session !== 'stands') standing = opened;
    if (opened.session !== 'closed-at-subscribe') break;
  }
  const { tls } = reader.context;
  const told = all.filter(({ filter, wasAsked }) => wasAsked || !BY_LEVELS.includes(filter));
  return {
    ...standing,
    ...maySubscribe(standing, all),
    read: told.map((asked) => asked.result(target, reader.form, tls)),
  };
}

/** Whether anything was granted; nothing where that is not known. */
function maySubscribe({ session }: Standing, all: readonly Asked[]): { readonly maySubscribe?: boolean } {
  if (all.some(({ isGranted }) => isGranted)) return { maySubscribe: true };
  const isRefused = session === 'stands' && all.some(({ code }) => code !== undefined);
  return isRefused || session === 'closed-at-subscribe' ? { maySubscribe: false } : {};
}

async function readOnce(
  target: LoginTarget,
  reader: Reader,
  [first = [], bypass = []]: Asked[][],
  before: Standing,
): Promise<Standing> {
  let dialogue: Dialogue | undefined;
  try {
    dialogue = await Dialogue.open(target, reader.form, reader.context);
    await readIn(dialogue, first, bypass, reader.context.phaseTimeoutMs);
    const unanswered = [...first, ...bypass].filter(({ code, wasAsked }) => wasAsked && code === undefined);
    const { ending } = dialogue;
    if (!ending || ending.isViolation || unanswered.length === 0) return { session: 'stands' };
    const [suspect] = unanswered;
    if (suspect) suspect.closed = true;
    // A session that is ended on its own is ended without a question as well.
    if (
      before.session === 'stands' &&
      first.every(({ code, topics }) => code === undefined && topics.size === 0)
    ) {
      const standing = await watchStanding(target, reader);
      if (standing.session === 'disconnected')
        return { session: 'disconnected', ending: standing.ending ?? ending };
    }
    return { session: 'closed-at-subscribe', ending };
  } catch (thrown) {
    reader.context.signal.throwIfAborted();
    if (!isNoSession(thrown)) throw thrown;
    return { session: 'not-opened', ending: { meaning: printable((thrown as Error).message) } };
  } finally {
    dialogue?.leave();
  }
}

async function readIn(
  dialogue: Dialogue,
  first: readonly Asked[],
  bypass: readonly Asked[],
  timeoutMs: number,
): Promise<void> {
  const identified = tellsSubscriptions(dialogue);
  const byId = new Map<number, Asked>();
  let isBypass = false;
  const askedAt = performance.now();
  let lastAt = askedAt;
  let retainedAfterMs: number | undefined;
  dialogue.onMessage(({ topic, retain, subscriptions }) => {
    lastAt = performance.now();
    if (retain) retainedAfterMs ??= lastAt - askedAt;
    const told = subscriptions.flatMap((id) => byId.get(id) ?? []);
    const from = told.length > 0 ? told : guessed(topic, retain, first, isBypass ? bypass : []);
    for (const asked of from) asked.note(topic, retain);
  });
  const ask = async (filters: readonly Asked[]): Promise<void> => {
    for (const asked of filters) {
      asked.id = dialogue.subscribe(asked.filter, identified);
      byId.set(asked.id, asked);
    }
    const note = (): boolean => {
      for (const asked of filters) asked.code ??= dialogue.codeOf(asked.id);
      return filters.every(({ code }) => code !== undefined);
    };
    await dialogue.until(note, timeoutMs);
  };
  /** @param since when the waiting began */
  const waitFor = async (isDone: () => boolean, wholeMs: number, since: number): Promise<void> => {
    const endsAt = since + wholeMs;
    const isRetained = (): boolean => retainedAfterMs !== undefined;
    await dialogue.until(() => isDone() || isRetained(), endsAt - performance.now());
    while (retainedAfterMs !== undefined && !isDone() && !dialogue.isOver) {
      const settledAt = Math.max(lastAt, since) + Math.max(SETTLED.minMs, SETTLED.times * retainedAfterMs);
      const leftMs = Math.min(endsAt, settledAt) - performance.now();
      if (leftMs <= 0) return;
      const before = dialogue.messages;
      await dialogue.until(() => isDone() || dialogue.messages > before, leftMs);
    }
  };
  await ask(first);
  const startedAt = performance.now();
  const wanted = first.filter(({ kind, isGranted }) => kind !== 'management' && isGranted);
  await waitFor(() => wanted.every(({ isProven }) => isProven), clamp(FIRST_WAIT, dialogue.rttMs), startedAt);
  if (first.length > 0 && first.every(({ code }) => code === undefined)) return;
  isBypass = true;
  const isOpen = first.some(({ filter, isProven }) => filter === '#' && isProven);
  await ask(isOpen ? bypass.filter(({ filter }) => !BY_LEVELS.includes(filter)) : bypass);
  // What `#` delivers, the other forms need not prove.
  const everything = [...first, ...bypass].filter(({ kind }) => kind === 'applications' || kind === 'bypass');
  const others = wanted.filter(({ kind }) => kind === 'broker');
  const isEnough = (): boolean =>
    (everything.some(({ isProven }) => isProven) || everything.every(({ isGranted }) => !isGranted)) &&
    others.every(({ isProven }) => isProven);
  const againAt = performance.now();
  await waitFor(isEnough, clamp(WHOLE_WAIT, dialogue.rttMs) - (againAt - startedAt), againAt);
  if (dialogue.messages > 0) await untilQuiet(dialogue);
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

/**
 * To which filters a message belongs where the broker does not tell. Of several that match, only the one is credited
 * that must have brought it; a message that could be of either proves neither more than what was proven before.
 */
function guessed(topic: string, retain: boolean, first: readonly Asked[], bypass: readonly Asked[]): Asked[] {
  const matching = first.filter((asked) => asked.mayBeGranted && matches(asked.filter, topic));
  // The most special one: what it brings must not be taken for a proof of `#`.
  const [special] = matching.slice(-1);
  const everything = matching.find(({ filter }) => filter === '#');
  // What is retained comes once per subscription: `#` was silent or has brought it, so it is another one that speaks.
  const isOfBypass =
    bypass.length > 0 && (!everything || (retain && (!everything.isProven || everything.topics.has(topic))));
  if (!isOfBypass) return special ? [special] : [];
  const other = bypass.find(
    (asked) => asked.mayBeGranted && !(retain && asked.isShared) && matches(asked.filter, topic),
  );
  const from = other ?? special;
  return from ? [from] : [];
}

/** Whether a topic matches a filter (5.0 §4.7). */
export function matches(filter: string, topic: string): boolean {
  if (filter.startsWith('$share/')) return matches(filter.split('/').slice(2).join('/'), topic);
  const levels = filter.split('/');
  const parts = topic.split('/');
  if (topic.startsWith('$') && (levels[0] === '#' || levels[0] === '+')) return false;
  for (const [i, level] of levels.entries()) {
    if (level === '#') return true;
    if (i >= parts.length || (level !== '+' && level !== parts[i])) return false;
  }
  return levels.length === parts.length;
}

/** Some topics that show how far a filter reaches: of different kinds, as far as there are. */
function samplesOf(topics: readonly string[]): string[] {
  const byRoot = new Map<string, string>();
  for (const topic of topics) {
    const root = topic.split('/', 1)[0] ?? '';
    if (!byRoot.has(root)) byRoot.set(root, topic);
  }
  const different = [...byRoot.values()];
  return [...different, ...topics.filter((topic) => !different.includes(topic))].slice(0, MAX_SAMPLES);
}

/** A filter that was asked for, and what became of it. */
class Asked {
  readonly filter: string;
  readonly kind: AskedFilter['kind'];
  id = 0;
  code: number | undefined;
  /** The session ended where the answer should have come. */
  closed = false;
  readonly topics = new Set<string>();
  #messages = 0;
  #retained = 0;

  constructor({ filter, kind }: AskedFilter) {
    this.filter = filter;
    this.kind = kind;
  }

  /** False while nothing is known. */
  get isGranted(): boolean {
    return this.code !== undefined && this.code < REFUSED;
  }

  get mayBeGranted(): boolean {
    return this.code === undefined || this.code < REFUSED;
  }

  get wasAsked(): boolean {
    return this.id > 0;
  }

  get isProven(): boolean {
    return this.#messages > 0;
  }

  get isShared(): boolean {
    return this.filter.startsWith('$share/');
  }

  note(topic: string, retain: boolean): void {
    this.#messages++;
    if (retain) this.#retained++;
    if (this.topics.size < MAX_TOPICS) this.topics.add(topic);
  }

  result(target: LoginTarget, form: ConnectForm, tls: TlsMaterial | undefined): ReadRight {
    const { filter, kind, code } = this;
    const samples = samplesOf([...this.topics]).map((topic) => printable(topic, MAX_SAMPLE_CHARS));
    return {
      filter,
      verdict: this.#verdict(),
      kind,
      meaning: this.#meaning(),
      ...(code !== undefined && { code }),
      ...(this.isProven && { topics: this.topics.size, retained: this.#retained, samples }),
      ...readCommand(target, form, tls, filter),
    };
  }

  #verdict(): RightVerdict {
    if (this.isProven) return 'proven';
    if (!this.wasAsked) return 'not-tested';
    if (this.code === undefined) return 'inconclusive';
    return this.isGranted ? 'granted' : 'denied';
  }

  #meaning(): string {
    if (this.isProven) return `messages came: ${this.#messages}, retained among them: ${this.#retained}`;
    if (!this.wasAsked) return 'not asked for: the broker kept no session open for it';
    if (this.closed) return 'the broker ended the session at this filter';
    if (this.code === undefined) return 'there was no answer';
    return this.isGranted
      ? 'the broker agreed, and no message came'
      : `the broker refused: ${connackMeaning(this.code, 5)}`;
  }
}
