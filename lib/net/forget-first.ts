/** Keeps what is remembered within a limit: what was met first is forgotten first. */
export function forgetFirst(memory: Map<unknown, unknown>, limit: number): void {
  if (memory.size <= limit) return;
  for (const first of memory.keys()) {
    memory.delete(first);
    return;
  }
}
