import { printable } from '../../model';
import type { FontFile } from './font-file';

// Format characters have a glyph in many fonts and still show nothing, or turn the text around.
const INVISIBLE = /^[\p{Cf}\p{Zl}\p{Zp}]$/u;

/**
 * A text in which everything can be seen: control and bidi characters, and characters that the font lacks
 * (most emoji, Chinese, Japanese, Korean), stand as `\u{1F642}`. Nothing is cut.
 */
export function visibleText(text: string, font: FontFile): string {
  let shown = '';
  for (const char of printable(text, Number.POSITIVE_INFINITY)) {
    const codePoint = char.codePointAt(0) ?? 0;
    const visible = font.advance(codePoint) !== undefined && !INVISIBLE.test(char);
    shown += visible ? char : `\\u{${codePoint.toString(16).toUpperCase()}}`;
  }
  return shown;
}
