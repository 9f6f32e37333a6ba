import type { RiskLevel } from './risk-level';

export interface Finding {
  readonly id: string;
  readonly title: string;
  readonly severity: RiskLevel;
  readonly evidence: string;
  readonly remediation: string;
  readonly references: readonly string[];
}

export interface RiskResult {
  readonly level: RiskLevel;
  readonly findings: readonly Finding[];
}
