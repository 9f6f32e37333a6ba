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
} from '../model';
import { Facts } from './facts';
import { fixKey, remediationFor } from './fixes';
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

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** What does not depend on the endpoint, made once and shared by all. */
interface Prepared {
  readonly rule: Rule;
  readonly references: readonly string[];
  readonly passed: PassedCheck;
  /** By reason; reasons are sentences of ours, apart from a few that targets fill in. */
  readonly notTested: Map<string, UntestedCheck>;
}

const MAX_REASONS = 50;

const PREPARED: readonly Prepared[] = RULES.map((rule) => ({
  rule,
  references: referencesOf(rule),
  passed: { id: rule.id, title: rule.ok },
  notTested: new Map(),
}));

function untested({ passed, notTested }: Prepared, reason: string): UntestedCheck {
  const known = notTested.get(reason);
  if (known) return known;
  const check = { ...passed, reason: shown(reason) };
  if (notTested.size < MAX_REASONS) notTested.set(reason, check);
  return check;
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
  const product = fixKey(report.probe?.product?.name);
  const byLevel: Finding[][] = RISK_LEVELS.map(() => []);
  const muted: MutedFinding[] = [];
  const passed: PassedCheck[] = [];
  const notTested: UntestedCheck[] = [];
  for (const prepared of PREPARED) {
    const { rule } = prepared;
    const result = checked(rule, facts);
    if (result === undefined) continue;
    if (result === PASSED) passed.push(prepared.passed);
    else if ('notTested' in result) notTested.push(untested(prepared, result.notTested));
    else judge(prepared, result);
  }
  const findings = byLevel.flat();
  return {
    level: findings[0]?.severity ?? 'OK',
    findings,
    outcome: shownOutcome(facts),
    ...(isRated(report) && { score: endpointScore(findings), passed, notTested }),
    ...(muted.length > 0 && { muted }),
  };

  /** One shape for all findings, filled in place: thousands of them are made, and each copy would cost. */
  function findingOf(
    { rule, references }: Prepared,
    found: Found,
    severity: RiskLevel,
    evidence: string,
  ): Finding {
    const finding: Writable<Finding> = {
      id: rule.id,
      title: rule.title,
      severity,
      evidence,
      remediation: remediationFor(rule.fix, product),
      references,
      area: rule.area,
      confidence: found.confidence ?? rule.confidence,
      why: rule.why,
      command: found.command ?? rule.command(facts),
    };
    const cvss = found.cvss ?? rule.cvss;
    if (cvss) finding.cvss = cvss;
    if (rule.cwe) finding.cwe = rule.cwe;
    if (rule.owasp) finding.owasp = rule.owasp;
    if (rule.etsi) finding.etsi = rule.etsi;
    if (rule.mqttClause !== undefined) finding.mqttClause = rule.mqttClause;
    if (found.advisories) finding.advisories = found.advisories;
    return finding;
  }

  function judge(prepared: Prepared, found: Found): void {
    const { rule } = prepared;
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
    byLevel[RANK.get(severity) ?? 0]?.push(findingOf(prepared, found, severity, evidence));
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

/** True for endpoints that count in the summary's numbers per level: those behind which a broker is. */
export function isRated({ outcome }: EndpointReport): boolean {
  return outcome === 'open' || outcome === 'auth-failed' || outcome === 'tls-error';
}
