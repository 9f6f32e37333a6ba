import type { EndpointReport, Finding, RiskResult, ScanFinding } from '../../model';
import type { RenderOptions, ReportData } from '../data';
import { webAddress } from '../web-address';
import { counted, LABELS, leftOutEndpoints, someOf, WORDS } from '../wording';
import { accessPart } from './access';
import { type Block, type Fact, type FindingBlock, paragraph, remark } from './blocks';
import { clipped } from './clip';
import { endpointFacts } from './endpoint-facts';
import { MAX_DETAILED_ENDPOINTS, type Places } from './places';
import { byWeight, scanFindings } from './ranked';
import { retainedPart } from './retained';
import { tlsPart } from './tls';
import { MAX_TOPICS, trafficPart } from './traffic';
import { AREAS, CONFIDENCE, PARTS, TITLES } from './words';

/** Most topics listed in all. */
const MAX_TOPICS_IN_ALL = 5000;
/** Most endpoints of which the table of contents names the chapter. */
const MAX_LISTED = 60;
const MAX_EVIDENCE_CHARS = 2000;
const MAX_ADVISORIES = 5;
const MAX_ITEMS = 60;
const MAX_CHECKS = 200;
const MAX_REMARK_CHARS = 300;

/** The part that describes every endpoint, worst first. */
export function* detailedFindings(
  data: ReportData,
  detailed: readonly EndpointReport[],
  places: Places,
  { timezone }: RenderOptions,
): Generator<Block> {
  yield* acrossEndpoints(data, places);
  yield { kind: 'heading', depth: 1, text: TITLES.details, id: 'details', listed: true };
  if (detailed.length === 0) yield paragraph(WORDS.noDetails);
  let topicsLeft = MAX_TOPICS_IN_ALL;
  for (const [index, endpoint] of detailed.slice(0, MAX_DETAILED_ENDPOINTS).entries()) {
    const id = places.ofEndpoint(endpoint);
    yield {
      kind: 'heading',
      depth: 2,
      text: endpoint.url,
      listed: index < MAX_LISTED,
      ...(id !== undefined && { id }),
      ...(endpoint.risk !== undefined && { level: endpoint.risk.level }),
    };
    yield { kind: 'facts', facts: endpointFacts(endpoint) };
    if (endpoint.risk !== undefined) yield* riskPart(endpoint, endpoint.risk, places);
    yield* accessPart(endpoint.auth);
    yield* tlsPart(endpoint.tls, timezone);
    const maxTopics = Math.min(MAX_TOPICS, topicsLeft);
    yield* trafficPart(endpoint.traffic, maxTopics);
    topicsLeft -= Math.min(maxTopics, endpoint.traffic?.topics.length ?? 0);
    yield* retainedPart(endpoint.retained);
    yield* checksPart(endpoint.risk);
  }
  if (detailed.length > MAX_DETAILED_ENDPOINTS) {
    yield remark(leftOutEndpoints(detailed.length - MAX_DETAILED_ENDPOINTS));
  }
}

/** Findings that only several endpoints together show. */
function* acrossEndpoints(data: ReportData, places: Places): Generator<Block> {
  const findings = byWeight(scanFindings(data));
  if (findings.length === 0) return;
  yield { kind: 'heading', depth: 1, text: TITLES.scanWide, id: 'scan-wide', listed: true };
  for (const finding of findings.slice(0, MAX_ITEMS)) {
    yield findingBlock(finding, places.ofScanFinding(finding.id), concerned(finding));
  }
  if (findings.length > MAX_ITEMS)
    yield remark(`${counted(findings.length - MAX_ITEMS, 'further finding')} in the JSON report.`);
}

function concerned({ endpoints, endpointCount }: ScanFinding): Fact[] {
  const listed = someOf(endpoints, MAX_ITEMS);
  const more = Math.max(0, endpointCount - endpoints.length);
  return [[LABELS.endpoints, [more > 0 ? `${listed} and ${more} more` : listed]]];
}

function* riskPart(endpoint: EndpointReport, risk: RiskResult, places: Places): Generator<Block> {
  const findings = byWeight(risk.findings);
  const weaknesses = findings.filter(({ severity }) => severity !== 'OK');
  const remarks = findings.filter(({ severity }) => severity === 'OK');
  yield { kind: 'heading', depth: 3, text: PARTS.findings };
  if (weaknesses.length === 0) yield paragraph(WORDS.noFindings);
  const used = new Map<string, number>();
  for (const finding of weaknesses) {
    const place = places.ofFinding(endpoint, finding) ?? '';
    const before = used.get(place) ?? 0;
    used.set(place, before + 1);
    yield findingBlock(finding, before === 0 ? place : `${place}-${before + 1}`, []);
  }
  if (remarks.length === 0) return;
  yield { kind: 'heading', depth: 3, text: PARTS.remarks };
  const items = remarks.map(
    ({ title, id, evidence }) => `${title} [${id}]. ${clipped(evidence, MAX_REMARK_CHARS)}`,
  );
  yield { kind: 'list', items };
}

