import { CONTENT_WIDTH, LEFT, STYLES } from './layout';
import type { Sheet } from './sheet';

const LABEL_WIDTH = 112;

/** A fact: its name in the left column, its value beside it. `indent` moves both, in points. */
export function drawFact(sheet: Sheet, label: string, value: string, indent = 0): void {
  drawFactLines(sheet, label, [value], indent);
}

/** A fact with several values, one below the other. `link` says which address a value opens, if any. */
export function drawFactLines(
  sheet: Sheet,
  label: string,
  values: readonly string[],
  indent = 0,
  link: (value: string) => string | undefined = () => undefined,
): void {
  sheet.ensure(STYLES.body.leading);
  sheet.place([label], STYLES.label, LEFT + indent, sheet.y, 'P');
  const x = LEFT + LABEL_WIDTH;
  const width = CONTENT_WIDTH - LABEL_WIDTH;
  for (const value of values) {
    const address = link(value);
    if (address === undefined) sheet.flow(value, STYLES.body, { x, width });
    else sheet.flow(value, STYLES.link, { x, width, link: address });
  }
}
