/** True when a topic filter matches a topic (MQTT 3.1.1 §4.7; `$` topics only when named, §4.7.2). */
export function matchesFilter(filter: string, topic: string): boolean {
  if (topic.startsWith('$') !== filter.startsWith('$')) return false;
  const wanted = filter.split('/');
  const levels = topic.split('/');
  for (const [index, level] of wanted.entries()) {
    // `sport/#` matches `sport` too (§4.7.1.2).
    if (level === '#') return levels.length >= index;
    if (level !== '+' && level !== levels[index]) return false;
    if (levels[index] === undefined) return false;
  }
  return levels.length === wanted.length;
}
