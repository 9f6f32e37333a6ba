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
  /**
   * Asked with a random user name and no password: where strangers were refused in another version, this tells two
   * things for one refusal.
   */
  readonly withUserName?: true;
  /** Asked with the login of the scan, which is let in where strangers are not. */
  readonly withLogin?: true;
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

/**
 * What a broker did with a packet that breaks the protocol: took it, refused it in words, closed, or nothing;
 * `unreachable` when it took no connection any more, so that the packet could not be sent.
 */
export type StrictnessVerdict = 'accepted' | 'refused' | 'closed' | 'ignored' | 'unreachable';

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

/** Something about an endpoint that an honest and well configured broker does not do. */
export interface Oddity {
  readonly id: /** TLS on a port that is registered for plain MQTT, or the other way round. */
    | 'tls-on-plain-port'
    | 'plain-on-tls-port'
    /** It takes every connection and never says a word. */
    | 'silent-peer'
    /** It takes what no broker takes, or its answers are not those of what it says it is. */
    | 'contradictory-answers'
    /** It takes no connection any more since it was sent packets that break the protocol. */
    | 'gone-after-malformed';
  /** What was seen, in words. */
  readonly text: string;
}

export interface WebSocketResult {
  /** The path that was accepted. */
  readonly path: string;
  /** What the server calls itself. */
  readonly server?: string;
  /** Whether an upgrade was granted to a page of another site (RFC 6455 §10.2); absent where the answer did not tell. */
  readonly foreignOrigin?: 'accepted' | 'refused';
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
  /** Present over WebSocket. */
  readonly webSocket?: WebSocketResult;
  readonly oddities?: readonly Oddity[];
  /** Logins that this broker refused so far, no login at all among them: it may count them. */
  readonly refusedLogins?: number;
  /** The answer to the login of the scan, which is tried where strangers are refused. */
  readonly loginAnswer?: Connack;
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
