import type { TlsProblem, TlsProtocol, TlsScore } from '../model';

/** What each problem costs. Together they may cost more than there is; the score ends at zero. */
const COSTS: Readonly<Partial<Record<TlsProblem, readonly [points: number, reason: string]>>> = {
  'known-certificate': [60, 'the key of the certificate is public'],
  expired: [40, 'the certificate has expired'],
  'not-yet-valid': [40, 'the certificate is not valid yet'],
  'weak-key': [40, 'the key of the certificate is too short'],
  'self-signed': [25, 'the certificate is self-signed'],
  untrusted: [25, 'the certificate is not trusted'],
  'name-mismatch': [25, 'the certificate is for another name'],
  'odd-name': [25, 'a name in the certificate is misleading'],
  'weak-signature': [20, 'a certificate is signed with MD5 or SHA-1'],
  'insecure-renegotiation': [15, 'secure renegotiation is missing'],
  'weak-dh': [15, 'Diffie-Hellman has less than 2048 bits'],
  compression: [15, 'TLS compression is accepted'],
  'no-forward-secrecy': [15, 'no suite has forward secrecy'],
  'incomplete-chain': [10, 'the chain is incomplete'],
  'ca-as-server': [10, 'the certificate is one of a CA'],
  'chain-order': [5, 'the chain is in the wrong order'],
  'long-lifetime': [5, 'the certificate is valid for too long'],
  'expires-soon': [5, 'the certificate expires soon'],
};

const VERSION_COSTS: ReadonlyMap<string, number> = new Map([
  ['SSLv3', 40],
  ['TLSv1', 15],
  ['TLSv1.1', 10],
]);

/** Certificate, versions and suites as one number, with what was taken off. */
export function scoreOf(problems: readonly TlsProblem[], protocols: readonly TlsProtocol[]): TlsScore {
  const deductions = [
    ...problems.flatMap((problem) => {
      const cost = COSTS[problem];
      return cost ? [{ points: cost[0], reason: cost[1] }] : [];
    }),
    ...protocolDeductions(protocols),
  ].sort((a, b) => b.points - a.points);
  const sum = deductions.reduce((total, { points }) => total + points, 0);
  return { value: Math.max(0, 100 - sum), deductions };
}

function protocolDeductions(protocols: readonly TlsProtocol[]): { points: number; reason: string }[] {
  const deductions: { points: number; reason: string }[] = [];
  for (const { version } of protocols) {
    const points = VERSION_COSTS.get(version);
    if (points !== undefined) deductions.push({ points, reason: `${version} is accepted` });
  }
  const versions = protocols.map(({ version }) => version);
  if (!versions.some((version) => version === 'TLSv1.2' || version === 'TLSv1.3')) {
    deductions.push({ points: 20, reason: 'neither TLS 1.2 nor 1.3 is spoken' });
  } else if (!versions.includes('TLSv1.3')) deductions.push({ points: 5, reason: 'TLS 1.3 is not spoken' });
  const suites = protocols.flatMap((protocol) => protocol.suites);
  const some = (grade: string): boolean => suites.some((suite) => suite.grade === grade);
  if (some('insecure')) deductions.push({ points: 40, reason: 'insecure cipher suites are accepted' });
  if (some('weak')) deductions.push({ points: 15, reason: 'weak cipher suites are accepted' });
  const hasForwardSecrecy = suites.some((suite) => suite.forwardSecrecy);
  if (hasForwardSecrecy && suites.some((suite) => !suite.forwardSecrecy)) {
    deductions.push({ points: 5, reason: 'some suites have no forward secrecy' });
  }
  return deductions;
}
