import type { Outcome, Transport } from './endpoint';
import type { RiskLevel } from './risk-level';

/** MQTT protocol levels as they stand in CONNECT: 3 = MQTT 3.1, 4 = 3.1.1, 5 = 5.0. */
export type ProtocolVersion = 3 | 4 | 5;

/** What the broker answered to one CONNECT. */
export interface Connack {
  readonly protocolVersion: ProtocolVersion;
  /** Return code (3.1.1 §3.2.2.3) or reason code (5.0 §3.2.2.2); 0 is success. */
  readonly code: number;
  /** The code in words. */
  readonly meaning: string;
  readonly sessionPresent: boolean;
  /** MQTT 5 properties as the broker sent them, bounded and printable. */
  readonly properties?: Readonly<Record<string, string | number | boolean>>;
}

/** What is known about the software behind an endpoint. */
export interface Product {
  readonly name: string;
  readonly version?: string;
  /** 0 (guess) … 1 (told by the broker). */
  readonly confidence: number;
  readonly evidence: readonly string[];
}

/** The answer to a CONNECT of one protocol version. */
export interface VersionAnswer {
  /** The version of our CONNECT; the form of the answer is in `connack.protocolVersion`. */
  readonly asked: ProtocolVersion;
  /** Absent when no CONNACK came. */
  readonly connack?: Connack;
  /** The code, or what came instead, in words. */
  readonly meaning: string;
}

/**
 * What an MQTT 5 broker says it can do (5.0 §3.2.2.3). What it does not say is absent here: the default of
 * the standard holds then, which is not the same as a broker that promises it.
 */
export interface BrokerLimits {
  readonly sessionExpiryInterval?: number;
  readonly receiveMaximum?: number;
  readonly maximumQos?: number;
  readonly retainAvailable?: boolean;
  readonly maximumPacketSize?: number;
  readonly topicAliasMaximum?: number;
  readonly wildcardSubscriptions?: boolean;
  readonly subscriptionIdentifiers?: boolean;
  readonly sharedSubscriptions?: boolean;
  readonly serverKeepAlive?: number;
  /** The shape of the identifiers that it assigns: `auto-<UUID>`. */
  readonly assignedClientId?: string;
}

/** What a broker did with a packet that breaks the protocol: took it, refused it in words, closed, or nothing. */
export type StrictnessVerdict = 'accepted' | 'refused' | 'closed' | 'ignored';

/** Sent only when asked for: every check is a malformed packet. */
export interface StrictnessResult {
  /** CONNECT with a protocol name that does not exist [MQTT-3.1.2-1]. */
  readonly unknownProtocolName: StrictnessVerdict;
  /** CONNECT with its reserved flag set [MQTT-3.1.2-3]. */
  readonly reservedConnectFlag: StrictnessVerdict;
  /** PINGREQ before CONNECT [MQTT-3.1.0-1]. */
  readonly packetBeforeConnect: StrictnessVerdict;
  /** A second CONNECT [MQTT-3.1.0-2]; absent where nobody was let in. */
  readonly secondConnect?: StrictnessVerdict;
}

export interface ProbeResult {
  /** Protocol versions that the broker answered in their own form, refused logins included. */
  readonly versions: readonly ProtocolVersion[];
  /** What was answered to each version that was asked for. */
  readonly answers?: readonly VersionAnswer[];
  /** Present when the broker let us in with MQTT 5. */
  readonly limits?: BrokerLimits;
  /** What the broker says about its answer to MQTT 5 (5.0 §3.2.2.3.9). */
  readonly reasonString?: string;
  /** Whether MQTT 3.1.1 takes an empty client identifier [MQTT-3.1.3-6]; absent where nobody was let in. */
  readonly emptyClientId?: 'accepted' | 'refused';
  /** Present only when one product is clearly ahead of all others. */
  readonly product?: Product;
  /** The raw answers as short text, where they fit no known product: what to send in to have it added. */
  readonly fingerprint?: Readonly<Record<string, string>>;
  readonly strictness?: StrictnessResult;
  /** The answer to the last CONNECT that decided the outcome. */
  readonly connack?: Connack;
  /** Milliseconds for the TCP connection to be accepted. */
  readonly rttMs?: number;
  /** Who was let in when the outcome is `open`. */
  readonly openedAs?: 'anonymous' | 'credentials';
  /** What answered when it was not MQTT: `HTTP`, `SSH`, `silent`, … */
  readonly service?: string;
  /** Why the endpoint ended as it did, in words. */
  readonly reason?: string;
}

export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly subjectAltNames: readonly string[];
  /** ISO 8601, UTC. */
  readonly validFrom: string;
  readonly validTo: string;
  /** Whole days until `validTo`; negative when it has passed. */
  readonly daysLeft: number;
  readonly serialNumber: string;
  readonly keyType: string;
  /** Bits; absent where the key type has no size. */
  readonly keyBits?: number;
  readonly fingerprint256: string;
  readonly selfSigned: boolean;
  readonly ca: boolean;
}

export type TlsProblem =
  | 'expired'
  | 'not-yet-valid'
  | 'expires-soon'
  | 'self-signed'
  | 'untrusted'
  | 'name-mismatch'
  | 'weak-key'
  | 'old-protocol'
  | 'client-certificate-required'
  | 'handshake-failed';

