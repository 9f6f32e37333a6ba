import type { ProtocolVersion } from '../model';

/** CONNACK return codes of MQTT 3.1 and 3.1.1 (3.1.1 §3.2.2.3). */
const RETURN_CODES: ReadonlyMap<number, string> = new Map([
  [0, 'accepted'],
  [1, 'unacceptable protocol version'],
  [2, 'client identifier rejected'],
  [3, 'server unavailable'],
  [4, 'bad user name or password'],
  [5, 'not authorised'],
]);

/** Reason codes of MQTT 5.0 that answer CONNECT, SUBSCRIBE and PUBLISH, or end a session (5.0 §2.4). */
const REASON_CODES: ReadonlyMap<number, string> = new Map([
  [0x00, 'accepted'],
  [0x80, 'unspecified error'],
  [0x81, 'malformed packet'],
  [0x82, 'protocol error'],
  [0x83, 'implementation specific error'],
  [0x84, 'unsupported protocol version'],
  [0x85, 'client identifier not valid'],
  [0x86, 'bad user name or password'],
  [0x87, 'not authorised'],
  [0x88, 'server unavailable'],
  [0x89, 'server busy'],
  [0x8a, 'banned'],
  [0x8b, 'server shutting down'],
  [0x8c, 'bad authentication method'],
  [0x8d, 'keep alive timeout'],
  [0x8e, 'session taken over'],
  [0x8f, 'topic filter invalid'],
  [0x90, 'topic name invalid'],
  [0x95, 'packet too large'],
  [0x97, 'quota exceeded'],
  [0x98, 'administrative action'],
  [0x99, 'payload format invalid'],
  [0x9a, 'retain not supported'],
  [0x9b, 'QoS not supported'],
  [0x9c, 'use another server'],
  [0x9d, 'server moved'],
  [0x9e, 'shared subscriptions not supported'],
  [0x9f, 'connection rate exceeded'],
  [0xa1, 'subscription identifiers not supported'],
  [0xa2, 'wildcard subscriptions not supported'],
]);

/** A CONNACK code in words. */
export function connackMeaning(code: number, version: ProtocolVersion): string {
  const known = version === 5 ? REASON_CODES.get(code) : undefined;
  return known ?? RETURN_CODES.get(code) ?? REASON_CODES.get(code) ?? `unknown code ${code}`;
}

/** The codes that say: this login is not let in. All others (busy, banned, moved, bad id) decide nothing. */
const LOGIN_REFUSED: ReadonlySet<number> = new Set([4, 5, 0x86, 0x87]);

/**
 * What a broker may say of a login instead, though a proper CONNECT gives no cause for it: identifier rejected, server
 * unavailable.
 */
const LOGIN_REFUSED_UNCLEARLY: ReadonlySet<number> = new Set([2, 3, 0x85, 0x88]);

/** The codes after which a client must not try again: banned, quota exceeded, connection rate exceeded. */
const STOP_TRYING: ReadonlySet<number> = new Set([0x8a, 0x97, 0x9f]);

/** The codes with which a broker refuses the protocol version rather than the client. */
const VERSION_REFUSED: ReadonlySet<number> = new Set([1, 0x84]);

export const isLoginRefused = (code: number): boolean => LOGIN_REFUSED.has(code);
/** True for an answer to a CONNECT that gives no other cause than its login, which a broker may count as a failure. */
export const mayCountAsFailure = (code: number): boolean =>
  LOGIN_REFUSED.has(code) || LOGIN_REFUSED_UNCLEARLY.has(code);
export const isStopSign = (code: number): boolean => STOP_TRYING.has(code);
export const isVersionRefused = (code: number): boolean => VERSION_REFUSED.has(code);
