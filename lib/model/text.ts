/**
 * Strings from a target are hostile. They are bounded and made printable here, once, where they enter the
 * model; whoever shows them still escapes for his own format (HTML, CSV, PDF).
 */

/** Longest topic shown; MQTT allows 65,535 bytes (5.0 §1.5.4). */
export const MAX_TOPIC_CHARS = 512;
/** Longest other text taken from a target: reason strings, certificate names, banners. */
export const MAX_TEXT_CHARS = 256;

const HALF_A_PAIR = /[\uD800-\uDBFF]$/;
// Control and format characters (the bidi controls with which shown text can be turned around among them,
// CVE-2021-42574, and the invisible ones that hide a difference between two names), line separators, lone
// surrogates.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Escapes what cannot be shown as `\u{HEX}` and cuts to `limit` characters, marked by `…`. */
export function printable(text: string, limit: number = MAX_TEXT_CHARS): string {
  // Cut first: escaping a megabyte to show 256 characters of it would be a gift to the sender.
  const escaped = cut(text, limit).replace(UNSAFE, escapeCharacter);
  // And once more: an escape has up to ten characters, but never stands half.
  return escaped.length > limit + 1
    ? `${cut(escaped, limit)
        .slice(0, -1)
        .replace(/\\(?:u(?:\{[0-9A-F]*)?)?$/, '')}…`
    : escaped;
}

/** At most `limit` UTF-16 units of a text, and a mark; a character of two units is never left as one. */
function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit).replace(HALF_A_PAIR, '')}…` : text;
}

function escapeCharacter(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;
}

/** The payload of a message as printable text, at most `limit` bytes of it. Invalid UTF-8 shows as U+FFFD. */
export function printablePayload(payload: Uint8Array, limit: number): string {
  const head = payload.subarray(0, limit);
  return printable(Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('utf8'), limit);
}
