import { type EndpointReport, isEncrypted, RISK_LEVELS } from '../../model';
import type { ReportData } from '../data';
import { counted, grouped, stoppedText, verdictText, WORDS } from '../wording';
import { type Action, type Block, type Cell, cell, paragraph } from './blocks';
import { clipped } from './clip';
import type { Places } from './places';
import { countFindings, findingGroups } from './ranked';
import { CONFIDENCE_SHORT, LEVEL_MEANINGS, TITLES } from './words';

const MAX_ACTIONS = 3;
const MAX_ACTION_CHARS = 330;
const MAX_GROUPS = 200;

/** The page for those who read only one: how bad it is, in plain words, and what to do first. */
export function* executiveSummary(data: ReportData, places: Places): Generator<Block> {
  const { summary } = data;
  yield { kind: 'heading', depth: 1, text: TITLES.summary, id: 'summary', listed: true, newPage: true };
  yield {
    kind: 'cards',
    cards: [
      [WORDS.cards.sensors, summary.sensors],
      [WORDS.cards.openBrokers, summary.openBrokers],
      [WORDS.cards.ports, summary.endpointsScanned],
    ],
  };
  yield { kind: 'text', tone: 'lead', text: verdictText(summary) };
  const worst = RISK_LEVELS.find((level) => summary.risk[level] > 0);
  if (worst !== undefined) yield paragraph(LEVEL_MEANINGS[worst]);
  const facts = plainFacts(data);
  if (facts.length > 0) yield { kind: 'list', items: facts };
  if (summary.stopped === true) yield { kind: 'text', tone: 'note', text: stoppedText(summary) };
  else if ((summary.notReached ?? 0) > 0) {
    yield { kind: 'text', tone: 'note', text: notReachedText(summary.notReached ?? 0) };
  }
  yield chart(data);
  yield { kind: 'heading', depth: 2, text: TITLES.actions };
  const actions = firstActions(data, places);
  if (actions.length > 0) yield { kind: 'actions', items: actions };
  else
    yield paragraph(worst === undefined ? 'There was nothing to rate.' : 'No weakness needs to be mended.');
}

function notReachedText(count: number): string {
  return `${counted(count, 'endpoint was', 'endpoints were')} skipped because their hosts left too many connections without an answer.`;
}

/** What was seen, as somebody without knowledge of MQTT understands it. */
function plainFacts({ summary, endpoints }: ReportData): string[] {
  const brokers = endpoints.filter(({ outcome }) => outcome === 'open' || outcome === 'auth-failed');
  if (brokers.length === 0) return [];
  const count = (test: (endpoint: EndpointReport) => boolean): number => brokers.filter(test).length;
  const anonymous = count(
    ({ auth, probe }) => auth?.anonymous.verdict === 'accepted' || probe?.openedAs === 'anonymous',
  );
  const plain = count(({ transport }) => !isEncrypted(transport));
  const defaults = count(({ auth }) => auth?.defaultCredentials.verdict === 'accepted');
  const writable = count(
    ({ auth }) =>
      auth?.authorisation.some(({ as, write }) => as === 'anonymous' && write === 'proven') ?? false,
  );
  const secrets = brokers.reduce(
    (sum, { traffic }) => sum + (traffic?.topics.filter(({ sensitive }) => sensitive?.length).length ?? 0),
    0,
  );
  const facts = [
    `${counted(brokers.length, 'MQTT broker answered', 'MQTT brokers answered')}: ${grouped(summary.openBrokers)} opened a session, ${grouped(summary.authFailures)} refused.`,
  ];
  if (anonymous > 0) facts.push(`${some(anonymous, brokers.length)} in anybody, without a password.`);
  if (defaults > 0)
    facts.push(`${some(defaults, brokers.length)} in a login that is published in its manual.`);
  if (plain > 0) {
    facts.push(
      `${counted(plain, 'endpoint sends', 'endpoints send')} everything, passwords too, without encryption.`,
    );
  }
  if (writable > 0) {
    facts.push(
      `On ${grouped(writable)} of them a stranger can send messages, and so pretend to be a device or command one.`,
    );
  }
  if (secrets > 0) {
    facts.push(
      `${counted(secrets, 'topic holds', 'topics hold')} sensitive data that could be read; it is shown unreadable here.`,
    );
  }
  if (summary.score !== undefined) facts.push(`The score of the scan is ${summary.score.value} of 100.`);
  if (summary.changes?.comparedWith !== undefined) {
    const { findings, comparedWith } = summary.changes;
    facts.push(
      `Since report ${comparedWith.number}: ${grouped(findings.new)} new, ${grouped(findings.fixed)} fixed, ${counted(findings.unchanged, 'unchanged finding')}.`,
    );
  }
  return facts;
}

function some(count: number, all: number): string {
  return `${grouped(count)} of ${grouped(all)} ${count === 1 ? 'lets' : 'let'}`;
}

function chart(data: ReportData): Block {
  const counts = countFindings(data);
  const bars = RISK_LEVELS.map((level) => ({ level, count: counts[level] }));
  const alt = bars.map(({ level, count }) => `${level}: ${grouped(count)}`).join(', ');
  return {
    kind: 'chart',
    caption: 'Findings by severity',
    bars,
    alt: `Number of findings by severity. ${alt}.`,
  };
}

function firstActions(data: ReportData, places: Places): Action[] {
  return findingGroups(data)
    .filter(({ finding }) => finding.severity !== 'OK')
    .slice(0, MAX_ACTIONS)
    .map(({ finding, endpoint, endpoints }) => ({
      level: finding.severity,
      title: `${finding.title} (${counted(endpoints, 'endpoint')})`,
      text: clipped(finding.remediation, MAX_ACTION_CHARS),
      to: endpoint === undefined ? places.ofScanFinding(finding.id) : places.ofFinding(endpoint, finding),
    }));
}

/** Every rule that found something, once. */
export function* findingsAtAGlance(data: ReportData, places: Places): Generator<Block> {
  const groups = findingGroups(data);
  if (groups.length === 0) return;
  yield { kind: 'heading', depth: 2, text: TITLES.glance, id: 'glance', listed: true };
  const rows = groups.slice(0, MAX_GROUPS).map(({ finding, endpoint, endpoints }): readonly Cell[] => {
    const to =
      endpoint === undefined ? places.ofScanFinding(finding.id) : places.ofFinding(endpoint, finding);
    return [
      { text: finding.severity, level: finding.severity },
      to === undefined ? cell(finding.title) : { text: finding.title, to },
      cell(finding.id),
      cell(finding.confidence === undefined ? WORDS.none : CONFIDENCE_SHORT[finding.confidence]),
      cell(finding.cvss === undefined ? WORDS.none : finding.cvss.score.toFixed(1)),
      cell(grouped(endpoints)),
    ];
  });
  yield {
    kind: 'table',
    caption: 'Findings by severity and confidence',
    columns: [
      { title: 'Severity', share: 0.13 },
      { title: 'Finding', share: 0.34 },
      { title: 'Rule', share: 0.17 },
      { title: 'Confidence', share: 0.135 },
      { title: 'CVSS', share: 0.09 },
      { title: 'Endpoints', share: 0.135 },
    ],
    rows: () => rows,
  };
}
