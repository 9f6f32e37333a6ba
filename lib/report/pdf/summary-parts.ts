import type { Action, Bar } from '../document/blocks';
import { grouped } from '../wording';
import { badgeWidth, drawBadge } from './badge';
import { COLOURS, CONTENT_WIDTH, LEFT, LEVEL_COLOURS, RIGHT, STYLES } from './layout';
import type { Sheet } from './sheet';

const CARD_GAP = 14;
const CARD_HEIGHT = 68;
const BAR_HEIGHT = 15;
const BAR_STEP = 20;
const BAR_LEFT = 74;
const BAR_ROOM = 60;

/** Large numbers side by side. */
export function drawCards(sheet: Sheet, cards: readonly (readonly [label: string, value: number])[]): void {
  const width = (CONTENT_WIDTH - CARD_GAP * (cards.length - 1)) / cards.length;
  sheet.y += 4;
  for (const [index, [label, value]] of cards.entries()) {
    const x = LEFT + index * (width + CARD_GAP);
    sheet.decorate((ink) => {
      ink
        .roundedRect(x, sheet.y, width, CARD_HEIGHT, 6)
        .lineWidth(0.8)
        .fillAndStroke(COLOURS.cardFill, COLOURS.faint);
    });
    sheet.place([grouped(value)], STYLES.cardNumber, x + 14, sheet.y + 9, { tag: 'P' });
    sheet.place([label], STYLES.cardLabel, x + 14, sheet.y + 43, { tag: 'P' });
  }
  sheet.y += CARD_HEIGHT + 14;
}

/** Bars with their names and numbers in words: none of it is said by colour alone. */
export function drawChart(sheet: Sheet, caption: string, bars: readonly Bar[], alt: string): void {
  const height = bars.length * BAR_STEP;
  sheet.gap(10);
  sheet.ensure(height + 20);
  sheet.flow(caption, STYLES.part);
  sheet.y += 3;
  const most = Math.max(1, ...bars.map(({ count }) => count));
  sheet.figure(alt, height, (write, ink) => {
    for (const [index, { level, count }] of bars.entries()) {
      const y = sheet.y + index * BAR_STEP;
      write(level, STYLES.strong, LEFT, y + 1);
      const length = (count / most) * (CONTENT_WIDTH - BAR_LEFT - BAR_ROOM);
      const colour = count === 0 ? COLOURS.faint : LEVEL_COLOURS[level];
      ink?.rect(LEFT + BAR_LEFT, y, Math.max(2, length), BAR_HEIGHT).fill(colour);
      write(grouped(count), STYLES.strong, LEFT + BAR_LEFT + Math.max(2, length) + 8, y + 1);
    }
  });
  sheet.y += height + 4;
}

/** What to do first, numbered, each with a link to its finding. */
export function drawActions(sheet: Sheet, items: readonly Action[]): void {
  sheet.y += 3;
  for (const [index, { level, title, text, to }] of items.entries()) {
    const x = LEFT + 18;
    const badge = badgeWidth(sheet, level);
    const head = sheet.prepare(title, STYLES.strong, RIGHT - x - badge - 10);
    const body = sheet.prepare(text, STYLES.body, RIGHT - x - badge - 10);
    sheet.ensure(head.height + Math.min(body.height, 60));
    sheet.place([`${index + 1}.`], STYLES.strong, LEFT, sheet.y, { tag: 'P' });
    drawBadge(sheet, level, RIGHT - badge, sheet.y);
    sheet.flowLines(head, { x, target: to === undefined ? undefined : { place: to } });
    sheet.flowLines(body, { x });
    sheet.y += 7;
  }
}
