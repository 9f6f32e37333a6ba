import {
  type EndpointReport,
  type Finding,
  OUTCOME_LABELS,
  RISK_LEVELS,
  type RiskResult,
  type TopicReport,
} from '../../model';
import { isApplicationTopic } from '../topics';
import {
  grouped,
  LABELS,
  leftOutEndpoints,
  leftOutRows,
  leftOutTopics,
  sensitiveText,
  statusTopics,
  WORDS,
} from '../wording';
import { badgeWidth, drawBadge } from './badge';
import { endpointFacts } from './endpoint-facts';
import { drawFactLines } from './facts';
import {
  BOTTOM,
  COLOURS,
  CONTENT_WIDTH,
  LEFT,
  MAX_DETAILED_ENDPOINTS,
  MAX_TABLE_ROWS,
  MAX_TOPICS,
  MAX_TOPICS_IN_ALL,
  RIGHT,
  STYLES,
  TOP,
} from './layout';
import { deservesDetails } from './rank';
import type { Sheet } from './sheet';
import { drawTable, TABLE_START } from './table';

const TOPIC_WIDTHS = [175, 105, 159.28, 60] as const;
const WITHOUT_MQTT_WIDTHS = [190, 120, 189.28] as const;
const INDENT = 10;

/** The part that describes every endpoint, worst first. Yields after every endpoint and table row. */
export function* drawFindings(
  sheet: Sheet,
  endpoints: readonly EndpointReport[],
  timezone: string,
): Generator<void> {
  const detailed = endpoints.filter(deservesDetails);
  sheet.gap(24);
  sheet.heading(WORDS.detailedFindings, STYLES.section, 'H2', 120);
  if (detailed.length === 0) sheet.flow(WORDS.noDetails, STYLES.body);
  let topicsLeft = MAX_TOPICS_IN_ALL;
  for (const endpoint of detailed.slice(0, MAX_DETAILED_ENDPOINTS)) {
    topicsLeft -= yield* drawEndpoint(sheet, endpoint, timezone, Math.min(MAX_TOPICS, topicsLeft));
    yield;
  }
  if (detailed.length > MAX_DETAILED_ENDPOINTS) {
    sheet.gap(10);
    sheet.remark(leftOutEndpoints(detailed.length - MAX_DETAILED_ENDPOINTS));
  }
  yield* drawWithoutMqtt(
    sheet,
    endpoints.filter((endpoint) => !deservesDetails(endpoint)),
  );
}

/** Ports where no broker is: a line each instead of a chapter each. */
function* drawWithoutMqtt(sheet: Sheet, endpoints: readonly EndpointReport[]): Generator<void> {
  if (endpoints.length === 0) return;
  sheet.gap(20);
  sheet.heading(WORDS.withoutMqtt, STYLES.section, 'H2', TABLE_START + 10);
  sheet.y += 6;
  const columns = WORDS.withoutMqttColumns.map((title, index) => ({
    title,
    width: WITHOUT_MQTT_WIDTHS[index] ?? 0,
  }));
  const rows = endpoints
    .slice(0, MAX_TABLE_ROWS)
    .map(({ url, outcome, probe }) => [
      url,
      OUTCOME_LABELS[outcome],
      [probe?.service, probe?.reason].filter((part) => part !== undefined).join(': ') || WORDS.none,
    ]);
  yield* drawTable(sheet, columns, rows);
  if (endpoints.length > rows.length) {
    sheet.y += 4;
    sheet.remark(leftOutRows(endpoints.length - rows.length));
  }
}

/** Returns how many topics were listed. */
function* drawEndpoint(
  sheet: Sheet,
  endpoint: EndpointReport,
  timezone: string,
  maxTopics: number,
): Generator<void, number> {
  sheet.open('Sect');
  drawEndpointHeading(sheet, endpoint);
  for (const [label, values] of endpointFacts(endpoint, timezone)) drawFactLines(sheet, label, values);
  if (endpoint.risk !== undefined) drawRisk(sheet, endpoint.risk);
  const listed = yield* drawTopics(sheet, endpoint.traffic?.topics ?? [], maxTopics);
  sheet.close();
  return listed;
}

