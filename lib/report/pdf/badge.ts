import type { RiskLevel } from '../../model';
import { grouped } from '../wording';
import { COLOURS, LEVEL_COLOURS, STYLES } from './layout';
import type { Sheet } from './sheet';

const PADDING_X = 6;
const HEIGHT = 14;

/** Width of a badge in points. */
export function badgeWidth(sheet: Sheet, text: string): number {
  return sheet.widthOf(text, STYLES.badge) + 2 * PADDING_X;
}

/** A level as a coloured box with its name in it: the word says it, the colour only helps to find it. */
export function drawBadge(sheet: Sheet, level: RiskLevel, x: number, y: number): void {
  drawChip(sheet, level, LEVEL_COLOURS[level], x, y);
}

/** A level and how many endpoints have it; grey where there are none, so that nothing is cried in red. Returns its width. */
export function drawCount(sheet: Sheet, level: RiskLevel, count: number, x: number, y: number): number {
  const text = `${level} ${grouped(count)}`;
  drawChip(sheet, text, count > 0 ? LEVEL_COLOURS[level] : COLOURS.idle, x, y);
  return badgeWidth(sheet, text);
}

function drawChip(sheet: Sheet, text: string, colour: string, x: number, y: number): void {
  const width = badgeWidth(sheet, text);
  sheet.decorate((ink) => {
    ink.roundedRect(x, y, width, HEIGHT, 3).fill(colour);
  });
  sheet.place([text], STYLES.badge, x + PADDING_X, y + (HEIGHT - STYLES.badge.leading) / 2, 'P');
}
