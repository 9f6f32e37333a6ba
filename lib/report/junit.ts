import { type EndpointReport, isAtLeast, type RiskLevel, type ScanSummary } from '../model';
import type { Renderer, ReportData } from './data';
import { type FlatFinding, findingsOf, flatFindings } from './flat-findings';
import { TimeSlices } from './time-slices';
import { WORDS } from './wording';
import { escapeMarkup } from './xml';

interface Counts {
  tests: number;
  failures: number;
  skipped: number;
}

/**
 * JUnit XML: a suite per endpoint, a case per finding and per check that passed or was not made. A finding fails from
 * the level asked for on; those below are cases that passed, with the finding as their output.
 */
export const renderJunit: Renderer = async function* (data, { failFrom = 'MEDIUM', signal }) {
  const slices = new TimeSlices(signal);
  const all: Counts = { tests: 0, failures: 0, skipped: 0 };
  for (const suite of suites(data)) add(all, countsOf(suite, failFrom));
  const seconds = secondsOf(data.summary);
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escapeMarkup(WORDS.product)}"${attributes(all)} errors="0" time="${seconds}">\n`;
  for (const suite of suites(data)) {
    yield suiteText(suite, data.summary, failFrom);
    await slices.step();
  }
  yield '</testsuites>\n';
};

interface Suite {
  readonly name: string;
  readonly endpoint?: EndpointReport;
  readonly findings: readonly FlatFinding[];
}

function* suites(data: ReportData): Generator<Suite> {
  const whole = [...flatFindings({ ...data, endpoints: [] })];
  if (whole.length > 0) yield { name: 'Whole scan', findings: whole };
  for (const endpoint of data.endpoints) {
    yield { name: endpoint.url, endpoint, findings: [...findingsOf(endpoint)] };
  }
}

function countsOf({ endpoint, findings }: Suite, failFrom: RiskLevel): Counts {
  const passed = endpoint?.risk?.passed?.length ?? 0;
  const skipped = endpoint?.risk?.notTested?.length ?? 0;
  return {
    tests: findings.length + passed + skipped,
    failures: findings.filter(({ finding }) => fails(finding.severity, failFrom)).length,
    skipped,
  };
}

function add(all: Counts, some: Counts): void {
  all.tests += some.tests;
  all.failures += some.failures;
  all.skipped += some.skipped;
}

function fails(severity: RiskLevel, failFrom: RiskLevel): boolean {
  return severity !== 'OK' && isAtLeast(severity, failFrom);
}

function suiteText(suite: Suite, summary: ScanSummary, failFrom: RiskLevel): string {
  const { name, endpoint, findings } = suite;
  const time = Date.parse(summary.startedAt);
  const at = Number.isFinite(time) ? ` timestamp="${new Date(time).toISOString().slice(0, 19)}"` : '';
  const open = `  <testsuite name="${escapeMarkup(name)}"${attributes(countsOf(suite, failFrom))} errors="0" time="0"${at}>\n`;
  const cases = [
    ...findings.map((flat) => findingCase(name, flat, failFrom)),
    ...(endpoint?.risk?.passed ?? []).map(({ id, title }) => `    ${caseStart(name, id, title)}/>\n`),
    ...(endpoint?.risk?.notTested ?? []).map(
      ({ id, title, reason }) =>
        `    ${caseStart(name, id, title)}><skipped message="${escapeMarkup(reason)}"/></testcase>\n`,
    ),
  ];
  return `${open}${cases.join('')}  </testsuite>\n`;
}

function findingCase(suite: string, { finding }: FlatFinding, failFrom: RiskLevel): string {
  const { id, title, severity, evidence, remediation, references } = finding;
  const text = [
    `Severity: ${severity}`,
    `Evidence: ${evidence}`,
    `Remediation: ${remediation}`,
    ...references,
  ];
  const body = text.map(escapeMarkup).join('\n');
  const inner = fails(severity, failFrom)
    ? `<failure type="${severity}" message="${escapeMarkup(`${severity}: ${title}`)}">${body}</failure>`
    : `<system-out>${body}</system-out>`;
  return `    ${caseStart(suite, id, title)}>${inner}</testcase>\n`;
}

function caseStart(suite: string, id: string, title: string): string {
  return `<testcase classname="${escapeMarkup(suite)}" name="${escapeMarkup(`${id}: ${title}`)}" time="0"`;
}

function attributes({ tests, failures, skipped }: Counts): string {
  return ` tests="${tests}" failures="${failures}" skipped="${skipped}"`;
}

function secondsOf({ startedAt, finishedAt }: ScanSummary): string {
  const ms = Date.parse(finishedAt) - Date.parse(startedAt);
  return Number.isFinite(ms) && ms >= 0 ? (ms / 1000).toFixed(3) : '0';
}
