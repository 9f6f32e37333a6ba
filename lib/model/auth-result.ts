import type { ProtocolVersion } from './probe-result';

/** A login was let in, refused, or the answer decides nothing. */
export type AccessVerdict = 'accepted' | 'refused' | 'inconclusive' | 'not-tested';

/**
 * What an answer to CONNECT amounts to, however the protocol version spells it. Only `bad-login`,
 * `not-authorised`, `bad-authentication-method` and `certificate-required` say something about the login itself.
 */
export type LoginOutcome =
  | 'accepted'
  /** CONNACK 0, and the broker ended the connection before anything could be done with it. */
  | 'accepted-then-disconnected'
  /** The session stands, and every SUBSCRIBE was refused. */
  | 'accepted-may-not-subscribe'
  | 'bad-login'
  | 'not-authorised'
  | 'bad-authentication-method'
  /** TLS let nobody in without a client certificate. */
  | 'certificate-required'
  | 'banned'
  | 'quota-exceeded'
  | 'rate-exceeded'
  | 'server-busy'
  | 'server-unavailable'
  | 'use-another-server'
  | 'server-moved'
  | 'identifier-rejected'
  | 'version-refused'
  /** The connection ended without a CONNACK, or never came about. */
  | 'closed'
  | 'no-answer'
  | 'other';

export interface LoginResult {
  readonly verdict: AccessVerdict;
  readonly protocolVersion?: ProtocolVersion;
  readonly code?: number;
  /** The answer, or why there is none, in words. */
  readonly meaning: string;
  readonly outcome?: LoginOutcome;
  /** What the broker itself says about its answer (5.0 §3.2.2.3.9, §3.14.2.2.3). */
  readonly reasonString?: string;
  /** Where the broker sends its clients (5.0 §3.2.2.3.16). */
  readonly serverReference?: string;
  /** A command with which a person can repeat the test. A password stands in it as `$MQTT_PASSWORD`. */
  readonly evidence?: string;
}

export interface CredentialsResult extends LoginResult {
  /** True when name and password crossed the network unencrypted. */
  readonly sentInClear: boolean;
}

/** A form of "no login" that some brokers take for one. User names in it are random. */
export type AnonymousVariant = 'no-password' | 'empty-user-name' | 'empty-password' | 'empty-client-id';

export interface AnonymousVariantResult extends LoginResult {
  readonly variant: AnonymousVariant;
}

/** One published login that was tried. Its password stands nowhere. */
export interface DefaultLoginAttempt {
  readonly username: string;
  /** The product that ships with it. */
  readonly product: string;
  /** Where it is published. */
  readonly source: string;
  readonly outcome: LoginOutcome;
  readonly code?: number;
}

export interface DefaultCredentialsResult {
  readonly verdict: AccessVerdict;
  readonly tried: number;
  /** User names that were let in; never their passwords. */
  readonly accepted: readonly string[];
  readonly meaning: string;
  /** What was tried, in order. */
  readonly attempts?: readonly DefaultLoginAttempt[];
  /** Published logins that were not tried, because a limit was reached. */
  readonly left?: number;
}

/** Present when the scan has a client certificate and the transport is encrypted. */
export interface ClientCertificateResult extends LoginResult {
  /** The common name of the certificate. */
  readonly subject?: string;
  /** True when the certificate is a login: with it alone the broker lets in whom it refuses without. */
  readonly isLogin: boolean;
  /**
   * True when the broker takes the user from the certificate: a random name and password beside it change
   * nothing. Absent where that was not tested.
   */
  readonly subjectAsUserName?: boolean;
  /** True when the certificate alone is refused, and with the given login accepted. */
  readonly passwordNeeded?: boolean;
}

/** Authentication methods of MQTT 5 (5.0 §4.12). */
export interface EnhancedAuthenticationResult {
  readonly verdict: 'offered' | 'not-offered' | 'inconclusive' | 'not-tested';
  /** Methods that the broker went into, among those that were asked for. */
  readonly methods: readonly string[];
  readonly asked: readonly string[];
  readonly meaning: string;
}

/** What was found with two sessions of our own, under a random client identifier. */
export interface SessionSafetyResult {
  readonly as: LoginName;
  /**
   * Whether a second client with the same identifier takes the session over [MQTT-3.1.4-3]; `any-identifier`: one with
   * another identifier does as well, since the broker goes by the login.
   */
  readonly takeover: 'taken-over' | 'second-refused' | 'both-kept' | 'any-identifier' | 'inconclusive';
  /** Whether the broker keeps a session beyond the connection; `limited` is for a shorter time than asked for. */
  readonly persistentSession: 'accepted' | 'limited' | 'not-kept' | 'inconclusive';
  /** Seconds for which the session is kept; asked for was one day. MQTT 5 only. */
  readonly sessionExpirySeconds?: number;
  /** Whether one address may have two connections; more are never tried. */
  readonly secondConnection: 'accepted' | 'refused' | 'inconclusive';
  /** What the broker announces in its CONNACK (5.0 §3.2.2.3); absent where it announces nothing. */
  readonly maximumQos?: number;
  readonly maximumPacketSize?: number;
  readonly receiveMaximum?: number;
  readonly meaning: string;
}

/** A right counts as proven when a message came back. */
export type RightVerdict = 'proven' | 'granted' | 'denied' | 'inconclusive' | 'not-tested';

/** Whose messages a filter asks for. */
export type FilterKind =
  /** Those of all applications. */
  | 'applications'
  /** The same, in a form that access lists forget. */
  | 'bypass'
  /** The broker's own statistics. */
  | 'broker'
  /** Topics by which a broker is managed. */
  | 'management';

export interface ReadRight {
  readonly filter: string;
  readonly verdict: RightVerdict;
  /** SUBACK code; 0x80 and above refuse. */
  readonly code?: number;
  readonly kind?: FilterKind;
  /** The verdict in words. */
  readonly meaning?: string;
  /** Different topics of which messages came; counting ends at 100. */
  readonly topics?: number;
  /** Retained messages among what came. */
  readonly retained?: number;
  /** Some of these topics, printable. */
  readonly samples?: readonly string[];
  /** A command with which a person can repeat the test. */
  readonly evidence?: string;
}

/** As whom something was tested: without a login, with the one given, or with a client certificate alone. */
export type LoginName = 'anonymous' | 'credentials' | 'certificate';

export interface LoginRights {
  readonly as: LoginName;
  readonly read: readonly ReadRight[];
  readonly write: RightVerdict;
  /** False when every filter was refused. Absent where reading was not tested, or nothing was decided. */
  readonly maySubscribe?: boolean;
  /** Whether a will message is taken and sent; tested with the write test only. */
  readonly will?: RightVerdict;
  /** A command with which a person can repeat the write test. */
  readonly writeEvidence?: string;
}

export interface AuthResult {
  readonly anonymous: LoginResult;
  readonly credentials: CredentialsResult;
  readonly defaultCredentials: DefaultCredentialsResult;
  readonly authorisation: readonly LoginRights[];
  /** Without a login, by protocol version: brokers differ between versions. */
  readonly anonymousVersions?: readonly LoginResult[];
  readonly anonymousVariants?: readonly AnonymousVariantResult[];
  /** A random name and password, once. `accepted`: the broker takes any login, so none proves anything. */
  readonly randomLogin?: LoginResult;
  readonly clientCertificate?: ClientCertificateResult;
  readonly enhancedAuthentication?: EnhancedAuthenticationResult;
  readonly sessionSafety?: SessionSafetyResult;
  /** Logins of this test that the broker refused; it stays below what brokers ban for. */
  readonly refusedLogins?: number;
}
