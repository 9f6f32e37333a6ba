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