export interface TlsResult {
  /** Protocol versions for which a handshake succeeded: `TLSv1` … `TLSv1.3`. */
  readonly versions: readonly string[];
  /** Suites negotiated, by IANA name; one per version. */
  readonly cipherSuites: readonly string[];
  readonly certificate?: CertificateFacts;
  /** The chain as served, server certificate first. */
  readonly chain: readonly CertificateFacts[];
  readonly trusted: boolean;
  /** Why the chain is not trusted, as OpenSSL names it. */
  readonly trustError?: string;
  readonly hostnameMatches: boolean;
  readonly problems: readonly TlsProblem[];
  /** Why the handshake failed, when it did. */
  readonly error?: string;
}

/** A login was let in, refused, or the answer decides nothing. */
export type AccessVerdict = 'accepted' | 'refused' | 'inconclusive' | 'not-tested';

export interface LoginResult {
  readonly verdict: AccessVerdict;
  readonly protocolVersion?: ProtocolVersion;
  readonly code?: number;
  /** The answer, or why there is none, in words. */
  readonly meaning: string;
}

export interface CredentialsResult extends LoginResult {
  /** True when name and password crossed the network unencrypted. */
  readonly sentInClear: boolean;
}

export interface DefaultCredentialsResult {
  readonly verdict: AccessVerdict;
  readonly tried: number;
  /** User names that were let in; never their passwords. */
  readonly accepted: readonly string[];
  readonly meaning: string;
}

/** A right counts as proven when a message came back. */
export type RightVerdict = 'proven' | 'granted' | 'denied' | 'inconclusive' | 'not-tested';

export interface ReadRight {
  readonly filter: string;
  readonly verdict: RightVerdict;
  /** SUBACK code; 0x80 and above refuse. */
  readonly code?: number;
}

export interface LoginRights {
  readonly as: 'anonymous' | 'credentials';
  readonly read: readonly ReadRight[];
  readonly write: RightVerdict;
}

export interface AuthResult {
  readonly anonymous: LoginResult;
  readonly credentials: CredentialsResult;
  readonly defaultCredentials: DefaultCredentialsResult;
  readonly authorisation: readonly LoginRights[];
}

export interface Reading {
  readonly quantity: string;
  readonly value: number | boolean | string;
  readonly unit?: string;
}

export interface Sensor {
  /** `DHT (Temp & Hum)`, `LDR (Light Sensor)`, `PIR (Motion Sensor)`, or a general name. */
  readonly type: string;
  readonly readings: readonly Reading[];
  /** For people: `31.5°C, 56%`. */
  readonly text: string;
  /** For the CSV column: `31.5C; 56%`. */
  readonly summary: string;
  /** 0.3 … 1.0 */
  readonly confidence: number;
}

export interface Sensitive {
  readonly class: string;
  readonly severity: RiskLevel;
  readonly confidence: number;
  readonly path: string;
  /** Masked. */
  readonly sample: string;
}

export interface TopicReport {
  /** Bounded, with control characters escaped. */
  readonly topic: string;
  readonly messages: number;
  readonly bytes: number;
  readonly retained: boolean;
  readonly qos: number;
  /** Newest payload, bounded, with control characters escaped. */
  readonly payload: string;
  /** True when `payload` is not the whole payload. */
  readonly truncated: boolean;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly sensor?: Sensor;
  readonly sensitive?: readonly Sensitive[];
}

export interface TrafficResult {
  readonly listenedMs: number;
  readonly messages: number;
  readonly bytes: number;
  readonly topics: readonly TopicReport[];
  readonly listenedAs: 'anonymous' | 'credentials';
  readonly filters: readonly { readonly filter: string; readonly granted: boolean; readonly code?: number }[];
  /** What ended the listening. */
  readonly endedBy: 'time' | 'messages' | 'topics' | 'stopped' | 'disconnected' | 'refused' | 'error';
  /** Messages of further topics once the cap was reached, and frames too large to be read. */
  readonly dropped: number;
  readonly reason?: string;
}

export interface Finding {
  readonly id: string;
  readonly title: string;
  readonly severity: RiskLevel;
  readonly evidence: string;
  readonly remediation: string;
  readonly references: readonly string[];
}

export interface RiskResult {
  readonly level: RiskLevel;
  readonly findings: readonly Finding[];
}

/** Everything known about one endpoint. Each stage adds its part. */
export interface EndpointReport {
  readonly target: string;
  readonly address: string;
  readonly port: number;
  readonly transport: Transport;
  readonly url: string;
  readonly outcome: Outcome;
  readonly probe?: ProbeResult;
  readonly tls?: TlsResult;
  readonly auth?: AuthResult;
  readonly traffic?: TrafficResult;
  readonly risk?: RiskResult;
}

export interface ScanSummary {
  readonly scanId: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly targets: readonly string[];
  readonly endpointsScanned: number;
  readonly openPorts: number;
  readonly openBrokers: number;
  readonly authFailures: number;
  readonly sensors: number;
  readonly risk: Readonly<Record<RiskLevel, number>>;
  readonly stopped?: boolean;
  readonly notReached?: number;
}

/** What every message of a scan says about it. */
export interface ScanInfo {
  readonly id: string;
  /** What the user calls this scan. */
  readonly name?: string;
  readonly startedAt: string;
  readonly targets: readonly string[];
}

/** The machine-readable whole; `schema` changes when its shape does. */
export interface ScanDocument {
  readonly schema: 'mqtt-scan-report/1';
  readonly number: number;
  readonly scan: ScanInfo;
  readonly summary: ScanSummary;
  readonly endpoints: readonly EndpointReport[];
}
