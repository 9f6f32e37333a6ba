import { ScanError } from '../model';

/** A UTF-8 string of MQTT is at most so long (5.0 §1.5.4). */
const MAX_FILTER_BYTES = 65_535;
const SHARE = '$share/';

/**
 * Refuses filters that no broker may accept, before any is sent.
 * @throws ScanError BAD_OPTION
 */
export function assertFilters(filters: readonly string[]): void {
  if (filters.length === 0)
    throw new ScanError('BAD_OPTION', { option: 'filters', reason: 'it must be one filter at least' });
  for (const filter of filters) {
    const reason = filterProblem(filter);
    if (reason !== undefined) {
      throw new ScanError('BAD_OPTION', {
        option: 'filters',
        reason: `${JSON.stringify(filter.slice(0, 80))} ${reason}`,
      });
    }
  }
}

/** The same for filters that retained messages are looked for with: shared subscriptions get none (5.0 §4.8.2). */
export function assertRetainedFilters(filters: readonly string[]): void {
  assertFilters(filters);
  const shared = filters.find(isShared);
  if (shared === undefined) return;
  const reason = `${JSON.stringify(shared.slice(0, 80))} is a shared subscription, and those receive no retained messages`;
  throw new ScanError('BAD_OPTION', { option: 'filters', reason });
}

/** Why a text is no topic filter (MQTT 5.0 §4.7, §4.8.2); undefined for one that is. */
export function filterProblem(text: string): string | undefined {
  // [MQTT-4.7.3-1], [MQTT-4.7.3-2], [MQTT-4.7.3-3], [MQTT-1.5.4-1].
  if (text === '') return 'is empty';
  if (text.includes('\0')) return 'has the character NUL in it';
  if (/\p{Surrogate}/u.test(text)) return 'is no valid Unicode text';
  if (Buffer.byteLength(text) > MAX_FILTER_BYTES) return `is longer than ${MAX_FILTER_BYTES} bytes`;
  return isShared(text) ? sharedProblem(text) : levelsProblem(text);
}

function isShared(filter: string): boolean {
  return filter.startsWith(SHARE);
}

/** [MQTT-4.8.2-1], [MQTT-4.8.2-2]. */
function sharedProblem(text: string): string | undefined {
  const [, name = '', ...levels] = text.split('/');
  if (name === '') return 'shares under no name';
  if (/[+#]/.test(name)) return 'shares under a name with a wildcard';
  const filter = levels.join('/');
  return filter === '' ? 'shares no filter' : levelsProblem(filter);
}

/** [MQTT-4.7.1-1], [MQTT-4.7.1-2]. */
function levelsProblem(filter: string): string | undefined {
  const levels = filter.split('/');
  if (levels.some((level, i) => level.includes('#') && (level !== '#' || i !== levels.length - 1))) {
    return 'has a # that is not its last level';
  }
  return levels.some((level) => level.includes('+') && level !== '+')
    ? 'has a + that is no level of its own'
    : undefined;
}

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
