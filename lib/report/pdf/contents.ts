import { BOTTOM, COLOURS, LEFT, RIGHT, STYLES, TOP } from './layout';
import type { Sheet } from './sheet';

/** A line of the table of contents. */
export interface Entry {
  readonly text: string;
  readonly depth: number;
  readonly place: string;
  readonly page: number;
}

const HEAD = STYLES.chapter.leading + 12;
const PER_PAGE = Math.floor((BOTTOM - TOP - HEAD) / STYLES.contents.leading);
const NUMBER_ROOM = 40;

/** Pages that a table of contents takes. */
export function contentsPages(entries: number): number {
  return Math.ceil(entries / PER_PAGE);
}

/** The table of contents on pages of its own. */
export function drawContents(sheet: Sheet, title: string, entries: readonly Entry[]): void {
  for (let from = 0; from < entries.length; from += PER_PAGE) {
    sheet.newPage();
    if (from === 0) sheet.flow(title, STYLES.chapter, { tag: 'H1' });
    sheet.y = TOP + HEAD;
    sheet.open('TOC');
    for (const entry of entries.slice(from, from + PER_PAGE)) drawEntry(sheet, entry);
    sheet.close();
  }
}

function drawEntry(sheet: Sheet, { text, depth, place, page }: Entry): void {
  const style = depth === 1 ? STYLES.contentsChapter : STYLES.contents;
  const x = LEFT + (depth - 1) * 16;
  const [line = ''] = sheet.prepare(text, style, RIGHT - NUMBER_ROOM - x).lines;
  const number = String(page);
  sheet.open('TOCI');
  sheet.place([line], style, x, sheet.y, { tag: 'P', target: { place } });
  const numberX = RIGHT - sheet.widthOf(number, STYLES.contents);
  const from = x + sheet.widthOf(line, style) + 6;
  const y = sheet.y + style.leading * 0.68;
  sheet.decorate((ink) => {
    ink
      .moveTo(from, y)
      .lineTo(numberX - 6, y)
      .lineWidth(0.5)
      .dash(1, { space: 3 })
      .stroke(COLOURS.muted)
      .undash();
  });
  sheet.place([number], STYLES.contents, numberX, sheet.y, { tag: 'P' });
  sheet.close();
  sheet.y += style.leading;
}
