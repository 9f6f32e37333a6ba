import type { VersionRange } from './advisories';

/** Parts of a version that are compared; more are never given. */
const MAX_PARTS = 6;

/**
 * A version as numbers: `2.0.11-1+deb12u2` is 2, 0, 11. Undefined where the text does not begin with one.
 * Never compared as text: "2.0.7" is older than "2.0.10".
 */
export function parseVersion(text: string): number[] | undefined {
  const [, numbers] = /^v?(\d{1,9}(?:\.\d{1,9}){0,5})/.exec(text.trim()) ?? [];
  return numbers?.split('.').slice(0, MAX_PARTS).map(Number);
}

/** Negative when `a` is older than `b`; parts that are missing count as 0. */
export function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** True when a version lies in a range. */
export function isInRange(version: readonly number[], { from, last, fixed }: VersionRange): boolean {
  const isBeyond = (bound: string | undefined, sign: (difference: number) => boolean): boolean => {
    const parsed = bound === undefined ? undefined : parseVersion(bound);
    return parsed !== undefined && sign(compareVersions(version, parsed));
  };
  return (
    !isBeyond(from, (difference) => difference < 0) &&
    !isBeyond(last, (difference) => difference > 0) &&
    !isBeyond(fixed, (difference) => difference >= 0)
  );
}

/** A range in words: `1.5 to 1.5.8`, `before 4.2.8`. */
export function rangeText({ from, last, fixed }: VersionRange): string {
  if (from !== undefined && from === last) return from;
  const end = last === undefined ? `before ${fixed}` : `up to ${last}`;
  return from === undefined ? end : `from ${from} ${end}`;
}
