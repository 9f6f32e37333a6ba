import { RISK_LEVELS } from '../../model';
import type { RenderOptions, ReportData } from '../data';
import { formatDuration, formatOffset, formatScanDate } from '../dates';
import { paddedNumber } from '../names';
import { grouped, LABELS, someOf, stoppedText, verdictText, WORDS } from '../wording';
import { drawCount } from './badge';
import { drawFact } from './facts';
import { COLOURS, CONTENT_WIDTH, LEFT, MAX_NAMED, RIGHT, STYLES } from './layout';
import type { Sheet } from './sheet';

const CARD_GAP = 14;
const CARD_HEIGHT = 68;

/** The title block: which scan this is. */
export function drawTitle(sheet: Sheet, data: ReportData, { number, timezone }: RenderOptions): void {
  const { summary, scan } = data;
  sheet.flow(WORDS.product, STYLES.product);
  sheet.flow(WORDS.title, STYLES.title, { tag: 'H1' });
  sheet.y += 4;
  rule(sheet);
  sheet.y += 10;
  const zone = [timezone, formatOffset(scan.startedAt, timezone)].filter((part) => part !== '').join(', ');
  drawFact(sheet, LABELS.report, paddedNumber(number));
  drawFact(sheet, LABELS.targets, someOf(scan.targets, MAX_NAMED));
  drawFact(sheet, LABELS.started, `${formatScanDate(scan.startedAt, timezone)} (${zone})`);
  drawFact(sheet, LABELS.duration, formatDuration(summary.startedAt, summary.finishedAt));
}

/** The executive summary: three numbers, the verdict, and how many endpoints have which level. */
export function drawExecutiveSummary(sheet: Sheet, { summary }: ReportData): void {
  sheet.gap(20);
  sheet.heading(WORDS.executiveSummary, STYLES.section, 'H2', CARD_HEIGHT + 80);
  sheet.y += 6;
  drawCards(sheet, [
    [WORDS.cards.sensors, summary.sensors],
    [WORDS.cards.openBrokers, summary.openBrokers],
    [WORDS.cards.ports, summary.endpointsScanned],
  ]);
  sheet.y += 14;
  sheet.flow(verdictText(summary), STYLES.body);
  sheet.y += 6;
  let x = LEFT;
  for (const level of RISK_LEVELS) {
    x += drawCount(sheet, level, summary.risk[level], x, sheet.y) + 8;
  }
  sheet.y += 20;
  if (summary.stopped === true) drawNote(sheet, stoppedText(summary));
}

function drawCards(sheet: Sheet, cards: readonly (readonly [label: string, value: number])[]): void {
  const width = (CONTENT_WIDTH - CARD_GAP * (cards.length - 1)) / cards.length;
  for (const [index, [label, value]] of cards.entries()) {
    const x = LEFT + index * (width + CARD_GAP);
    sheet.decorate((ink) => {
      ink
        .roundedRect(x, sheet.y, width, CARD_HEIGHT, 6)
        .lineWidth(0.8)
        .fillAndStroke(COLOURS.cardFill, COLOURS.faint);
    });
    sheet.place([grouped(value)], STYLES.cardNumber, x + 14, sheet.y + 9, 'P');
    sheet.place([label], STYLES.cardLabel, x + 14, sheet.y + 43, 'P');
  }
  sheet.y += CARD_HEIGHT;
}

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
  sheet.y += 6;
}

function rule(sheet: Sheet): void {
  sheet.decorate((ink) => {
    ink.moveTo(LEFT, sheet.y).lineTo(RIGHT, sheet.y).lineWidth(1.4).stroke(COLOURS.accent);
  });
}
