import type { AccessVerdict, Connack, LoginOutcome } from '../model';

/** CONNACK return codes of MQTT 3.1 and 3.1.1 (3.1.1 §3.2.2.3). */
const RETURN_CODES: ReadonlyMap<number, LoginOutcome> = new Map([
  [0, 'accepted'],
  [1, 'version-refused'],
  [2, 'identifier-rejected'],
  [3, 'server-unavailable'],
  [4, 'bad-login'],
  [5, 'not-authorised'],
]);

/** Reason codes of MQTT 5.0 in CONNACK and DISCONNECT (5.0 §2.4). */
const REASON_CODES: ReadonlyMap<number, LoginOutcome> = new Map([
  [0x00, 'accepted'],
  [0x84, 'version-refused'],
  [0x85, 'identifier-rejected'],
  [0x86, 'bad-login'],
  [0x87, 'not-authorised'],
  [0x88, 'server-unavailable'],
  [0x89, 'server-busy'],
  [0x8a, 'banned'],
  [0x8b, 'server-unavailable'],
  [0x8c, 'bad-authentication-method'],
  [0x97, 'quota-exceeded'],
  [0x9c, 'use-another-server'],
  [0x9d, 'server-moved'],
  [0x9f, 'rate-exceeded'],
]);

/** What a CONNACK amounts to. Some brokers answer the one version with the codes of the other. */
export function outcomeOf({
  code,
  protocolVersion,
}: Pick<Connack, 'code' | 'protocolVersion'>): LoginOutcome {
  const known = protocolVersion === 5 ? REASON_CODES.get(code) : undefined;
  return known ?? RETURN_CODES.get(code) ?? REASON_CODES.get(code) ?? 'other';
}

/** The outcomes that say: this login is not let in. */
const REFUSED: ReadonlySet<LoginOutcome> = new Set([
  'bad-login',
  'not-authorised',
  'bad-authentication-method',
  'certificate-required',
]);

/** What an outcome says about the login itself; busy, banned or moved brokers say nothing. */
export function verdictOf(outcome: LoginOutcome): AccessVerdict {
  if (outcome === 'accepted' || outcome === 'accepted-may-not-subscribe') return 'accepted';
  return REFUSED.has(outcome) ? 'refused' : 'inconclusive';
}

/**
 * What a broker may count as a failed login. Some say "identifier rejected" or "server unavailable" where they mean the
 * login; a locked NanoMQ closes without a word, and a ban is one more.
 */
const COUNTED: ReadonlySet<LoginOutcome> = new Set([
  'bad-login',
  'not-authorised',
  'identifier-rejected',
  'server-unavailable',
  'version-refused',
  'other',
  'closed',
]);

export const countsAsFailure = (outcome: LoginOutcome): boolean => COUNTED.has(outcome);

/** Signs that the broker counts what we do, after which nothing more is tried. */
const STOP_SIGNS: ReadonlySet<LoginOutcome> = new Set([
  'banned',
  'quota-exceeded',
  'rate-exceeded',
  'server-busy',
]);

export const isStopSign = (outcome: LoginOutcome): boolean => STOP_SIGNS.has(outcome);

/**
 * Answers that another client identifier, or another moment, may change: brokers say "identifier rejected" or close
 * where they mean something else.
 */
const WORTH_A_RETRY: ReadonlySet<LoginOutcome> = new Set([
  'identifier-rejected',
  'server-unavailable',
  'closed',
]);

export const isWorthARetry = (outcome: LoginOutcome): boolean => WORTH_A_RETRY.has(outcome);
