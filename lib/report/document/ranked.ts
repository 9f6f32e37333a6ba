import {
  type EndpointReport,
  type Finding,
  RISK_LEVELS,
  type RiskLevel,
  type ScanFinding,
} from '../../model';
import type { ReportData } from '../data';

/** Endpoints worst first, as a reader wants them; those without a level last, else in the scan's order. */
export function worstFirst(endpoints: readonly EndpointReport[]): EndpointReport[] {
  return [...endpoints].sort((a, b) => rank(a) - rank(b));
}

function rank({ risk }: EndpointReport): number {
  return risk === undefined ? RISK_LEVELS.length : RISK_LEVELS.indexOf(risk.level);
}

/** True when there is something to say about an endpoint beyond its outcome. */
export function deservesDetails({ outcome, risk }: EndpointReport): boolean {
  if (outcome === 'open' || outcome === 'auth-failed' || outcome === 'tls-error') return true;
  return risk?.findings.some(({ severity }) => severity !== 'OK') ?? false;
}

const CONFIDENCE_RANK = { proven: 0, told: 1, guessed: 2 } as const;

/** Findings by severity, then by how sure they are, then by their score. */
export function byWeight<T extends Finding>(findings: readonly T[]): T[] {
  return [...findings].sort(compareFindings);
}

function compareFindings(a: Finding, b: Finding): number {
  return (
    RISK_LEVELS.indexOf(a.severity) - RISK_LEVELS.indexOf(b.severity) ||
    CONFIDENCE_RANK[a.confidence ?? 'proven'] - CONFIDENCE_RANK[b.confidence ?? 'proven'] ||
    (b.cvss?.score ?? 0) - (a.cvss?.score ?? 0)
  );
}

/** One rule's findings of a whole scan. */
export interface FindingGroup {
  /** The first and worst of them. */
  readonly finding: Finding;
  /** The endpoint of that one; absent when it is a finding of the scan. */
  readonly endpoint?: EndpointReport;
  /** Endpoints on which the rule found something. */
  readonly endpoints: number;
}

/** The findings of a scan by rule, those first that weigh most and concern most endpoints. */
export function findingGroups(data: ReportData): FindingGroup[] {
  const groups = new Map<string, FindingGroup>();
  for (const finding of data.summary.findings ?? []) {
    groups.set(finding.id, { finding, endpoints: finding.endpointCount });
  }
  for (const endpoint of data.endpoints) {
    for (const finding of endpoint.risk?.findings ?? []) {
      const group = groups.get(finding.id);
      if (group === undefined) groups.set(finding.id, { finding, endpoint, endpoints: 1 });
      else if (compareFindings(finding, group.finding) < 0) {
        groups.set(finding.id, { finding, endpoint, endpoints: group.endpoints + 1 });
      } else groups.set(finding.id, { ...group, endpoints: group.endpoints + 1 });
    }
  }
  return [...groups.values()].sort(
    (a, b) => compareFindings(a.finding, b.finding) || b.endpoints - a.endpoints,
  );
}

/** How many findings there are of each level, those of the scan as a whole among them. */
export function countFindings(data: ReportData): Record<RiskLevel, number> {
  const counts: Record<RiskLevel, number> = { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, OK: 0 };
  for (const { severity } of scanFindings(data)) counts[severity] += 1;
  for (const { risk } of data.endpoints) {
    for (const { severity } of risk?.findings ?? []) counts[severity] += 1;
  }
  return counts;
}

export function scanFindings(data: ReportData): readonly ScanFinding[] {
  return data.summary.findings ?? [];
}
