import type { FindingBlock } from '../document/blocks';
import { webAddress } from '../web-address';
import { LABELS } from '../wording';
import { badgeWidth, drawBadge } from './badge';
import { drawFact } from './facts';
import { BOTTOM, COLOURS, CONTENT_WIDTH, LEFT, STYLES, TOP } from './layout';
import type { Sheet } from './sheet';

const INDENT = 10;

/** One weakness: how bad, what was seen, why it matters, how to mend it. */
export function drawFinding(sheet: Sheet, finding: FindingBlock): void {
  const badge = badgeWidth(sheet, finding.level);
  const title = sheet.prepare(
    `${finding.title}  [${finding.rule}]`,
    STYLES.strong,
    CONTENT_WIDTH - badge - 8,
  );
  sheet.gap(6);
  // A short finding stays whole; of a long one the title keeps some lines of its text.
  sheet.ensure(Math.min(title.height + 70, BOTTOM - TOP));
  sheet.nameHere(finding.id);
  drawBadge(sheet, finding.level, LEFT, sheet.y);
  sheet.flowLines(title, { x: LEFT + badge + 8 });
  sheet.y += 2;
  for (const fact of finding.facts) drawFact(sheet, fact, INDENT);
  if (finding.command !== undefined) drawFact(sheet, [LABELS.command, [finding.command]], INDENT);
  if (finding.references.length > 0) {
    drawFact(sheet, [LABELS.references, finding.references], INDENT, (reference) => {
      const address = webAddress(reference);
      return address === undefined ? undefined : { address };
    });
  }
  sheet.y += 3;
  sheet.decorate((ink) => {
    ink
      .moveTo(LEFT + INDENT, sheet.y)
      .lineTo(LEFT + CONTENT_WIDTH, sheet.y)
      .lineWidth(0.4)
      .stroke(COLOURS.faint);
  });
}
