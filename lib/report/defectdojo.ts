import type { Finding, RiskLevel } from '../model';
import type { Renderer } from './data';
import { cweNumbers, type FlatFinding, flatFindings, serviceOf } from './flat-findings';
import { jsonWithList } from './json-list';
import { paddedNumber } from './names';
import { toolVersion } from './tool-version';
import { WORDS } from './wording';

const SEVERITIES: Readonly<Record<RiskLevel, string>> = {
  CRITICAL: 'Critical',
  HIGH: 'High',
  MEDIUM: 'Medium',
  LOW: 'Low',
  OK: 'Info',
};
/** DefectDojo's scale: 1 is certain, 10 a guess. */
const CONFIDENCE = { proven: 1, told: 4, guessed: 8 } as const;
const MAX_TITLE = 500;
/** Longest value of DefectDojo's column for identifiers of the tool. */
const MAX_ID = 500;

/** DefectDojo "Generic Findings Import": a key that it does not know makes it refuse the file, so none is added. */
export const renderDefectDojo: Renderer = async function* (data, { number, signal }) {
  const shell = {
    name: data.scan.name ?? `MQTT scan ${paddedNumber(number)}`,
    type: WORDS.product,
    version: toolVersion(),
    description: `Scan of ${data.scan.targets.slice(0, 30).join(', ')}`,
    dynamic_tool: true,
    static_tool: false,
    findings: [],
  };
  const date = dateOf(data.summary.finishedAt);
  const findings = function* () {
    for (const flat of flatFindings(data)) yield entry(flat, date);
  };
  yield* jsonWithList(shell, findings(), signal);
};

function entry({ finding, endpoint, urls, fingerprint }: FlatFinding, date: string | undefined): object {
  const [cwe] = cweNumbers(finding);
  const product = endpoint?.probe?.product;
  return {
    title: finding.title.slice(0, MAX_TITLE),
    severity: SEVERITIES[finding.severity],
    description: descriptionOf(finding),
    ...(date !== undefined && { date }),
    mitigation: finding.remediation,
    impact: finding.why ?? '',
    references: finding.references.join('\n'),
    ...(finding.command !== undefined && { steps_to_reproduce: finding.command }),
    ...(cwe !== undefined && { cwe }),
    ...(finding.cvss !== undefined && { cvssv4: finding.cvss.vector, cvssv4_score: finding.cvss.score }),
    ...(product !== undefined && { component_name: product.name }),
    ...(product?.version !== undefined && { component_version: product.version }),
    ...(endpoint !== undefined && { service: serviceOf(endpoint) }),
    active: true,
    verified: finding.confidence === 'proven',
    static_finding: false,
    dynamic_finding: true,
    scanner_confidence: CONFIDENCE[finding.confidence ?? 'proven'],
    vuln_id_from_tool: finding.id.slice(0, MAX_ID),
    unique_id_from_tool: fingerprint,
    endpoints: urls,
    ...(finding.advisories !== undefined && {
      vulnerability_ids: finding.advisories.map(({ id }) => id).filter((id) => id.startsWith('CVE-')),
    }),
    tags: ['mqtt', ...(finding.area === undefined ? [] : [finding.area])],
  };
}

function descriptionOf({ title, evidence, why }: Finding): string {
  return [title, why, evidence === '' ? undefined : `Evidence: ${evidence}`].filter(Boolean).join('\n\n');
}

function dateOf(iso: string): string | undefined {
  const time = Date.parse(iso);
  return Number.isFinite(time) ? new Date(time).toISOString().slice(0, 10) : undefined;
}
