import type { Finding, RiskLevel, RiskScore } from '../model';

/** What a finding of each level takes off an endpoint's 100 points. */
const POINTS: Readonly<Record<RiskLevel, number>> = { CRITICAL: 60, HIGH: 30, MEDIUM: 15, LOW: 5, OK: 0 };
/** Terms that the arithmetic shows one by one. */
const MAX_TERMS = 12;

type Deduction = NonNullable<RiskScore['deductions']>[number];

/** By rule and points: there are few, and thousands of endpoints share them. */
const known = new Map<string, Deduction[]>();

function deductionOf(id: string, points: number): Deduction {
  const ofRule = known.get(id) ?? [];
  const found = ofRule.find((deduction) => deduction.points === points);
  if (found) return found;
  const deduction = { id, points };
  known.set(id, [...ofRule, deduction]);
  return deduction;
}

/** 100 points, less what each finding costs, and never under 0. */
export function endpointScore(findings: readonly Finding[]): RiskScore {
  const deductions: Deduction[] = [];
  let sum = 0;
  let terms = '';
  let rest = 0;
  for (const { id, severity } of findings) {
    const points = POINTS[severity];
    if (points === 0) continue;
    deductions.push(deductionOf(id, points));
    sum += points;
    if (deductions.length <= MAX_TERMS) terms += ` - ${points} (${id})`;
    else rest += points;
  }
  const value = Math.max(0, 100 - sum);
  const more = rest > 0 ? ` - ${rest} (${deductions.length - MAX_TERMS} more)` : '';
  const floor = sum > 100 ? ', not under 0' : '';
  return { value, deductions, arithmetic: `100${terms}${more} = ${value}${floor}` };
}

/**
 * The score of a scan: half of it is the worst endpoint, since an attacker needs one, and half the mean of all.
 * Undefined when no broker was rated.
 */
export function scanScore(scores: readonly number[]): RiskScore | undefined {
  if (scores.length === 0) return undefined;
  const sum = scores.reduce((total, score) => total + score, 0);
  const worst = scores.reduce((least, score) => Math.min(least, score), 100);
  const mean = Math.round((sum * 10) / scores.length) / 10;
  const value = Math.round((worst + mean) / 2);
  return {
    value,
    arithmetic: `(${worst} for the worst + ${mean} for the mean of ${scores.length}) / 2 = ${value}`,
  };
}
