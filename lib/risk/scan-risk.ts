import {
  type EndpointReport,
  endpointKey,
  isEncrypted,
  printable,
  RISK_LEVELS,
  type ScanFinding,
  type ScanSummary,
} from '../model';
import { referencesOf } from './classify';
import { fixKey, remediationFor } from './fixes';
import { type Policy, policyInfo, severityOf } from './policy';
import { SCAN_RULES, type ScanFacts, scanFacts } from './rules/whole-scan';
import { scanScore } from './score';

/** Endpoints of one scan that are looked at together; a scan that finds more is still classified one by one. */
const MAX_ENDPOINTS = 200_000;
/** Endpoints that a finding of a scan names. */
const MAX_NAMED = 100;
/** Findings of a scan that are told. */
const MAX_FINDINGS = 500;

type RiskSummary = Pick<ScanSummary, 'policy' | 'score' | 'findings'>;

/**
 * What only a whole scan shows: the score of all endpoints, and findings that take several endpoints to see.
 *
 * Endpoints are classified as they come, in whatever order the network answers. A finding of several endpoints
 * belongs to none of them alone and would fall to whichever came last, so it stands in the summary that closes
 * the scan, never in an endpoint's report; the endpoints are put in order first. The same endpoints thus give the
 * same bytes, whatever their order.
 */
export class ScanRisk {
  readonly #policy: Policy;
  readonly #endpoints = new Map<string, ScanFacts>();

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  /** Notes a classified endpoint, in place of an earlier state of the same. */
  add(report: EndpointReport): void {
    const key = endpointKey(report);
    if (this.#endpoints.size >= MAX_ENDPOINTS && !this.#endpoints.has(key)) return;
    this.#endpoints.set(key, scanFacts(report, isEncrypted(report.transport)));
  }

  /** What the summary is given. */
  summary(): RiskSummary {
    const endpoints = [...this.#endpoints.values()].sort((a, b) =>
      a.url < b.url ? -1 : a.url > b.url ? 1 : 0,
    );
    const score = scanScore(endpoints.flatMap((endpoint) => endpoint.score ?? []));
    return {
      policy: policyInfo(this.#policy),
      ...(score && { score }),
      findings: this.#findings(endpoints),
    };
  }

  #findings(endpoints: readonly ScanFacts[]): ScanFinding[] {
    const findings = SCAN_RULES.flatMap((rule) =>
      rule.check(endpoints).flatMap((found): ScanFinding[] => {
        const severity = severityOf(rule, found, this.#policy);
        if (severity === 'OFF') return [];
        const { check, ok, fix, references, ...described } = rule;
        return [
          {
            ...described,
            severity,
            evidence: printable(found.evidence, 1000),
            remediation: remediationFor(fix, fixKey(commonProduct(found.endpoints))),
            references: referencesOf(rule),
            endpoints: found.endpoints.slice(0, MAX_NAMED).map(({ url }) => url),
            endpointCount: found.endpoints.length,
          },
        ];
      }),
    );
    return findings
      .sort((a, b) => RISK_LEVELS.indexOf(a.severity) - RISK_LEVELS.indexOf(b.severity))
      .slice(0, MAX_FINDINGS);
  }
}

/** The product, when all of them are the same. */
function commonProduct(endpoints: readonly ScanFacts[]): string | undefined {
  const products = new Set(endpoints.map(({ product }) => product));
  return products.size === 1 ? endpoints[0]?.product : undefined;
}
