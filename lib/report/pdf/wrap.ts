import type { FontFile } from './font-file';

// After these a long word (an address, a topic, JSON) may continue on the next line.
const SOFT_BREAKS = new Set([...'/,;:.-_=&?}])|']);

/** Width of a text in points. Kerning is left out; it makes text narrower, hardly ever wider. */
export function textWidth(text: string, font: FontFile, size: number): number {
  let width = 0;
  for (const char of text) width += charWidth(char, font);
  return width * size;
}

function charWidth(char: string, font: FontFile): number {
  return font.advance(char.codePointAt(0) ?? 0) ?? 0;
}

/**
 * Breaks a text into lines no wider than `width` points: at spaces where possible, else after punctuation,
 * else anywhere, so that no text is too long to be shown. One pass, whatever the text.
 */
export function wrapText(text: string, font: FontFile, size: number, width: number): string[] {
  const limit = width / size;
  const lines: string[] = [];
  let line: string[] = [];
  let lineWidth = 0;
  // Number of characters before the last place for a break, 0 when there is none.
  let space = 0;
  let soft = 0;

  const breakLine = () => {
    const least = line.length * 0.4;
    const at = space > 0 ? space : soft > least ? soft : line.length;
    lines.push(line.slice(0, at).join('').trimEnd());
    line = line.slice(at);
    while (line[0] === ' ') line.shift();
    lineWidth = 0;
    space = 0;
    soft = 0;
    for (const [index, char] of line.entries()) place(char, index + 1);
  };
  const place = (char: string, count: number) => {
    lineWidth += charWidth(char, font);
    if (char === ' ') space = count;
    else if (SOFT_BREAKS.has(char)) soft = count;
  };

  for (const char of text) {
    // A space at the end of a line needs no room.
    // What a break leaves over may still be too wide together with this character.
    while (char !== ' ' && line.length > 0 && lineWidth + charWidth(char, font) > limit) breakLine();
    if (char === ' ' && line.length === 0) continue;
    line.push(char);
    place(char, line.length);
  }
  if (line.length > 0 || lines.length === 0) lines.push(line.join('').trimEnd());
  return lines;
}
