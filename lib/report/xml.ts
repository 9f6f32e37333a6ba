import { printable } from '../model';

// Noncharacters: allowed in Unicode, forbidden in XML 1.0 §2.2 (FFFE, FFFF) or useless.
const FORBIDDEN = /[\uFFFE\uFFFF]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text for XML and HTML, as content or as the value of an attribute; what cannot be seen stands as `\u{HEX}`. */
export function escapeMarkup(text: string): string {
  return printable(text, Number.POSITIVE_INFINITY)
    .replace(FORBIDDEN, (char) => `\\u{${char.charCodeAt(0).toString(16).toUpperCase()}}`)
    .replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
