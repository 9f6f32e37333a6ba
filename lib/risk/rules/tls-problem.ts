import type { TlsProblem, TlsResult } from '../../model';
import { type Facts, REASONS } from '../facts';
import { type CheckResult, PASSED, type Rule } from '../rule';

/** How far the inspection must have gone for a check to count as made. */
type Needs = 'certificate' | 'versions' | 'protocols' | 'full';

/**
 * Applies a check to an endpoint whose TLS was inspected far enough; says why not otherwise, and nothing about
 * endpoints without TLS.
 */
export function inspectedTls(
  { report, isEncrypted }: Facts,
  needs: Needs,
  check: (tls: TlsResult) => CheckResult,
): CheckResult {
  const { tls } = report;
  if (!tls) return isEncrypted ? { notTested: REASONS.noTls } : undefined;
  if (tls.versions.length === 0) return { notTested: 'no TLS connection came about' };
  if (needs === 'certificate' && !tls.certificate) return { notTested: 'no certificate was served' };
  if (needs === 'protocols' && !tls.protocols) return { notTested: REASONS.depth };
  // One handshake tells one version; with `certificate` there is neither more nor a list of protocols.
  if (needs === 'versions' && !tls.protocols && tls.versions.length < 2) return { notTested: REASONS.depth };
  return check(tls);
}

/**
 * A rule about something that the inspection lists among its problems. `say` makes the evidence. Beside the problem
 * `unless` it has nothing to say: one cause, one finding.
 */
export function tlsProblem(
  problem: TlsProblem,
  rule: Omit<Rule, 'check'>,
  say: (tls: TlsResult) => string,
  needs: Needs = 'certificate',
  unless?: TlsProblem,
): Rule {
  return {
    ...rule,
    check: (facts) => {
      const { tls } = facts.report;
      if (unless && tls?.problems.includes(unless)) return undefined;
      if (tls?.problems.includes(problem)) return { evidence: say(tls) };
      return inspectedTls(facts, needs === 'full' ? 'protocols' : needs, () => PASSED);
    },
  };
}
