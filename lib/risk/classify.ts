import {
  type EndpointReport,
  type Finding,
  type MutedFinding,
  type OutcomeText,
  type PassedCheck,
  printable,
  RISK_LEVELS,
  type RiskLevel,
  type RiskResult,
  type UntestedCheck,
  worstLevel,
} from '../model';
import { Facts } from './facts';
import { remediationFor } from './fixes';
import { outcomeText } from './outcome';
import { type Policy, severityOf } from './policy';
import { muteFor } from './policy-table';
import { type CheckResult, type Found, PASSED, type Rule } from './rule';
import { RULES } from './rules';
import { endpointScore } from './score';

/** Longest evidence of one finding; what rules take from targets is bounded before, one by one. */
const MAX_EVIDENCE_CHARS = 1000;
const PLAIN = /^[\x20-\x7E…§]*$/;
const RANK = new Map<RiskLevel, number>(RISK_LEVELS.map((level, i) => [level, i]));

/** What does not depend on the endpoint, made once. */
interface Prepared {
  readonly rule: Rule;
  readonly fixed: Omit<Finding, 'severity' | 'evidence' | 'remediation' | 'command'>;
  readonly passed: PassedCheck;
}

const PREPARED: readonly Prepared[] = RULES.map(prepare);

function prepare(rule: Rule): Prepared {
  const { id, title, ok, command, check, fix, references, ...described } = rule;
  return {
    rule,
    fixed: { id, title, references: referencesOf(rule), ...described },
    passed: { id, title: ok },
  };
}

/** Where a rule comes from, as one list for people. */
export function referencesOf(rule: Omit<Rule, 'check' | 'command'>): string[] {
  const { cwe = [], owasp = [], etsi = [], mqttClause, references = [] } = rule;
  return [
    ...cwe,
    ...owasp.map((item) => `OWASP IoT Top 10 2018: ${item}`),
    ...etsi.map((provision) => `ETSI EN 303 645: ${provision}`),
    ...(mqttClause === undefined ? [] : [mqttClause]),
    ...references,
  ];
}

/**
 * The verdict on an endpoint: its findings, worst first, its level (that of its worst finding), what was tested
 * and passed, and what was not tested and why. Pure: the same facts, policy and day give the same bytes.
 * @param at when the scan was made (ISO 8601): mutes end by that day. Without it none has ended.
 */
export function classify(report: EndpointReport, policy: Policy, at = ''): RiskResult {
  const facts = new Facts(report);
  const today = at.slice(0, 10);
  const findings: Finding[] = [];
  const muted: MutedFinding[] = [];
  const passed: PassedCheck[] = [];
  const notTested: UntestedCheck[] = [];
  for (const prepared of PREPARED) {
    const { rule } = prepared;
    const result = checked(rule, facts);
    if (result === undefined) continue;
    if (result === PASSED) passed.push(prepared.passed);
    else if ('notTested' in result) {
      notTested.push({ id: rule.id, title: prepared.passed.title, reason: shown(result.notTested) });
    } else judge(prepared, result);
  }
  findings.sort((a, b) => rankOf(a) - rankOf(b));
  return {
    level: worstLevel(findings.map(({ severity }) => severity)),
    findings,
    outcome: shownOutcome(facts),
    ...(isRated(report) && { score: endpointScore(findings), passed, notTested }),
    ...(muted.length > 0 && { muted }),
  };

  function judge({ rule, fixed }: Prepared, found: Found): void {
    const severity = severityOf(rule, found, policy);
    if (severity === 'OFF') return;
    const evidence = shown(found.evidence);
    const mute = policy.mutes.length > 0 ? muteFor(rule.id, report, policy.mutes, today) : undefined;
    if (mute) {
      muted.push({
        id: rule.id,
        title: rule.title,
        severity,
        evidence,
        reason: mute.reason,
        until: mute.until,
      });
      return;
    }
    findings.push({
      ...fixed,
      severity,
      evidence,
      remediation: remediationFor(rule.fix, report.probe?.product?.name),
      command: found.command ?? rule.command(facts),
      ...(found.confidence && { confidence: found.confidence }),
      ...(found.cvss && { cvss: found.cvss }),
      ...(found.advisories && { advisories: found.advisories }),
    });
  }
}

/** Behind a handshake that failed, whatever needs MQTT was not tested; silence would look like safety. */
function checked(rule: Rule, facts: Facts): CheckResult {
  const result = rule.check(facts);
  const { area } = rule;
  if (result !== undefined || facts.report.outcome !== 'tls-error') return result;
  return area === 'transport' || area === 'certificates'
    ? undefined
    : { notTested: 'no TLS connection came about' };
}

/** Rules quote facts, which may have come in a message from anywhere. */
function shown(text: string): string {
  return text.length <= MAX_EVIDENCE_CHARS && PLAIN.test(text) ? text : printable(text, MAX_EVIDENCE_CHARS);
}

function shownOutcome(facts: Facts): OutcomeText {
  const outcome = outcomeText(facts);
  return { ...outcome, evidence: shown(outcome.evidence) };
}

function rankOf({ severity }: Finding): number {
  return RANK.get(severity) ?? RISK_LEVELS.length;
}

/** True for endpoints that count in the summary's numbers per level: those behind which a broker is. */
export function isRated({ outcome }: EndpointReport): boolean {
  return outcome === 'open' || outcome === 'auth-failed' || outcome === 'tls-error';
}
