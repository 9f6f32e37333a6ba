import { type PolicyInfo, type RiskLevel, ScanError } from '../model';
import { ADVISORIES_DATE } from './advisories';
import { DEFAULT_SEVERITIES } from './default-severities';
import type { Found, Rule } from './rule';
import { RULE_COUNT } from './rules';

/** A severity, or `OFF` for a rule that is not applied. */
export type Severity = RiskLevel | 'OFF';

/** Findings of a rule that are silenced for some endpoints until a day. */
export interface Mute {
  readonly rule: string;
  /** Addresses, host names, URLs, each with or without `:port`; networks as CIDR blocks; or `*`. */
  readonly endpoints: readonly string[];
  /** Why, in the user's words. */
  readonly reason: string;
  /** The last day on which it is silent: `2027-03-31`, UTC. */
  readonly until: string;
}

/** How findings are graded. Data, so that a user can change it without code. */
export interface Policy {
  readonly name: string;
  /** `table`: by rule id. `cvss`: by the CVSS score of the finding alone. */
  readonly gradeBy: 'table' | 'cvss';
  readonly severities: Readonly<Record<string, Severity>>;
  /** Severities that a user has set; they hold whatever else is said. */
  readonly overrides?: Readonly<Record<string, Severity>>;
  readonly mutes: readonly Mute[];
  /** The policy that a user's table builds on. */
  readonly base?: string;
}

const POLICIES: ReadonlyMap<string, Policy> = new Map(
  (
    [
      { name: 'default', gradeBy: 'table', severities: DEFAULT_SEVERITIES, mutes: [] },
      { name: 'cvss', gradeBy: 'cvss', severities: {}, mutes: [] },
    ] satisfies Policy[]
  ).map((policy) => [policy.name, policy]),
);

/** The names of the policies that come with the package. */
export const POLICY_NAMES: readonly string[] = [...POLICIES.keys()];

/** The policy of a name. @throws ScanError BAD_OPTION */
export function policyNamed(name: string): Policy {
  const policy = POLICIES.get(name);
  if (policy) return policy;
  throw new ScanError('BAD_OPTION', {
    option: 'policy',
    reason: `known policies are ${POLICY_NAMES.join(', ')}`,
  });
}

/**
 * How bad a finding is under a policy. `OK` stands for a remark that is no risk.
 *
 * In a table, what only the login given for the scan can see is LOW at most, however much it is; what a stranger
 * can see is not. A user's own table knows no such limit: what he sets holds.
 */
export function severityOf(rule: Pick<Rule, 'id' | 'cvss'>, found: Found, policy: Policy): Severity {
  const own = policy.overrides?.[rule.id];
  if (own) return own;
  if (policy.gradeBy === 'cvss')
    return levelOfScore(found.publishedScore ?? (found.cvss ?? rule.cvss)?.score ?? 0);
  const severity = policy.severities[rule.id] ?? 'OFF';
  return found.withLogin && severity !== 'OFF' && severity !== 'OK' ? 'LOW' : severity;
}

/** CVSS v4.0 §6, qualitative severity rating scale; `None` is our `OK`. */
export function levelOfScore(score: number): RiskLevel {
  if (score >= 9) return 'CRITICAL';
  if (score >= 7) return 'HIGH';
  if (score >= 4) return 'MEDIUM';
  return score > 0 ? 'LOW' : 'OK';
}

/** What the report says about the policy that was used. */
export function policyInfo({ name, base, overrides, mutes }: Policy): PolicyInfo {
  return {
    name,
    ...(base !== undefined && { base }),
    ...(overrides && { overrides }),
    ...(mutes.length > 0 && { mutes }),
    rules: RULE_COUNT,
    advisoriesOf: ADVISORIES_DATE,
  };
}
