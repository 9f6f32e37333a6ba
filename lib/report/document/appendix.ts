import type { PassedCheck, UntestedCheck } from '../../model';
import type { RenderOptions, ReportData } from '../data';
import { formatOffset } from '../dates';
import { toolVersion } from '../tool-version';
import { counted, grouped, LABELS, someOf } from '../wording';
import { type Block, type Fact, paragraph, textTable } from './blocks';
import { GLOSSARY, LIMITS, METHOD, TITLES } from './words';

const MAX_ROWS = 200;
const MAX_NAMED = 30;

/** What came out well and what was not tried, over all endpoints. */
export function* passedAndNotTested({ endpoints, summary }: ReportData): Generator<Block> {
  const passed = new Map<string, { check: PassedCheck; count: number }>();
  const notTested = new Map<string, { check: UntestedCheck; count: number }>();
  for (const { risk } of endpoints) {
    for (const check of risk?.passed ?? []) count(passed, check.id, check);
    for (const check of risk?.notTested ?? []) count(notTested, `${check.id} ${check.reason}`, check);
  }
  if (passed.size > 0) {
    yield { kind: 'heading', depth: 1, text: TITLES.passed, id: 'passed', listed: true };
    yield textTable(
      TITLES.passed,
      [
        { title: 'Check', share: 0.6 },
        { title: 'Rule', share: 0.24 },
        { title: 'Endpoints', share: 0.16 },
      ],
      [...passed.values()]
        .slice(0, MAX_ROWS)
        .map((one) => [one.check.title, one.check.id, grouped(one.count)]),
    );
  }
  const unreached = summary.notReached ?? 0;
  if (notTested.size === 0 && unreached === 0) return;
  yield { kind: 'heading', depth: 1, text: TITLES.notTested, id: 'not-tested', listed: true };
  if (unreached > 0)
    yield paragraph(`${counted(unreached, 'endpoint was', 'endpoints were')} not reached at all.`);
  if (notTested.size === 0) return;
  yield textTable(
    TITLES.notTested,
    [
      { title: 'Check', share: 0.34 },
      { title: 'Rule', share: 0.2 },
      { title: 'Reason', share: 0.32 },
      { title: 'Endpoints', share: 0.14 },
    ],
    [...notTested.values()]
      .slice(0, MAX_ROWS)
      .map((one) => [one.check.title, one.check.id, one.check.reason, grouped(one.count)]),
  );
}

function count<T>(counts: Map<string, { check: T; count: number }>, key: string, check: T): void {
  const known = counts.get(key);
  if (known === undefined) counts.set(key, { check, count: 1 });
  else known.count += 1;
}

/** How the scan works, how it was set, and the words used. */
export function* appendix(data: ReportData, options: RenderOptions): Generator<Block> {
  yield { kind: 'heading', depth: 1, text: TITLES.appendix, id: 'appendix', listed: true, newPage: true };
  yield { kind: 'heading', depth: 2, text: TITLES.method };
  for (const text of METHOD) yield paragraph(text);
  yield { kind: 'heading', depth: 2, text: TITLES.policy };
  yield { kind: 'facts', facts: settings(data, options) };
  yield { kind: 'heading', depth: 2, text: TITLES.limits };
  yield { kind: 'list', items: LIMITS };
  yield { kind: 'heading', depth: 2, text: TITLES.glossary };
  yield { kind: 'facts', facts: GLOSSARY.map(([term, meaning]): Fact => [term, [meaning]]) };
}

function settings({ scan, summary }: ReportData, { timezone }: RenderOptions): Fact[] {
  const { policy } = summary;
  const facts: Fact[] = [
    [LABELS.scanId, [scan.id]],
    [LABELS.toolVersion, [toolVersion()]],
    [LABELS.timezone, [[timezone, formatOffset(scan.startedAt, timezone)].filter(Boolean).join(', ')]],
    [LABELS.targets, [someOf(scan.targets, MAX_NAMED)]],
  ];
  if (policy === undefined) return facts;
  const base = policy.base === undefined ? '' : ` (built on ${policy.base})`;
  facts.push([LABELS.policy, [`${policy.name}${base}, ${counted(policy.rules, 'rule')}`]]);
  facts.push([LABELS.advisoriesOf, [policy.advisoriesOf]]);
  const overrides = Object.entries(policy.overrides ?? {});
  if (overrides.length > 0) {
    facts.push([LABELS.overrides, overrides.slice(0, MAX_NAMED).map(([rule, level]) => `${rule}: ${level}`)]);
  }
  const mutes = policy.mutes ?? [];
  if (mutes.length > 0) {
    const texts = mutes.map(
      ({ rule, endpoints, reason, until }) => `${rule} on ${someOf(endpoints, 5)} until ${until}: ${reason}`,
    );
    facts.push([LABELS.mutes, texts.slice(0, MAX_NAMED)]);
  }
  return facts;
}
