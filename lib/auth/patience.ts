/** Some round trips, within bounds in milliseconds. */
export function clamp(
  wait: { readonly roundTrips: number; readonly minMs: number; readonly maxMs: number },
  roundTripMs: number,
): number {
  return Math.min(wait.maxMs, Math.max(wait.minMs, wait.roundTrips * roundTripMs));
}
