import type { Fact } from '../document/blocks';
import { CONTENT_WIDTH, LEFT, STYLES } from './layout';
import type { Sheet, Target } from './sheet';

const LABEL_WIDTH = 124;

/**
 * A fact: its name in the left column, its values beside it, one below the other. `indent` moves the name, in
 * points; `targetOf` says what a value opens, if anything.
 */
export function drawFact(
  sheet: Sheet,
  [label, values]: Fact,
  indent = 0,
  targetOf: (value: string) => Target | undefined = () => undefined,
): void {
  const name = sheet.prepare(label, STYLES.label, LABEL_WIDTH - indent - 8);
  sheet.ensure(name.height);
  const { page, y } = sheet;
  sheet.place(name.lines, STYLES.label, LEFT + indent, sheet.y, { tag: 'P' });
  const x = LEFT + LABEL_WIDTH;
  const width = CONTENT_WIDTH - LABEL_WIDTH;
  for (const value of values) {
    const target = targetOf(value);
    sheet.flow(value, target === undefined ? STYLES.body : STYLES.link, { x, width, target });
  }
  if (sheet.page === page) sheet.y = Math.max(sheet.y, y + name.height);
}
