import type { ChangeKind, RiskLevel, ScanChanges } from '../../model';
import type { RenderOptions } from '../data';
import { formatScanDate } from '../dates';
import { paddedNumber } from '../names';
import { counted, WORDS } from '../wording';
import { type Block, type Cell, cell, paragraph, remark } from './blocks';
import { clipped } from './clip';
import { TITLES } from './words';

const MAX_ROWS = 200;
const MAX_TEXT = 300;

const KINDS: Readonly<Record<ChangeKind, string>> = {
  'endpoint-new': 'New endpoint',
  'endpoint-gone': 'Endpoint gone',
  'endpoint-back': 'Endpoint back',
  'finding-new': 'New finding',
  'finding-fixed': 'Fixed',
  'certificate-changed': 'Certificate changed',
  'product-changed': 'Product changed',
  'topics-appeared': 'New topics',
  'topics-vanished': 'Topics gone',
  'sensor-stopped': 'Sensor silent',
};

/** What is not as it was in the last report of the same targets. */
export function* changesSinceLastReport(
  changes: ScanChanges | undefined,
  { timezone }: RenderOptions,
): Generator<Block> {
  if (changes === undefined) return;
  yield { kind: 'heading', depth: 1, text: TITLES.changes, id: 'changes', listed: true };
  const { comparedWith, findings, items } = changes;
  if (comparedWith === undefined) {
    yield paragraph('There is no earlier report of the same targets to compare with.');
    return;
  }
  const when = formatScanDate(comparedWith.finishedAt, timezone);
  yield paragraph(
    `Compared with report ${paddedNumber(comparedWith.number)} of ${when}: ${counted(findings.new, 'new finding')}, ${findings.fixed} fixed, ${findings.unchanged} unchanged.`,
  );
  if (items.length === 0) yield paragraph('Nothing else has changed.');
  else {
    const rows = items
      .slice(0, MAX_ROWS)
      .map(({ kind, url, text, level }): readonly Cell[] => [
        cell(KINDS[kind] ?? kind),
        levelCell(level),
        cell(url),
        cell(clipped(text, MAX_TEXT)),
      ]);
    yield {
      kind: 'table',
      caption: TITLES.changes,
      columns: [
        { title: 'Change', share: 0.17 },
        { title: 'Severity', share: 0.13 },
        { title: 'Endpoint', share: 0.28 },
        { title: 'What', share: 0.42 },
      ],
      rows: () => rows,
    };
  }
  const more = Math.max(0, items.length - MAX_ROWS) + (changes.notListed ?? 0);
  if (more > 0) yield remark(`${counted(more, 'further change is', 'further changes are')} not listed here.`);
}

function levelCell(level: RiskLevel | undefined): Cell {
  return level === undefined ? cell(WORDS.none) : { text: level, level };
}
