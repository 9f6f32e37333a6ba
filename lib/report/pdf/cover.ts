import type { Cover } from '../document/blocks';
import { drawFact } from './facts';
import { COLOURS, CONTENT_WIDTH, LEFT, PAGE, STYLES } from './layout';
import type { Sheet } from './sheet';

const BAND_HEIGHT = 250;
const MAX_NAME_LINES = 3;

/** The first page: which scan this is, and under which conditions it was made. */
export function drawCover(sheet: Sheet, { product, title, name, facts, notes }: Cover): void {
  sheet.decorate((ink) => {
    ink.rect(0, 0, PAGE.width, BAND_HEIGHT).fill(COLOURS.accent);
    ink.rect(0, BAND_HEIGHT, PAGE.width, 5).fill(COLOURS.noteLine);
  });
  sheet.y = 84;
  sheet.flow(product, STYLES.coverProduct);
  sheet.y += 8;
  sheet.flow(title, STYLES.coverTitle, { tag: 'H1' });
  if (name !== undefined) {
    sheet.y += 6;
    const lines = sheet.prepare(name, STYLES.coverName, CONTENT_WIDTH);
    sheet.flowLines({ ...lines, lines: lines.lines.slice(0, MAX_NAME_LINES) });
  }
  sheet.y = BAND_HEIGHT + 40;
  for (const fact of facts) drawFact(sheet, fact);
  sheet.y += 18;
  sheet.decorate((ink) => {
    ink
      .moveTo(LEFT, sheet.y)
      .lineTo(LEFT + CONTENT_WIDTH, sheet.y)
      .lineWidth(0.8)
      .stroke(COLOURS.faint);
  });
  sheet.y += 14;
  for (const fact of notes) {
    drawFact(sheet, fact);
    sheet.y += 6;
  }
}
