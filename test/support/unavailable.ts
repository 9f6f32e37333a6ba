import type { Context } from 'mocha';

/** Something outside this package that a test needs cannot be had on this machine. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/**
 * Runs a preparation step. What this machine cannot offer skips the test, with the reason in plain sight;
 * where CI is `true` everything must be there, and it fails.
 */
export async function orSkip<T>(context: Context, prepare: () => Promise<T>): Promise<T> {
  try {
    return await prepare();
  } catch (thrown) {
    if (!(thrown instanceof UnavailableError) || process.env.CI === 'true') throw thrown;
    console.warn(`\n  !! SKIPPED: ${thrown.message}\n`);
    return context.skip();
  }
}
