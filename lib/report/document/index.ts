import type { RenderOptions, ReportData } from '../data';
import { formatDuration, formatOffset, formatScanDate } from '../dates';
import { paddedNumber } from '../names';
import { toolVersion } from '../tool-version';
import { LABELS, someOf, WORDS } from '../wording';
import { appendix, passedAndNotTested } from './appendix';
import type { Block, Fact } from './blocks';
import { changesSinceLastReport } from './changes';
import { detailedFindings } from './endpoint';
import { scanOverview, withoutMqtt } from './overview';
import { MAX_DETAILED_ENDPOINTS, Places } from './places';
import { deservesDetails, worstFirst } from './ranked';
import { executiveSummary, findingsAtAGlance } from './summary';
import { AUTHORISATION_TEXT, COVER_NOTES, HANDLING_TEXT, SCOPE_TEXT, TITLES } from './words';

const MAX_TARGETS = 30;

/** The whole report in the order in which it is read. */
export function* reportBlocks(data: ReportData, options: RenderOptions): Generator<Block> {
  const endpoints = worstFirst(data.endpoints);
  const detailed = endpoints.filter(deservesDetails);
  const places = new Places(detailed.slice(0, MAX_DETAILED_ENDPOINTS));
  yield cover(data, options);
  yield { kind: 'contents', title: TITLES.contents };
  yield* executiveSummary(data, places);
  yield* changesSinceLastReport(data.summary.changes, options);
  yield* scanOverview(endpoints, places);
  yield* findingsAtAGlance(data, places);
  yield* detailedFindings(data, detailed, places, options);
  yield* withoutMqtt(endpoints.filter((endpoint) => !deservesDetails(endpoint)));
  yield* passedAndNotTested(data);
  yield* appendix(data, options);
}

function cover({ scan, summary }: ReportData, { number, timezone }: RenderOptions): Block {
  const zone = [timezone, formatOffset(scan.startedAt, timezone)].filter((part) => part !== '').join(', ');
  const facts: Fact[] = [[LABELS.report, [paddedNumber(number)]]];
  if (scan.name !== undefined && scan.name !== '') facts.push([LABELS.name, [scan.name]]);
  facts.push(
    [LABELS.targets, [someOf(scan.targets, MAX_TARGETS)]],
    [LABELS.started, [`${formatScanDate(scan.startedAt, timezone)} (${zone})`]],
    [LABELS.duration, [formatDuration(summary.startedAt, summary.finishedAt)]],
    [LABELS.toolVersion, [`${WORDS.product} ${toolVersion()}`]],
  );
  return {
    kind: 'cover',
    product: WORDS.product,
    title: WORDS.title,
    name: scan.name === '' ? undefined : scan.name,
    facts,
    notes: [
      [COVER_NOTES.scope, [SCOPE_TEXT]],
      [COVER_NOTES.authorisation, [AUTHORISATION_TEXT]],
      [COVER_NOTES.handling, [HANDLING_TEXT]],
    ],
  };
}
