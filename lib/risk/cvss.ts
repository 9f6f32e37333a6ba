import type { Cvss } from '../model';

/**
 * The base vectors that rules share, with their scores (FIRST, CVSS v4.0 §8). A test calculates every score
 * again from its vector.
 */
export const CVSS = {
  /** A stranger rules the broker and what hangs on it. */
  takeover: cvss('AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:N', 9.9),
  /** A stranger reads and writes. */
  stranger: cvss('AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N', 9.3),
  /** A stranger gets in; what he can do there is another finding. */
  entry: cvss('AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N', 6.9),
  read: cvss('AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N', 8.7),
  readSecrets: cvss('AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:H/SI:N/SA:N', 9.2),
  readLittle: cvss('AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N', 6.9),
  readWithLogin: cvss('AV:N/AC:L/AT:N/PR:L/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N', 5.3),
  write: cvss('AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:L/SC:N/SI:L/SA:N', 8.8),
  writeKept: cvss('AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:L/VA:L/SC:N/SI:L/SA:N', 6.9),
  /** A stranger makes machines act. */
  command: cvss('AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:H/VA:H/SC:N/SI:H/SA:H', 9.3),
  writeWithLogin: cvss('AV:N/AC:L/AT:N/PR:L/UI:N/VC:N/VI:L/VA:N/SC:N/SI:N/SA:N', 5.3),
  /** Somebody on the way listens and changes. */
  eavesdrop: cvss('AV:A/AC:L/AT:P/PR:N/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N', 7.6),
  eavesdropLogin: cvss('AV:A/AC:L/AT:P/PR:N/UI:N/VC:H/VI:H/VA:N/SC:H/SI:L/SA:N', 8.7),
  /** Somebody on the way takes the broker's place. */
  intercept: cvss('AV:A/AC:H/AT:P/PR:N/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N', 7.6),
  interceptLittle: cvss('AV:A/AC:H/AT:P/PR:N/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N', 2.3),
  decryptLater: cvss('AV:A/AC:H/AT:P/PR:N/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N', 2.3),
  /** Encryption that anybody on the way undoes. */
  noEncryption: cvss('AV:A/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N', 8.6),
  sharedKey: cvss('AV:A/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:N/SC:H/SI:H/SA:N', 8.7),
  exhaust: cvss('AV:N/AC:L/AT:P/PR:N/UI:N/VC:N/VI:N/VA:L/SC:N/SI:N/SA:N', 6.3),
  hijack: cvss('AV:N/AC:L/AT:P/PR:L/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N', 2.3),
  lax: cvss('AV:N/AC:H/AT:P/PR:N/UI:N/VC:N/VI:L/VA:L/SC:N/SI:N/SA:N', 6.3),
  knownVersion: cvss('AV:N/AC:L/AT:P/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N', 6.3),
  knownAccess: cvss('AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:H/VA:N/SC:N/SI:N/SA:N', 9.1),
} as const;

function cvss(metrics: string, score: number): Cvss {
  return { vector: `CVSS:4.0/${metrics}`, score };
}