function drawEndpointHeading(sheet: Sheet, { url, risk }: EndpointReport): void {
  sheet.gap(16);
  const badge = risk === undefined ? 0 : badgeWidth(sheet, risk.level);
  const lines = sheet.prepare(url, STYLES.endpoint, CONTENT_WIDTH - badge - 12);
  sheet.ensure(lines.height + 110);
  if (sheet.y > TOP) {
    sheet.decorate((ink) => {
      ink.moveTo(LEFT, sheet.y).lineTo(RIGHT, sheet.y).lineWidth(0.8).stroke(COLOURS.faint);
    });
    sheet.y += 8;
  }
  const top = sheet.y;
  sheet.flowLines(lines, { tag: 'H3' });
  if (risk !== undefined) drawBadge(sheet, risk.level, RIGHT - badge, top + 1.5);
  sheet.y += 4;
}

function drawRisk(sheet: Sheet, { findings }: RiskResult): void {
  sheet.gap(8);
  sheet.heading(WORDS.findings, STYLES.part, 'H4', 50);
  if (findings.length === 0) sheet.flow(WORDS.noFindings, STYLES.body);
  const sorted = [...findings].sort(
    (a, b) => RISK_LEVELS.indexOf(a.severity) - RISK_LEVELS.indexOf(b.severity),
  );
  for (const finding of sorted) drawFinding(sheet, finding);
}

function drawFinding(sheet: Sheet, finding: Finding): void {
  const badge = badgeWidth(sheet, finding.severity);
  const titleX = LEFT + badge + 8;
  const title = sheet.prepare(`${finding.title}  [${finding.id}]`, STYLES.strong, CONTENT_WIDTH - badge - 8);
  sheet.gap(4);
  // A short finding stays whole; of a long one the title keeps some lines of its text.
  sheet.ensure(Math.min(title.height + 70, BOTTOM - TOP));
  drawBadge(sheet, finding.severity, LEFT, sheet.y);
  sheet.flowLines(title, { x: titleX });
  sheet.y += 2;
  const paragraphs = (text: string) => text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const evidence = paragraphs(finding.evidence);
  const remediation = paragraphs(finding.remediation);
  if (evidence.length > 0) drawFactLines(sheet, LABELS.evidence, evidence, INDENT);
  if (remediation.length > 0) drawFactLines(sheet, LABELS.remediation, remediation, INDENT);
  if (finding.references.length > 0) {
    drawFactLines(sheet, LABELS.references, finding.references, INDENT, linkOf);
  }
  sheet.y += 4;
}

/** Only plain web addresses are made into links; pdfkit would write a `javascript:` address as it is. */
function linkOf(reference: string): string | undefined {
  return /^https:\/\/[!-~]+$/.test(reference) ? reference : undefined;
}

function* drawTopics(
  sheet: Sheet,
  topics: readonly TopicReport[],
  maxTopics: number,
): Generator<void, number> {
  if (topics.length === 0) return 0;
  const application = topics.filter(isApplicationTopic);
  sheet.gap(8);
  sheet.heading(WORDS.topics, STYLES.part, 'H4', TABLE_START + 8);
  const listed = application.slice(0, maxTopics);
  if (listed.length > 0) {
    sheet.y += 3;
    const columns = WORDS.topicColumns.map((title, index) => ({ title, width: TOPIC_WIDTHS[index] ?? 0 }));
    yield* drawTable(sheet, columns, listed.map(topicRow));
  }
  sheet.y += 3;
  if (application.length > listed.length) sheet.remark(leftOutTopics(application.length - listed.length));
  if (application.length < topics.length) sheet.remark(statusTopics(topics.length - application.length));
  return listed.length;
}

function topicRow({ topic, sensor, payload, truncated, sensitive, messages }: TopicReport): string[] {
  const reading = sensor?.text ?? (truncated ? `${payload} ${WORDS.cut}` : payload);
  const leaks = (sensitive ?? []).map(({ class: kind, path, sample }) => sensitiveText(kind, path, sample));
  return [topic, sensor?.type ?? WORDS.none, [reading, ...leaks].join(' · '), grouped(messages)];
}
