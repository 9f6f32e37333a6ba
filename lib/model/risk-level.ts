/** Risk levels, worst first. */
export const RISK_LEVELS = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'OK'] as const;

export type RiskLevel = (typeof RISK_LEVELS)[number];

/** True when `level` is at least as bad as `threshold`. */
export function isAtLeast(level: RiskLevel, threshold: RiskLevel): boolean {
  return RISK_LEVELS.indexOf(level) <= RISK_LEVELS.indexOf(threshold);
}

/** True when a value is the name of a risk level. */
export function isRiskLevel(value: unknown): value is RiskLevel {
  return RISK_LEVELS.some((level) => level === value);
}

/** A counter per level, all zero. */
export function zeroPerLevel(): Record<RiskLevel, number> {
  return { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, OK: 0 };
}
