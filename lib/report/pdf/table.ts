import { BOTTOM, COLOURS, CONTENT_WIDTH, LEFT, STYLES, TOP } from './layout';
import type { Lines, Sheet } from './sheet';

export interface Column {
  readonly title: string;
  /** Points; the widths of a table add up to the width of the content. */
  readonly width: number;
}

const PADDING_X = 6;
const PADDING_Y = 4;
const HEAD_HEIGHT = STYLES.headCell.leading + 2 * PADDING_Y;

/** Height that the header and one row of one line need; less room than this is not worth a table. */
export const TABLE_START = HEAD_HEIGHT + STYLES.cell.leading + 2 * PADDING_Y;

/**
 * Draws a table whose header stands on every page. A row moves to the next page when it fits there; one
 * that is higher than a page is continued, so nothing of it is lost.
 * Yields after every row.
 */
export function* drawTable(
  sheet: Sheet,
  columns: readonly Column[],
  rows: Iterable<readonly string[]>,
): Generator<void> {
  sheet.ensure(TABLE_START);
  sheet.open('Table');
  drawHead(sheet, columns, true);
  sheet.onContinue = () => drawHead(sheet, columns, false);
  let striped = false;
  for (const row of rows) {
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
}

function drawHead(sheet: Sheet, columns: readonly Column[], first: boolean): void {
  const top = sheet.y;
  sheet.decorate((ink) => {
    ink.rect(LEFT, top, CONTENT_WIDTH, HEAD_HEIGHT).fill(COLOURS.accent);
  });
  if (first) sheet.open('TR');
  for (const { column, x } of placed(columns)) {
    if (first) sheet.place([column.title], STYLES.headCell, x, top + PADDING_Y, 'TH');
    else sheet.furnish([column.title], STYLES.headCell, x, top + PADDING_Y);
  }
  if (first) sheet.close();
  sheet.y += HEAD_HEIGHT;
}

function drawRow(sheet: Sheet, columns: readonly Column[], row: readonly string[], striped: boolean): void {
  const cells = columns.map(({ width }, index) =>
    sheet.prepare(row[index] ?? '', STYLES.cell, width - 2 * PADDING_X),
  );
  const lineCount = Math.max(...cells.map(({ lines }) => lines.length));
  const height = rowHeight(lineCount);
  const wholePage = BOTTOM - TOP - HEAD_HEIGHT;
  if (sheet.room < Math.min(height, rowHeight(1)) || (height > sheet.room && height <= wholePage)) {
    sheet.newPage();
  }
  for (let from = 0; from < lineCount; ) {
    if (from > 0) sheet.newPage();
    const fitting = Math.floor((sheet.room - 2 * PADDING_Y) / STYLES.cell.leading);
    const to = Math.min(lineCount, from + Math.max(1, fitting));
    drawSlice(sheet, columns, cells, from, to, striped);
    from = to;
  }
}

function drawSlice(
  sheet: Sheet,
  columns: readonly Column[],
  cells: readonly Lines[],
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
  for (const [index, { x }] of placed(columns).entries()) {
    const lines = cells[index]?.lines.slice(from, to) ?? [];
    sheet.place(lines, STYLES.cell, x, top + PADDING_Y, 'TD', cells[index]?.width);
  }
  sheet.close();
  sheet.y += height;
}

function rowHeight(lines: number): number {
  return lines * STYLES.cell.leading + 2 * PADDING_Y;
}

function placed(columns: readonly Column[]): { column: Column; x: number }[] {
  let left = LEFT;
  return columns.map((column) => {
    const x = left + PADDING_X;
    left += column.width;
    return { column, x };
  });
}
