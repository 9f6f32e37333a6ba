/**
 * The two things that layout needs from a TrueType file: which characters it can show and how wide they
 * are. Read from the file itself (OpenType 1.9: cmap format 12, hhea, hmtx), because pdfkit keeps its own
 * font object to itself and shows a character that the font lacks as nothing.
 */
export interface FontFile {
  /** The whole file, for embedding. */
  readonly data: Buffer;
  /** Width of a character in units of the font size; undefined when the font has no glyph for it. */
  advance(codePoint: number): number | undefined;
}

/** Reads a TrueType file. @throws Error when it lacks a table that is needed. */
export function parseFontFile(data: Buffer): FontFile {
  const tables = readTables(data);
  const unitsPerEm = data.readUInt16BE(offsetOf(tables, 'head') + 18);
  const glyphs = readCharacterMap(data, offsetOf(tables, 'cmap'));
  const metrics = offsetOf(tables, 'hmtx');
  const metricCount = data.readUInt16BE(offsetOf(tables, 'hhea') + 34);
  return {
    data,
    advance(codePoint) {
      const glyph = glyphs.get(codePoint);
      if (glyph === undefined) return undefined;
      // Glyphs beyond the last metric have its width.
      return data.readUInt16BE(metrics + Math.min(glyph, metricCount - 1) * 4) / unitsPerEm;
    },
  };
}

function readTables(data: Buffer): Map<string, number> {
  const tables = new Map<string, number>();
  const count = data.readUInt16BE(4);
  for (let at = 12; at < 12 + count * 16; at += 16) {
    tables.set(data.toString('latin1', at, at + 4), data.readUInt32BE(at + 8));
  }
  return tables;
}

function offsetOf(tables: ReadonlyMap<string, number>, name: string): number {
  const offset = tables.get(name);
  if (offset === undefined) throw new Error(`the font has no ${name} table`);
  return offset;
}

function readCharacterMap(data: Buffer, cmap: number): Map<number, number> {
  const glyphs = new Map<number, number>();
  const table = cmap + fullUnicodeTable(data, cmap);
  const groups = data.readUInt32BE(table + 12);
  for (let at = table + 16; at < table + 16 + groups * 12; at += 12) {
    const first = data.readUInt32BE(at);
    const last = data.readUInt32BE(at + 4);
    const glyph = data.readUInt32BE(at + 8);
    for (let codePoint = first; codePoint <= last; codePoint += 1) {
      // Glyph 0 is the sign for "missing".
      if (glyph + codePoint - first !== 0) glyphs.set(codePoint, glyph + codePoint - first);
    }
  }
  return glyphs;
}

function fullUnicodeTable(data: Buffer, cmap: number): number {
  const count = data.readUInt16BE(cmap + 2);
  for (let at = cmap + 4; at < cmap + 4 + count * 8; at += 8) {
    const offset = data.readUInt32BE(at + 4);
    if (data.readUInt16BE(cmap + offset) === 12) return offset;
  }
  throw new Error('the font has no character map of format 12');
}
