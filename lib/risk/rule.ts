import type { AdvisoryMatch, Confidence, Cvss, RiskArea } from '../model';
import type { Facts } from './facts';
import type { Fix } from './fixes';

/** What a rule has seen. */
export interface Found {
  /** In words, ending in a full stop; bounded and printable. */
  readonly evidence: string;
  /** Where it is another than the rule's. */
  readonly confidence?: Confidence;
  /** Where it is another than the rule's. */
  readonly cvss?: Cvss;
  /** Where it is another than the rule's. */
  readonly command?: string;
  /** Only the login that was given for the scan shows it; a stranger sees nothing of it. */
  readonly withLogin?: boolean;
  readonly advisories?: readonly AdvisoryMatch[];
  /** The highest published score of `advisories`, which a policy by scores goes by. */
  readonly publishedScore?: number;
}

/** The check was not made, or its result decides nothing. */
export interface NotTested {
  readonly notTested: string;
}

/** The check was made, and all is well. */
export const PASSED = 'passed';

/** `undefined`: the rule has nothing to do with this endpoint. */
export type CheckResult = Found | NotTested | typeof PASSED | undefined;

/** One thing that can be wrong. How bad it is stands in the policy. */
export interface Rule {
  readonly id: string;
  readonly area: RiskArea;
  readonly title: string;
  /** What is well when the check passes. */
  readonly ok: string;
  /** Why it matters, in one sentence. */
  readonly why: string;
  readonly fix: Fix;
  /** Absent for remarks, which are no weakness. */
  readonly cvss?: Cvss;
  readonly cwe?: readonly string[];
  readonly owasp?: readonly string[];
  readonly etsi?: readonly string[];
  readonly mqttClause?: string;
  /** Further references: RFCs, standards. */
  readonly references?: readonly string[];
  /** How sure a finding of this rule is. */
  readonly confidence: Confidence;
  /** A shell command with which to see it again. */
  readonly command: (facts: Facts) => string;
  /** Pure. */
  readonly check: (facts: Facts) => CheckResult;
}

/** A finding with evidence, or a pass without. */
export function foundOrPassed(evidence: string | undefined | false): Found | typeof PASSED {
  return evidence ? { evidence } : PASSED;
}
