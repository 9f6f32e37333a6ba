import { DialError, type Gate, type StageContext } from '../net';
import type { ConnectForm } from '../wire';
import { Dialogue, NoSession } from './dialogue';
import type { LoginTarget } from './login';

/** How long a second connection is waited for, while other work holds the places of this address. */
const MAX_WAIT_MS = 1000;

/** Those who need two connections to an address at the same time, one after the other. */
const queues = new WeakMap<Gate, Map<string, Promise<void>>>();

/**
 * Runs work that needs two connections to one address at once. No more than two are allowed to an address, so two
 * of these, each with one and waiting for its second, would wait for ever.
 */
export async function inPairs<T>(
  address: string,
  { gate }: StageContext,
  work: () => Promise<T>,
): Promise<T> {
  const queue = queues.get(gate) ?? new Map<string, Promise<void>>();
  queues.set(gate, queue);
  const before = queue.get(address);
  const running = (async () => {
    await before;
    return await work();
  })();
  const done = running.then(
    () => undefined,
    () => undefined,
  );
  queue.set(address, done);
  try {
    return await running;
  } finally {
    if (queue.get(address) === done) queue.delete(address);
  }
}

/** No place was free for a second connection; nothing is known about the broker. */
export class NoPlace extends Error {}

/**
 * Opens a second session beside one that is open.
 * @throws NoPlace, and what `Dialogue.open` throws
 */
export async function openBeside(
  target: LoginTarget,
  form: ConnectForm,
  context: StageContext,
): Promise<Dialogue> {
  const impatient = new AbortController();
  const timer = setTimeout(() => impatient.abort(new NoPlace()), MAX_WAIT_MS);
  try {
    const signal = AbortSignal.any([context.signal, impatient.signal]);
    const dialogue = await Dialogue.open(target, form, { ...context, signal });
    return dialogue;
  } catch (thrown) {
    context.signal.throwIfAborted();
    if (impatient.signal.aborted && !(thrown instanceof NoSession)) throw new NoPlace();
    if (thrown instanceof DialError && thrown.failure === 'aborted') throw new NoPlace();
    throw thrown;
  } finally {
    clearTimeout(timer);
  }
}
