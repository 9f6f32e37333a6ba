import type { RetainedRecord, RetainedResult } from '../../model';
import { counted, grouped, WORDS } from '../wording';
import { type Block, paragraph, remark, textTable } from './blocks';
import { clipped } from './clip';
import { PARTS } from './words';

const MAX_ROWS = 100;
const MAX_TOPIC_CHARS = 600;

const OUTCOMES: Readonly<Record<RetainedRecord['outcome'], string>> = {
  listed: 'Listed',
  cleared: 'Cleared',
  remains: 'Still there',
  skipped: 'Not touched',
};

/** Messages that the broker keeps, where they were listed or cleared. */
export function* retainedPart(retained: RetainedResult | undefined): Generator<Block> {
  if (retained === undefined) return;
  yield { kind: 'heading', depth: 3, text: PARTS.retained };
  const { dryRun, found, cleared, remaining, messages, reason, capped } = retained;
  const done = dryRun
    ? 'listed only, nothing cleared'
    : remaining === undefined
      ? 'how many were cleared is not known'
      : `${grouped(cleared)} cleared, ${grouped(remaining)} still there`;
  yield paragraph(
    `${counted(found, 'retained message')}: ${done}.${reason === undefined ? '' : ` ${reason}`}`,
  );
  if (messages.length === 0) return;
  yield textTable(
    PARTS.retained,
    [
      { title: 'Topic', share: 0.5 },
      { title: 'Bytes', share: 0.1 },
      { title: 'Outcome', share: 0.14 },
      { title: 'Reason', share: 0.26 },
    ],
    messages
      .slice(0, MAX_ROWS)
      .map((one) => [
        clipped(one.topic, MAX_TOPIC_CHARS),
        grouped(one.bytes),
        OUTCOMES[one.outcome],
        one.reason ?? WORDS.none,
      ]),
  );
  const more = messages.length - MAX_ROWS;
  if (more > 0) yield remark(`${counted(more, 'further message')} in the JSON report.`);
  if (capped) yield remark('There were more than are listed; those were not touched.');
}
