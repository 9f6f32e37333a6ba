import type { Block, Heading } from '../document/blocks';
import { badgeWidth, drawBadge } from './badge';
import { drawCover } from './cover';
import { drawFact } from './facts';
import { drawFinding } from './finding';
import { COLOURS, CONTENT_WIDTH, LEFT, RIGHT, STYLES, type TextStyle, TOP } from './layout';
import type { Sheet } from './sheet';
import { drawActions, drawCards, drawChart } from './summary-parts';
import { drawTable, TABLE_START } from './table';

const TEXTS = { body: STYLES.body, lead: STYLES.lead, note: STYLES.body, remark: STYLES.small } as const;
const BULLET_WIDTH = 12;

/** What is drawn differently in the two runs over a document. */
export interface Marks {
  /** Called where a heading stands. */
  readonly onHeading: (heading: Heading, sheet: Sheet) => void;
  readonly onContents: (title: string, sheet: Sheet) => void;
}

/** Draws one piece of a report. Yields where others may have a turn. */
export function* drawBlock(sheet: Sheet, block: Block, marks: Marks): Generator<void> {
  switch (block.kind) {
    case 'cover':
      return drawCover(sheet, block);
    case 'contents':
      return marks.onContents(block.title, sheet);
    case 'heading':
      return drawHeading(sheet, block, marks);
    case 'cards':
      return drawCards(sheet, block.cards);
    case 'chart':
      return drawChart(sheet, block.caption, block.bars, block.alt);
    case 'actions':
      return drawActions(sheet, block.items);
    case 'text':
      return drawText(sheet, block.text, block.tone);
    case 'list':
      return drawList(sheet, block.items);
    case 'facts':
      for (const fact of block.facts) drawFact(sheet, fact);
      return;
    case 'finding':
      return drawFinding(sheet, block);
    case 'table':
      yield* drawTable(sheet, block);
  }
}

function drawHeading(sheet: Sheet, heading: Heading, marks: Marks): void {
  const { depth, text, level, newPage, id } = heading;
  const style: TextStyle = depth === 1 ? STYLES.chapter : depth === 2 ? STYLES.section : STYLES.part;
  const badge = level === undefined ? 0 : badgeWidth(sheet, level) + 12;
  const lines = sheet.prepare(text, style, CONTENT_WIDTH - badge);
  if (depth < 3) sheet.beginSection(depth);
  if (newPage === true && sheet.y > TOP) sheet.newPage();
  sheet.gap(depth === 1 ? 24 : depth === 2 ? 16 : 9);
  // A heading stays on the page of what it is about.
  sheet.ensure(lines.height + (depth === 3 ? TABLE_START + 24 : 120));
  if (depth === 2 && level !== undefined && sheet.y > TOP) {
    sheet.decorate((ink) => {
      ink.moveTo(LEFT, sheet.y).lineTo(RIGHT, sheet.y).lineWidth(0.8).stroke(COLOURS.faint);
    });
    sheet.y += 8;
  }
  if (id !== undefined) sheet.nameHere(id);
  marks.onHeading(heading, sheet);
  const top = sheet.y;
  sheet.flowLines(lines, { tag: depth === 1 ? 'H1' : depth === 2 ? 'H2' : 'H3' });
  if (level !== undefined) drawBadge(sheet, level, RIGHT - badge + 12, top + 1.5);
  sheet.y += depth === 1 ? 6 : depth === 2 ? 4 : 1;
}

function drawText(sheet: Sheet, text: string, tone: keyof typeof TEXTS): void {
  if (tone === 'note') drawNote(sheet, text);
  else {
    sheet.flow(text, TEXTS[tone]);
    sheet.y += 4;
  }
}

/** A box for what must not be overlooked. */
function drawNote(sheet: Sheet, text: string): void {
  const lines = sheet.prepare(text, STYLES.body, CONTENT_WIDTH - 28);
  sheet.ensure(lines.height + 24);
  sheet.y += 4;
  sheet.decorate((ink) => {
    ink
      .roundedRect(LEFT, sheet.y, CONTENT_WIDTH, lines.height + 12, 4)
      .lineWidth(0.8)
      .fillAndStroke(COLOURS.noteFill, COLOURS.noteLine);
  });
  sheet.y += 6;
  sheet.flowLines(lines, { x: LEFT + 14 });
  sheet.y += 10;
}

function drawList(sheet: Sheet, items: readonly string[]): void {
  sheet.open('L');
  for (const item of items) {
    const lines = sheet.prepare(item, STYLES.body, CONTENT_WIDTH - BULLET_WIDTH);
    sheet.ensure(Math.min(lines.height, 4 * STYLES.body.leading));
    sheet.open('LI');
    sheet.decorate((ink) => {
      ink.circle(LEFT + 4, sheet.y + STYLES.body.leading / 2, 1.6).fill(COLOURS.accent);
    });
    sheet.flowLines(lines, { x: LEFT + BULLET_WIDTH, tag: 'LBody' });
    sheet.close();
  }
  sheet.close();
  sheet.y += 4;
}
