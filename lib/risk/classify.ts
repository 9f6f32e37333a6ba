import { type EndpointReport, type Finding, RISK_LEVELS, type RiskResult, worstLevel } from '../model';
import type { Policy } from './policy';
import { RULES } from './rules';

/** The findings of an endpoint, worst first, and its level: that of its worst finding. Pure. */
export function classify(report: EndpointReport, policy: Policy): RiskResult {
  const findings = RULES.flatMap((rule): Finding[] => {
    const severity = policy[rule.id];
    const evidence = severity && rule.evidence(report);
    if (!evidence) return [];
    const { id, title, remediation, references } = rule;
    return [{ id, title, severity, evidence, remediation, references }];
  });
  findings.sort((a, b) => RISK_LEVELS.indexOf(a.severity) - RISK_LEVELS.indexOf(b.severity));
  return { level: worstLevel(findings.map(({ severity }) => severity)), findings };
}

/** True for endpoints that count in the summary's numbers per level: those behind which a broker is. */
export function isRated({ outcome }: EndpointReport): boolean {
  return outcome === 'open' || outcome === 'auth-failed' || outcome === 'tls-error';
}
