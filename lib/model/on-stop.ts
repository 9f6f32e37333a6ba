/** One listener per signal, whatever the number of those who wait for it. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when a signal is aborted. Thousands of connections wait for the same stop, and the listeners of an
 * AbortSignal are a list that is searched at every addition; here an addition costs the same at any number.
 * @returns ends the waiting; to be called in any case, or the callback is kept as long as the signal
 */
export function onStop(signal: AbortSignal, callback: () => void): () => void {
  const callbacks = waiting.get(signal) ?? register(signal);
  callbacks.add(callback);
  return () => {
    callbacks.delete(callback);
  };
}

function register(signal: AbortSignal): Set<() => void> {
  const callbacks = new Set<() => void>();
  waiting.set(signal, callbacks);
  const run = (): void => {
    for (const callback of callbacks) {
      callbacks.delete(callback);
      callback();
    }
  };
  signal.addEventListener('abort', run, { once: true });
  return callbacks;
}
