import { type LoginName, type Product, printable, type ReadRight } from '../model';
import type { StageContext } from '../net';
import type { ConnectForm } from '../wire';
import { Asked } from './asked';
import { Dialogue, type Ending, isNoSession } from './dialogue';
import { FilterSession } from './filter-session';
import { BY_LEVELS, bypassFilters, firstFilters } from './filters';
import type { LoginTarget } from './login';
import { clamp } from './patience';

/** How long a session without a request is watched, to see whether the broker ends it on its own. */
const WATCH = { roundTrips: 5, minMs: 50, maxMs: 500 } as const;
/** A broker that ends the session at a filter is asked for the others in new sessions, of which this many. */
const MAX_SESSIONS = 3;

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
    await new FilterSession(dialogue, first, bypass, reader.context.phaseTimeoutMs).run();
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
