import type { Cell, Table } from '../document/blocks';
import { BOTTOM, COLOURS, CONTENT_WIDTH, LEFT, LEVEL_COLOURS, STYLES, type TextStyle, TOP } from './layout';
import type { Lines, Sheet, Target } from './sheet';

const PADDING_X = 6;
const PADDING_Y = 4;

/** Height that the header and one row of one line need; less room than this is not worth a table. */
export const TABLE_START = STYLES.headCell.leading + STYLES.cell.leading + 4 * PADDING_Y;

interface Placed {
  readonly title: Lines;
  readonly x: number;
  readonly width: number;
}

/** The fields of a row, broken into lines. */
interface Field extends Lines {
  readonly target: Target | undefined;
}

/**
 * Draws a table whose header stands on every page. A row moves to the next page when it fits there; one
 * that is higher than a page is continued, so nothing of it is lost.
 * Yields after every row.
 */
export function* drawTable(sheet: Sheet, table: Table): Generator<void> {
  const columns = placed(sheet, table);
  sheet.gap(5);
  sheet.ensure(headHeight(columns) + rowHeight(1));
  sheet.open('Table');
  drawHead(sheet, columns, true);
  sheet.onContinue = () => drawHead(sheet, columns, false);
  let striped = false;
  for (const row of table.rows()) {
    drawRow(sheet, columns, row, striped);
    striped = !striped;
    yield;
  }
  sheet.onContinue = undefined;
  sheet.close();
  sheet.decorate((ink) => {
    ink
      .moveTo(LEFT, sheet.y)
      .lineTo(LEFT + CONTENT_WIDTH, sheet.y)
      .lineWidth(0.6)
      .stroke(COLOURS.faint);
  });
  sheet.y += 6;
}

function drawHead(sheet: Sheet, columns: readonly Placed[], first: boolean): void {
  const top = sheet.y;
  const height = headHeight(columns);
  sheet.decorate((ink) => {
    ink.rect(LEFT, top, CONTENT_WIDTH, height).fill(COLOURS.accent);
  });
  if (first) sheet.open('TR');
  for (const { title, x } of columns) {
    const { lines } = title;
    if (first) sheet.place(lines, STYLES.headCell, x, top + PADDING_Y, { tag: 'TH', scope: 'Column' });
    else sheet.furnish(lines, STYLES.headCell, x, top + PADDING_Y);
  }
  if (first) sheet.close();
  sheet.y += height;
}

function headHeight(columns: readonly Placed[]): number {
  const lines = Math.max(...columns.map(({ title }) => title.lines.length));
  return lines * STYLES.headCell.leading + 2 * PADDING_Y;
}

function drawRow(sheet: Sheet, columns: readonly Placed[], row: readonly Cell[], striped: boolean): void {
  const fields = columns.map(({ width }, index) => fieldOf(sheet, row[index], width));
  const lineCount = Math.max(...fields.map(({ lines }) => lines.length));
  const height = rowHeight(lineCount);
  const wholePage = BOTTOM - TOP - headHeight(columns);
  if (sheet.room < Math.min(height, rowHeight(1)) || (height > sheet.room && height <= wholePage)) {
    sheet.newPage();
  }
  for (let from = 0; from < lineCount; ) {
    if (from > 0) sheet.newPage();
    const fitting = Math.floor((sheet.room - 2 * PADDING_Y) / STYLES.cell.leading);
    const to = Math.min(lineCount, from + Math.max(1, fitting));
    drawSlice(sheet, columns, fields, from, to, striped);
    from = to;
  }
}

function fieldOf(sheet: Sheet, cell: Cell | undefined, width: number): Field {
  const target = cell?.to === undefined ? undefined : { place: cell.to };
  return { ...sheet.prepare(cell?.text ?? '', styleOf(cell), width), target };
}

function styleOf(cell: Cell | undefined): TextStyle {
  if (cell?.level !== undefined) return LEVEL_CELLS[cell.level];
  return cell?.to === undefined ? STYLES.cell : STYLES.cellLink;
}

const LEVEL_CELLS = {
  CRITICAL: { ...STYLES.cell, font: 'bold', colour: LEVEL_COLOURS.CRITICAL },
  HIGH: { ...STYLES.cell, font: 'bold', colour: LEVEL_COLOURS.HIGH },
  MEDIUM: { ...STYLES.cell, font: 'bold', colour: LEVEL_COLOURS.MEDIUM },
  LOW: { ...STYLES.cell, font: 'bold', colour: LEVEL_COLOURS.LOW },
  OK: { ...STYLES.cell, font: 'bold', colour: LEVEL_COLOURS.OK },
} as const satisfies Readonly<Record<string, TextStyle>>;

function drawSlice(
  sheet: Sheet,
  columns: readonly Placed[],
  fields: readonly Field[],
  from: number,
  to: number,
  striped: boolean,
): void {
  const top = sheet.y;
  const height = rowHeight(to - from);
  if (striped) {
    sheet.decorate((ink) => {
      ink.rect(LEFT, top, CONTENT_WIDTH, height).fill(COLOURS.zebra);
    });
  }
  sheet.open('TR');
  for (const [index, { x }] of columns.entries()) {
    const field = fields[index];
    if (field === undefined) continue;
    const { style, width, target } = field;
    sheet.place(field.lines.slice(from, to), style, x, top + PADDING_Y, { tag: 'TD', width, target });
  }
  sheet.close();
  sheet.y += height;
}

function rowHeight(lines: number): number {
  return lines * STYLES.cell.leading + 2 * PADDING_Y;
}

function placed(sheet: Sheet, { columns }: Table): Placed[] {
  const least = columns.map(({ title }) => widestWord(sheet, title) + 2 * PADDING_X);
  const widths = withoutBrokenWords(
    columns.map(({ share }) => share * CONTENT_WIDTH),
    least,
  );
  let left = LEFT;
  return columns.map(({ title }, index) => {
    const x = left + PADDING_X;
    const column = widths[index] ?? 0;
    const width = column - 2 * PADDING_X;
    left += column;
    return { title: sheet.prepare(title, STYLES.headCell, width), x, width };
  });
}

function widestWord(sheet: Sheet, title: string): number {
  return Math.max(...title.split(' ').map((word) => sheet.widthOf(word, STYLES.headCell)));
}

/** Gives columns that are too narrow for a word of their title what the others have over; if there is so much. */
export function withoutBrokenWords(widths: readonly number[], least: readonly number[]): readonly number[] {
  const spare = widths.map((width, index) => Math.max(0, width - (least[index] ?? 0)));
  const total = spare.reduce((sum, one) => sum + one, 0);
  const missing = widths.reduce((sum, width, index) => sum + Math.max(0, (least[index] ?? 0) - width), 0);
  if (missing === 0 || missing > total) return widths;
  return widths.map((width, index) =>
    Math.max(width - ((spare[index] ?? 0) * missing) / total, least[index] ?? 0),
  );
}
