/** Runs a command; what goes wrong becomes one line for the user and exit code 1, never a stack trace. */
export function runCommand(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${message}\n`);
    process.exitCode = 1;
  });
}

/** Resolves when the user or the system asks the process to end. */
export function endRequested(): Promise<void> {
  return new Promise((resolve) => {
    // Listeners stay: npm passes Ctrl-C on to a process that the terminal has told already, and the
    // second signal must not cut the orderly end short.
    process.on('SIGINT', resolve);
    process.on('SIGTERM', resolve);
  });
}
