import { type RiskLevel, ScanError } from '../model';

/** How severe each rule is. A rule that is not in the table is not reported. */
export type Policy = Readonly<Record<string, RiskLevel>>;

/**
 * The customer's policy: no TLS is critical, a refusal is medium because nothing behind it was checked, what a
 * given login may read is low. `OK` stands for a remark that is no risk.
 */
const DEFAULT_POLICY: Policy = {
  'NET-PLAINTEXT': 'CRITICAL',
  'AUTH-ANON': 'HIGH',
  'AUTH-DEFAULT-CREDS': 'CRITICAL',
  'AUTH-NOT-CHECKED': 'MEDIUM',
  'ACL-READ-ALL': 'HIGH',
  'ACL-WRITE': 'HIGH',
  'ACL-SYS-READ': 'LOW',
  'DATA-READABLE': 'LOW',
  'TLS-HANDSHAKE': 'MEDIUM',
  'TLS-CERT-EXPIRED': 'HIGH',
  'TLS-CERT-NOT-YET-VALID': 'HIGH',
  'TLS-CERT-EXPIRES-SOON': 'MEDIUM',
  'TLS-CERT-SELF-SIGNED': 'MEDIUM',
  'TLS-CERT-UNTRUSTED': 'MEDIUM',
  'TLS-CERT-NAME': 'MEDIUM',
  'TLS-CERT-WEAK-KEY': 'HIGH',
  'TLS-OLD-PROTOCOL': 'MEDIUM',
  'NET-NO-BROKER': 'OK',
};

const POLICIES: ReadonlyMap<string, Policy> = new Map([['default', DEFAULT_POLICY]]);

/** The policy of a name. @throws ScanError BAD_OPTION */
export function policyNamed(name: string): Policy {
  const policy = POLICIES.get(name);
  if (policy) return policy;
  const known = [...POLICIES.keys()].join(', ');
  throw new ScanError('BAD_OPTION', { option: 'policy', reason: `known policies are ${known}` });
}
