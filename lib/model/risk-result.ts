import type { RiskLevel } from './risk-level';

/**
 * How sure a finding is: `proven` by a test of ours, `told` by the broker about itself, `guessed` from signs
 * that can have other causes.
 */
export type Confidence = 'proven' | 'told' | 'guessed';

/** What a rule is about. */
export type RiskArea =
  | 'transport'
  | 'certificates'
  | 'authentication'
  | 'authorisation'
  | 'exposure'
  | 'protocol'
  | 'product'
  | 'configuration';

/** CVSS 4.0 base metrics and their score, 0.0 … 10.0 (FIRST, CVSS v4.0 specification). */
export interface Cvss {
  /** `CVSS:4.0/AV:N/…` */
  readonly vector: string;
  readonly score: number;
}

/** A published vulnerability of the version that a broker told. */
export interface AdvisoryMatch {
  /** `CVE-2024-3935`, or the name of another source. */
  readonly id: string;
  /** The versions that are affected, in words. */
  readonly affected: string;
  /** The published score; absent where there is none. */
  readonly score?: number;
  readonly cvssVersion?: '3.1' | '4.0';
  readonly summary: string;
  readonly source: string;
}

export interface Finding {
  /** Stable: `AUTH-ANON`. */
  readonly id: string;
  readonly title: string;
  /** What the policy in use says. */
  readonly severity: RiskLevel;
  /** What was seen; bounded and printable. */
  readonly evidence: string;
  /** How to mend it, with the setting of the product found. */
  readonly remediation: string;
  readonly references: readonly string[];
  readonly area?: RiskArea;
  readonly confidence?: Confidence;
  /** Why it matters, in one sentence. */
  readonly why?: string;
  /** A shell command with which to see it again; passwords stand as places to fill in. */
  readonly command?: string;
  /** Absent for remarks, which are no weakness. */
  readonly cvss?: Cvss;
  /** `CWE-319` */
  readonly cwe?: readonly string[];
  /** OWASP IoT Top 10 2018: `I7`. */
  readonly owasp?: readonly string[];
  /** Provision of ETSI EN 303 645: `5.5-1`. */
  readonly etsi?: readonly string[];
  /** Clause of the MQTT specification: `MQTT 5.0 §5.4.1`. */
  readonly mqttClause?: string;
  /** Published vulnerabilities of the version told, worst first: possible by version, not proven. */
  readonly advisories?: readonly AdvisoryMatch[];
}

/** A finding of the whole scan: it takes several endpoints to see it. */
export interface ScanFinding extends Finding {
  /** URLs of the endpoints concerned, sorted; the first of them at most. */
  readonly endpoints: readonly string[];
  /** How many there are in all. */
  readonly endpointCount: number;
}

/** A check that was made and came out well. */
export interface PassedCheck {
  readonly id: string;
  /** What is well, in words. */
  readonly title: string;
}

/** A check that was not made, or that decided nothing. */
export interface UntestedCheck {
  readonly id: string;
  readonly title: string;
  readonly reason: string;
}

/** A finding that the user's policy silences for this endpoint. It counts neither for the level nor for the score. */
export interface MutedFinding {
  readonly id: string;
  readonly title: string;
  readonly severity: RiskLevel;
  readonly evidence: string;
  /** Why it is silenced, in the user's words. */
  readonly reason: string;
  /** The last day on which it is silenced: `2027-03-31`, UTC. */
  readonly until: string;
}

/** What became of an endpoint, in words for people. */
export interface OutcomeText {
  /** `Connected (1883)`, `Not Authorised / Auth Required`, … */
  readonly label: string;
  readonly meaning: string;
  readonly evidence: string;
  readonly implication: string;
}

/** 0 (worst) … 100, and how it came about. */
export interface RiskScore {
  readonly value: number;
  /** What was taken off, in the order of the findings. Absent for a whole scan. */
  readonly deductions?: readonly { readonly id: string; readonly points: number }[];
  /** `100 - 40 (AUTH-ANON) = 60` */
  readonly arithmetic: string;
}

export interface RiskResult {
  readonly level: RiskLevel;
  readonly findings: readonly Finding[];
  readonly outcome?: OutcomeText;
  /** Absent where there is no broker to rate. */
  readonly score?: RiskScore;
  readonly passed?: readonly PassedCheck[];
  readonly notTested?: readonly UntestedCheck[];
  readonly muted?: readonly MutedFinding[];
}

/** By what the findings were graded. */
export interface PolicyInfo {
  /** `default`, `cvss`, or the name in the user's table. */
  readonly name: string;
  /** The policy that a user's table builds on. */
  readonly base?: string;
  /** Severities that the user's table sets; `OFF` for rules that are not applied. */
  readonly overrides?: Readonly<Record<string, RiskLevel | 'OFF'>>;
  readonly mutes?: readonly {
    readonly rule: string;
    readonly endpoints: readonly string[];
    readonly reason: string;
    readonly until: string;
  }[];
  /** Rules in the catalogue. */
  readonly rules: number;
  /** The day of the table of published vulnerabilities: `2026-11-24`. */
  readonly advisoriesOf: string;
}

export type ChangeKind =
  | 'endpoint-new'
  | 'endpoint-gone'
  | 'endpoint-back'
  | 'finding-new'
  | 'finding-fixed'
  | 'certificate-changed'
  | 'product-changed'
  | 'topics-appeared'
  | 'topics-vanished'
  | 'sensor-stopped';

/** One thing that is not as it was in the last report of the same targets. */
export interface Change {
  readonly kind: ChangeKind;
  readonly target: string;
  readonly address: string;
  readonly port: number;
  readonly url: string;
  /** For people, in one sentence. */
  readonly text: string;
  /** Of a finding. */
  readonly findingId?: string;
  readonly level?: RiskLevel;
  readonly before?: string;
  readonly after?: string;
  /** Topics that appeared or vanished, the first of them at most; `count` has all. */
  readonly topics?: readonly string[];
  readonly count?: number;
}

/** An endpoint that earlier reports knew and that has gone; kept so that its return can be told. */
export interface AbsentEndpoint {
  readonly target: string;
  readonly address: string;
  readonly port: number;
  readonly transport: string;
  /** When the scan ended in which it was missing first (ISO 8601). */
  readonly goneSince: string;
  /** What was found there last, so that on its return only news are news. */
  readonly findings?: readonly string[];
  /** It was not missing: the scan did not come to it. */
  readonly notReached?: true;
}

/** A scan beside the last report of the same targets. */
export interface ScanChanges {
  /** The report compared with; absent when there is none, and then nothing is new. */
  readonly comparedWith?: { readonly number: number; readonly scanId: string; readonly finishedAt: string };
  readonly findings: { readonly new: number; readonly fixed: number; readonly unchanged: number };
  /** Each change, endpoint by endpoint; `notListed` counts those beyond the cap. */
  readonly items: readonly Change[];
  readonly notListed?: number;
  readonly absent: readonly AbsentEndpoint[];
}
