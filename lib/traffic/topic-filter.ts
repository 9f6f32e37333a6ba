/**
 * True when a topic matches a filter (MQTT 5.0 §4.7.1, §4.7.2): `+` is one level, `#` the rest and the level above,
 * and neither covers a first level that begins with `$`.
 */
export function matchesFilter(filter: string, topic: string): boolean {
  const wanted = filter.split('/');
  const levels = topic.split('/');
  if (topic.startsWith('$') && (wanted[0] === '#' || wanted[0] === '+')) return false;
  for (const [i, level] of wanted.entries()) {
    if (level === '#') return i === wanted.length - 1;
    if (i >= levels.length || (level !== '+' && level !== levels[i])) return false;
  }
  return wanted.length === levels.length;
}
