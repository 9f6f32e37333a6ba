import type { AdvisoryMatch, Product } from '../model';
import { ADVISORIES, type Advisory, ENDS_OF_LIFE, type EndOfLife } from './advisories';
import { isInRange, parseVersion, rangeText } from './version';

const byProduct = new Map<string, Advisory[]>();
for (const advisory of ADVISORIES) {
  const key = advisory.product.toLowerCase();
  const known = byProduct.get(key);
  if (known) known.push(advisory);
  else byProduct.set(key, [advisory]);
}

/** Advisories as findings show them, made once. */
const matches = new Map<Advisory, AdvisoryMatch>();

/** What was published for a version, remembered: thousands of endpoints run the same few. */
const cache = new Map<string, readonly Advisory[]>();
const MAX_CACHED = 500;

/** The advisories whose ranges hold the version that a product told; none where it told no version. */
export function advisoriesFor({ name, version }: Product): readonly Advisory[] {
  if (version === undefined) return [];
  const key = `${name}\n${version}`;
  const cached = cache.get(key);
  if (cached) return cached;
  const parsed = parseVersion(version);
  const found = parsed
    ? (byProduct.get(name.toLowerCase()) ?? [])
        .filter(({ ranges }) => ranges.some((range) => isInRange(parsed, range)))
        .sort((a, b) => (b.score ?? 0) - (a.score ?? 0) || (a.id < b.id ? -1 : 1))
    : [];
  if (cache.size >= MAX_CACHED) cache.clear();
  cache.set(key, found);
  return found;
}

/** The end of support that applies to a product, whose version may be unknown. */
export function endOfLifeOf({ name, version }: Product): EndOfLife | undefined {
  const parsed = version === undefined ? undefined : parseVersion(version);
  return ENDS_OF_LIFE.find(
    ({ product, range }) =>
      product.toLowerCase() === name.toLowerCase() && (!range || (parsed && isInRange(parsed, range))),
  );
}

/** An advisory as a finding shows it. */
export function matchOf(advisory: Advisory): AdvisoryMatch {
  const known = matches.get(advisory);
  if (known) return known;
  const { id, ranges, score, cvssVersion, summary, needs, source } = advisory;
  const match: AdvisoryMatch = {
    id,
    affected: ranges.map(rangeText).join('; '),
    ...(score !== undefined && { score }),
    ...(cvssVersion && { cvssVersion }),
    summary: needs === undefined ? summary : `${summary} Needs ${needs}.`,
    source,
  };
  matches.set(advisory, match);
  return match;
}
