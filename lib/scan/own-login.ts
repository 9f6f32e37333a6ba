import type { Credentials } from '../model';

/** What stands in place of the password. */
const MASK = '***';
/** Shorter passwords, and words of up to eleven letters, occur in other texts by chance; they are not hidden. */
const MIN_CHARS = 6;
const WORD = /^[a-z]{1,11}$/i;

/** Members of a report or reading that hold text of a target, at any depth. All other text is our own. */
const WORDS_OF_TARGETS: ReadonlySet<string> = new Set([
  // Answers to CONNECT, and what else a broker says of itself.
  'properties',
  'reasonString',
  'serverReference',
  'assignedClientId',
  'meaning',
  'reason',
  'text',
  'evidence',
  'fingerprint',
  'service',
  'server',
  // Messages.
  'samples',
  'topic',
  'rawTopic',
  'payload',
  'sample',
  'path',
  'sensor',
  'devices',
  'publishers',
  'clients',
]);

/**
 * A report, or a live reading, in which a target does not give us our own password back. Some brokers quote it in the
 * reason for which they refuse it, and devices publish it with their settings.
 */
export function withoutPassword<T extends object>(told: T, credentials: Credentials | undefined): T {
  const { password = '' } = credentials ?? {};
  if (password.length < MIN_CHARS || WORD.test(password)) return told;
  return hiddenIn(told, formsOf(password), false);
}

/** As it is, and as it stands in JSON and in a URL; the longest first, of which the others may be parts. */
function formsOf(password: string): string[] {
  // Half of a surrogate pair, for which there is no form in a URL, becomes U+FFFD by way of UTF-8.
  const inUrl = encodeURIComponent(Buffer.from(password).toString());
  const forms = new Set([password, JSON.stringify(password).slice(1, -1), inUrl]);
  return [...forms].sort((a, b) => b.length - a.length);
}

/** The same value where nothing was hidden in it. */
function hiddenIn<T>(value: T, forms: readonly string[], isOfTarget: boolean): T {
  if (typeof value === 'string')
    return (
      isOfTarget ? forms.reduce<string>((text, form) => text.replaceAll(form, MASK), value) : value
    ) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => hiddenIn(item, forms, isOfTarget));
    return items.some((item, i) => item !== value[i]) ? (items as T) : value;
  }
  let changed: Record<string, unknown> | undefined;
  for (const [key, part] of Object.entries(value)) {
    const hidden = hiddenIn(part, forms, isOfTarget || WORDS_OF_TARGETS.has(key));
    if (hidden === part) continue;
    changed ??= { ...(value as Record<string, unknown>) };
    changed[key] = hidden;
  }
  return (changed as T | undefined) ?? value;
}
