/** Makes the random tests run longer by hand: `PROPERTY_RUNS=100 npm run test:unit`. */
const FACTOR = Number(process.env.PROPERTY_RUNS ?? 1);

/** How many cases a property is tried on. */
export function runs(inCi: number): { readonly numRuns: number } {
  return { numRuns: Math.max(1, Math.round(inCi * FACTOR)) };
}
