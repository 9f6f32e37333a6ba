/** What is still closing down when the last test has ended gets this long. */
const PATIENCE_MS = 20_000;

/**
 * Ends a test process that something still holds open, as a failure that names it: a broker or a browser
 * that a test has left behind would otherwise keep `npm test` waiting for ever. The way out by `exit` lets
 * everything that was started be ended and every temporary folder be removed.
 */
export function mochaGlobalTeardown(): void {
  setTimeout(() => {
    const holders = [...new Set(process.getActiveResourcesInfo())].join(', ');
    console.error(
      `\nThe tests have ended, but ${PATIENCE_MS / 1000} s later this process is still held open by: ${holders}.`,
    );
    // Mocha sets the number of failed tests as the process leaves; this comes after it.
    process.once('exit', () => {
      process.exitCode = 1;
    });
    process.exit(1);
  }, PATIENCE_MS).unref();
}
