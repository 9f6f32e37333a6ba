import { type EndpointReport, type Finding, isAtLeast, type RiskLevel } from '../model';
import type { Renderer, RenderOptions, ReportData } from './data';
import { cweNumbers, type FlatFinding, flatFindings, LEVEL_SCORES } from './flat-findings';
import { jsonWithList } from './json-list';
import { paddedNumber } from './names';
import { toolVersion } from './tool-version';
import { webAddress } from './web-address';
import { WORDS } from './wording';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
/** Longest description that GitHub code scanning takes. */
const MAX_DESCRIPTION = 1024;
/** Notifications about endpoints that could not be tested. */
const MAX_NOTIFICATIONS = 1000;

const SARIF_LEVELS: Readonly<Record<RiskLevel, 'error' | 'warning' | 'note'>> = {
  CRITICAL: 'error',
  HIGH: 'error',
  MEDIUM: 'warning',
  LOW: 'note',
  OK: 'note',
};

const PRECISION = { proven: 'very-high', told: 'high', guessed: 'medium' } as const;
/** How sure a finding is, on the scale of `rank` (SARIF 2.1.0 §3.27.25). */
const RANK = { proven: 95, told: 75, guessed: 40 } as const;

/** SARIF 2.1.0: one run, one result per finding. */
export const renderSarif: Renderer = async function* (data, options) {
  const rules = rulesOf(data);
  const indexes = new Map([...rules.keys()].map((id, index) => [id, index]));
  const before = new Set(
    data.summary.changes?.items.flatMap(({ kind, findingId, url }) =>
      kind === 'finding-new' && findingId !== undefined ? [`${findingId} ${url}`] : [],
    ),
  );
  const compared = data.summary.changes?.comparedWith !== undefined;
  const results = function* () {
    for (const flat of flatFindings(data)) {
      const isNew = before.has(`${flat.finding.id} ${flat.urls[0]}`);
      yield {
        ...result(flat, indexes.get(flat.finding.id) ?? -1),
        ...(compared && { baselineState: isNew ? 'new' : 'unchanged' }),
      };
    }
  };
  yield* jsonWithList(log(data, options, rules), results(), options.signal);
};

function log(data: ReportData, { number }: RenderOptions, rules: ReadonlyMap<string, Finding>): object {
  const { scan, summary } = data;
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: WORDS.product,
            semanticVersion: toolVersion(),
            rules: [...rules.values()].map(rule),
            supportedTaxonomies: [{ name: 'CWE', index: 0 }],
          },
        },
        automationDetails: { id: `mqtt-scan/${paddedNumber(number)}` },
        invocations: [
          {
            executionSuccessful: summary.stopped !== true,
            ...dated('startTimeUtc', summary.startedAt),
            ...dated('endTimeUtc', summary.finishedAt),
            toolExecutionNotifications: notifications(data),
          },
        ],
        taxonomies: [taxonomy(rules)],
        properties: {
          scanId: scan.id,
          targets: scan.targets,
          ...(scan.name !== undefined && { name: scan.name }),
        },
        columnKind: 'utf16CodeUnits',
        results: [],
      },
    ],
  };
}

/** Of each rule the worst of its findings. */
function rulesOf(data: ReportData): Map<string, Finding> {
  const rules = new Map<string, Finding>();
  for (const { finding } of flatFindings(data)) {
    const known = rules.get(finding.id);
    if (known === undefined || !isAtLeast(known.severity, finding.severity)) rules.set(finding.id, finding);
  }
  return rules;
}

function rule(finding: Finding): object {
  const { id, title, why, remediation, references, severity, confidence, area, cvss } = finding;
  const help = [remediation, ...references].join('\n');
  const helpUri = references.map(webAddress).find((address) => address !== undefined);
  return {
    id,
    name: id,
    shortDescription: { text: title.slice(0, MAX_DESCRIPTION) },
    fullDescription: { text: (why ?? title).slice(0, MAX_DESCRIPTION) },
    help: { text: help },
    ...(helpUri !== undefined && { helpUri }),
    defaultConfiguration: { level: SARIF_LEVELS[severity] },
    relationships: cweNumbers(finding).map((number) => ({
      target: { id: String(number), toolComponent: { name: 'CWE', index: 0 } },
      kinds: ['relevant'],
    })),
    properties: {
      'security-severity': LEVEL_SCORES[severity],
      precision: PRECISION[confidence ?? 'proven'],
      tags: [
        'security',
        ...(area === undefined ? [] : [area]),
        ...cweNumbers(finding).map((n) => `external/cwe/cwe-${n}`),
      ],
      ...(cvss !== undefined && { cvss: cvss.vector, cvssScore: cvss.score }),
    },
  };
}

function taxonomy(rules: ReadonlyMap<string, Finding>): object {
  const numbers = [...new Set([...rules.values()].flatMap(cweNumbers))].sort((a, b) => a - b);
  return {
    name: 'CWE',
    organization: 'MITRE',
    shortDescription: { text: 'Common Weakness Enumeration' },
    informationUri: 'https://cwe.mitre.org/',
    taxa: numbers.map((number) => ({
      id: String(number),
      helpUri: `https://cwe.mitre.org/data/definitions/${number}.html`,
    })),
  };
}

/** `kind` is always `fail`: importers leave out results of every other kind. */
function result({ finding, endpoint, urls, fingerprint }: FlatFinding, ruleIndex: number): object {
  const { id, title, severity, evidence, confidence, cvss, command } = finding;
  return {
    ruleId: id,
    ruleIndex,
    kind: 'fail',
    level: SARIF_LEVELS[severity],
    rank: RANK[confidence ?? 'proven'],
    message: { text: `${title} (${urls.join(', ') || 'whole scan'}). ${evidence}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: relativeUri(endpoint) },
          region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 1 },
        },
        logicalLocations: urls.map((url) => ({ fullyQualifiedName: url, kind: 'resource' })),
      },
    ],
    partialFingerprints: { primaryLocationLineHash: `${fingerprint}:1` },
    fingerprints: { 'mqttScanFinding/v1': fingerprint },
    properties: {
      severity,
      'security-severity': LEVEL_SCORES[severity],
      ...(confidence !== undefined && { confidence }),
      ...(cvss !== undefined && { cvss: cvss.vector, cvssScore: cvss.score }),
      ...(command !== undefined && { command }),
    },
  };
}

/** Code scanning takes paths below a root only; the real address stands in the message and in `logicalLocations`. */
function relativeUri(endpoint: EndpointReport | undefined): string {
  if (endpoint === undefined) return 'mqtt/scan';
  return `mqtt/${encodeURIComponent(endpoint.address)}/${endpoint.port}`;
}

/** What could not be tested, so that a short list of results is not taken for a good one. */
function notifications({ summary, endpoints }: ReportData): object[] {
  const texts: string[] = [];
  if (summary.stopped === true) texts.push('The scan was stopped before its end.');
  if ((summary.notReached ?? 0) > 0) texts.push(`${summary.notReached} endpoints were not reached.`);
  for (const { outcome, url, probe } of endpoints) {
    if (texts.length >= MAX_NOTIFICATIONS) break;
    if (outcome === 'unreachable') texts.push(`${url} did not answer: ${probe?.reason ?? 'timeout'}.`);
  }
  return texts.map((text) => ({ level: 'warning', message: { text } }));
}

/** A date of the summary, unless it is none. */
function dated(name: string, iso: string): object {
  const time = Date.parse(iso);
  return Number.isFinite(time) ? { [name]: new Date(time).toISOString() } : {};
}
