import type { Asked } from './asked';

/**
 * To which filters a message belongs where the broker does not tell. Of several that match, only the one is credited
 * that must have brought it; a message that could be of either proves neither more than what was proven before.
 */
export function guessed(
  topic: string,
  retain: boolean,
  first: readonly Asked[],
  bypass: readonly Asked[],
): Asked[] {
  const matching = first.filter((asked) => asked.mayBeGranted && matches(asked.filter, topic));
  // The most special one: what it brings must not be taken for a proof of `#`.
  const [special] = matching.slice(-1);
  const everything = matching.find(({ filter }) => filter === '#');
  // What is retained comes once per subscription: `#` was silent or has brought it, so it is another one that speaks.
  const isOfBypass =
    bypass.length > 0 && (!everything || (retain && (!everything.isProven || everything.topics.has(topic))));
  if (!isOfBypass) return special ? [special] : [];
  const other = bypass.find(
    (asked) => asked.mayBeGranted && !(retain && asked.isShared) && matches(asked.filter, topic),
  );
  const from = other ?? special;
  return from ? [from] : [];
}

/** Whether a topic matches a filter (5.0 §4.7). */
export function matches(filter: string, topic: string): boolean {
  if (filter.startsWith('$share/')) return matches(filter.split('/').slice(2).join('/'), topic);
  const levels = filter.split('/');
  const parts = topic.split('/');
  if (topic.startsWith('$') && (levels[0] === '#' || levels[0] === '+')) return false;
  for (const [i, level] of levels.entries()) {
    if (level === '#') return true;
    if (i >= parts.length || (level !== '+' && level !== parts[i])) return false;
  }
  return levels.length === parts.length;
}
