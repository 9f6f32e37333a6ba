import type { RiskLevel } from '../../model';
import { LEVEL_COLOURS, STYLES } from './layout';
import type { Sheet } from './sheet';

const PADDING_X = 6;
const HEIGHT = 14;

/** Width of a badge in points. */
export function badgeWidth(sheet: Sheet, text: string): number {
  return sheet.widthOf(text, STYLES.badge) + 2 * PADDING_X;
}

/** A level as a coloured box with its name in it: the word says it, the colour only helps to find it. */
export function drawBadge(sheet: Sheet, level: RiskLevel, x: number, y: number): void {
  const width = badgeWidth(sheet, level);
  sheet.decorate((ink) => {
    ink.roundedRect(x, y, width, HEIGHT, 3).fill(LEVEL_COLOURS[level]);
  });
  const top = y + (HEIGHT - STYLES.badge.leading) / 2;
  sheet.place([level], STYLES.badge, x + PADDING_X, top, { tag: 'P' });
}
