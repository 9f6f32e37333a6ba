import type { Product } from '../../model';
import { ADVISORIES_DATE, type Advisory } from '../advisories';
import { subscribe } from '../commands';
import { CVSS } from '../cvss';
import { type Facts, plural, some } from '../facts';
import { fix, general, NO_ANONYMOUS, UPDATE } from '../fixes';
import { advisoriesFor, endOfLifeOf, matchOf } from '../known-issues';
import { type CheckResult, foundOrPassed, PASSED, type Rule } from '../rule';

const COMMON = {
  area: 'product',
  confidence: 'guessed',
  owasp: ['I5'],
  etsi: ['5.3-1'],
  fix: UPDATE,
  command: (facts: Facts) =>
    subscribe(facts, '$SYS/broker/version', facts.report.probe?.openedAs ?? 'anonymous'),
} as const;

export const PRODUCT_RULES: readonly Rule[] = [
  {
    ...COMMON,
    id: 'VULN-KNOWN',
    title: 'Vulnerabilities were published for the version that the broker told',
    ok: 'Nothing was published for the version that the broker told',
    why: 'Attacks on published vulnerabilities need no skill; whether your package has the corrections, only its maker can tell.',
    cvss: CVSS.knownVersion,
    cwe: ['CWE-1395'],
    check: (facts) =>
      byVersion(facts, (advisories) => advisories.filter((advisory) => !givesAccess(advisory))),
  },
  {
    ...COMMON,
    id: 'VULN-ACCESS',
    title: 'Ways around the login were published for the version that the broker told',
    ok: 'No way around the login was published for the version that the broker told',
    why: 'With such a vulnerability a login protects nothing.',
    cvss: CVSS.knownAccess,
    cwe: ['CWE-1395', 'CWE-287'],
    check: (facts) => byVersion(facts, (advisories) => advisories.filter(givesAccess)),
  },
  {
    ...COMMON,
    id: 'VULN-EOL',
    title: 'The product gets no more corrections',
    ok: 'The product is still maintained, as far as its version tells',
    why: 'What is found from now on stays open.',
    cwe: ['CWE-1104'],
    check: (facts) => {
      const product = facts.report.probe?.product;
      if (!facts.spokeMqtt) return undefined;
      if (!product) return { notTested: 'the product is not known' };
      const end = endOfLifeOf(product);
      if (end) return { evidence: `${nameOf(product)}: ${end.state}` };
      return product.version === undefined ? { notTested: 'the version is not known' } : PASSED;
    },
  },
  {
    ...COMMON,
    id: 'PRODUCT-EMQX-DEFAULT-ACL',
    title: 'EMQX with its default access list lets strangers read by other filters than #',
    ok: 'The default access list of EMQX is not the only protection',
    why: 'The list forbids # and +/# alone; a filter such as +/+ or a known prefix goes through.',
    fix: fix(
      'In acl.conf end with {deny, all}, set authorization.no_match = deny, and require a login.',
      NO_ANONYMOUS,
    ),
    cvss: CVSS.read,
    cwe: ['CWE-1188'],
    owasp: ['I9'],
    etsi: ['5.5-5'],
    mqttClause: 'MQTT 5.0 §5.4.2',
    check: ({ isAnonymous, report: { probe, auth } }) => {
      if (probe?.product?.name !== 'EMQX' || !isAnonymous) return undefined;
      const rights = auth?.authorisation.find(({ as }) => as === 'anonymous');
      const whole = rights?.read.find(({ filter }) => filter === '#');
      if (!whole) return { notTested: 'the test of rights is off' };
      const denied = whole.verdict === 'denied';
      const bypassed = rights?.read.some(({ kind, verdict }) => kind === 'bypass' && verdict === 'proven');
      // Proven ways around the list are a finding of their own.
      return foundOrPassed(
        denied && !bypassed && 'EMQX let a stranger in and refused the filter #, as its default list does.',
      );
    },
  },
  {
    ...COMMON,
    id: 'PRODUCT-UNKNOWN',
    title: 'The product was not recognised',
    ok: 'The product was recognised',
    why: 'Known vulnerabilities and exact settings cannot be told without it.',
    fix: general('Look up what runs there; the fingerprint in the JSON report helps to add it.'),
    etsi: ['5.3-1'],
    check: ({ spokeMqtt, report: { probe } }) => {
      if (!spokeMqtt || !probe?.answers) return undefined;
      return foundOrPassed(!probe.product && 'Its answers fit no product that is known here.');
    },
  },
];

/** Anybody gets further with it than he should, without any special setting. */
function givesAccess({ effect, needs }: Advisory): boolean {
  return (effect === 'access' || effect === 'code') && needs === undefined;
}

function byVersion(
  facts: Facts,
  pick: (advisories: readonly Advisory[]) => readonly Advisory[],
): CheckResult {
  const product = facts.report.probe?.product;
  if (!facts.spokeMqtt) return undefined;
  if (!product) return { notTested: 'the product is not known' };
  if (product.version === undefined) return { notTested: 'the version is not known' };
  const found = pick(advisoriesFor(product));
  if (found.length === 0) return PASSED;
  const scores = found.flatMap(({ score }) => (score === undefined ? [] : [score]));
  return {
    evidence: `By version, not proven: ${nameOf(product)} lies in the range of ${plural(found.length, 'entry').replace('entrys', 'entries')} of the table of ${ADVISORIES_DATE}: ${some(found.map(({ id }) => id))}.`,
    advisories: found.map(matchOf),
    ...(scores.length > 0 && { publishedScore: Math.max(...scores) }),
  };
}

function nameOf({ name, version }: Product): string {
  return version === undefined ? name : `${name} ${version}`;
}