function findingBlock(finding: Finding, id: string, extra: readonly Fact[]): FindingBlock {
  const facts: Fact[] = [];
  const add = (label: string, values: readonly string[]): void => {
    const said = values.flatMap(paragraphs);
    if (said.length > 0) facts.push([label, said]);
  };
  add(LABELS.evidence, [clipped(finding.evidence, MAX_EVIDENCE_CHARS)]);
  add(LABELS.impact, [finding.why ?? '']);
  add(LABELS.remediation, [finding.remediation]);
  facts.push(...extra);
  add(LABELS.rating, [ratingText(finding)]);
  const advisories = finding.advisories ?? [];
  add(
    LABELS.advisories,
    advisories.slice(0, MAX_ADVISORIES).map((one) => {
      const score = one.score === undefined ? '' : ` (CVSS ${one.score.toFixed(1)})`;
      return `${one.id}${score}: ${one.summary} Affected: ${one.affected}. Source: ${one.source}`;
    }),
  );
  if (advisories.length > MAX_ADVISORIES) {
    add(LABELS.advisories, [
      `${counted(advisories.length - MAX_ADVISORIES, 'further one')} in the JSON report.`,
    ]);
  }
  return {
    kind: 'finding',
    id,
    level: finding.severity,
    title: finding.title,
    rule: finding.id,
    facts,
    command: finding.command,
    references: referencesOf(finding),
  };
}

/** Addresses one below the other, all that cannot be opened in one line. */
function referencesOf({ mqttClause, references }: Finding): string[] {
  const all = [...new Set([...(mqttClause === undefined ? [] : [mqttClause]), ...references])];
  const plain = all.filter((reference) => webAddress(reference) === undefined).join('; ');
  const links = all.filter((reference) => webAddress(reference) !== undefined);
  return plain === '' ? links : [plain, ...links];
}

function ratingText({ area, confidence, cvss, references, cwe, owasp, etsi }: Finding): string {
  const isNew = (id: string): boolean => !references.some((reference) => reference.endsWith(id));
  const parts = [
    area === undefined ? '' : AREAS[area],
    confidence === undefined ? '' : CONFIDENCE[confidence],
    cvss === undefined ? '' : `CVSS ${cvss.score.toFixed(1)} (${cvss.vector})`,
    ...(cwe ?? []).filter(isNew),
    ...(owasp ?? []).filter(isNew).map((id) => `OWASP IoT ${id}`),
    ...(etsi ?? []).filter(isNew).map((id) => `EN 303 645 ${id}`),
  ];
  return parts.filter((part) => part !== '').join('; ');
}

function paragraphs(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

/** What came out well, what was not tried, and what the policy silences. */
function* checksPart(risk: RiskResult | undefined): Generator<Block> {
  if (risk === undefined) return;
  const { passed = [], notTested = [], muted = [] } = risk;
  const facts: Fact[] = [];
  if (passed.length > 0) {
    facts.push([
      `${PARTS.passed} (${passed.length})`,
      [
        someOf(
          passed.map(({ id }) => id),
          MAX_CHECKS,
        ),
      ],
    ]);
  }
  if (notTested.length > 0) {
    const reasons = [...new Set(notTested.map(({ reason }) => reason))];
    const texts = reasons.map((reason) => {
      const ids = notTested.filter((check) => check.reason === reason).map(({ id }) => id);
      return `${someOf(ids, MAX_CHECKS)} – ${reason}`;
    });
    facts.push([`${PARTS.notTested} (${notTested.length})`, texts.slice(0, MAX_ITEMS)]);
  }
  if (facts.length > 0) {
    yield { kind: 'heading', depth: 3, text: PARTS.checks };
    yield { kind: 'facts', facts };
  }
  if (muted.length > 0) {
    yield { kind: 'heading', depth: 3, text: PARTS.muted };
    const items = muted
      .slice(0, MAX_ITEMS)
      .map(
        ({ id, title, severity, reason, until }) =>
          `${severity}: ${title} [${id}] – ${reason}, until ${until}`,
      );
    yield { kind: 'list', items };
  }
}
