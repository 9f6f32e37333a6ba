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
  /** The curve of an EC key, as OpenSSL names it. */
  readonly curve?: string;
  /** SHA-256 of the SubjectPublicKeyInfo, hexadecimal: the same for every certificate that has the same key. */
  readonly publicKeySha256?: string;
  /** As RFC 3279, 4055 and 5758 name it: `sha256WithRSAEncryption`, `ecdsa-with-SHA256`; else the dotted OID. */
  readonly signatureAlgorithm?: string;
  /** Whole days from `validFrom` to `validTo`. */
  readonly lifetimeDays?: number;
  /** RFC 5280 §4.2.1.3: `digitalSignature`, `keyEncipherment`, …. Absent when the extension is. */
  readonly keyUsage?: readonly string[];
  /** RFC 5280 §4.2.1.12: `serverAuth`, `clientAuth`, …; else the dotted OID. Absent when the extension is. */
  readonly extendedKeyUsage?: readonly string[];
  /** Where the issuer answers whether it was revoked (RFC 6960). */
  readonly ocspUrls?: readonly string[];
  /** Where the issuer publishes its revocation list. */
  readonly crlUrls?: readonly string[];
  /** Where the issuer's own certificate can be had (RFC 5280 §4.2.2.1). */
  readonly issuerUrls?: readonly string[];
  /** Signed certificate timestamps inside the certificate (RFC 6962 §3.3). */
  readonly scts?: number;
  /** The certificate demands a stapled OCSP answer (RFC 7633). */
  readonly mustStaple?: boolean;
  /** False for a root that the chain leads to and that was not served. */
  readonly served?: boolean;
}

export type TlsProblem =
  | 'expired'
  | 'not-yet-valid'
  | 'expires-soon'
  | 'self-signed'
  | 'untrusted'
  /** The issuer of the last certificate is neither served nor known here. */
  | 'incomplete-chain'
  /** A certificate is not followed by its issuer, or there are some that do not belong to the chain (RFC 5246 §7.4.2). */
  | 'chain-order'
  | 'name-mismatch'
  /** A name has a NUL or another character by which a careless client is misled (CVE-2009-2408). */
  | 'odd-name'
  | 'weak-key'
  /** The certificate, or one between it and its root, is signed with MD5 or SHA-1. */
  | 'weak-signature'
  /** A certificate of a public CA that is valid for longer than the CA/Browser Forum permits. */
  | 'long-lifetime'
  /** The certificate is one of a CA; it could sign others. */
  | 'ca-as-server'
  /** Certificate or key come with a product and are public. */
  | 'known-certificate'
  | 'old-protocol'
  /** NULL, anonymous, EXPORT, RC2, RC4, DES or 3DES suites are accepted. */
  | 'weak-cipher'
  /** No suite keeps recorded traffic safe when the key becomes known. */
  | 'no-forward-secrecy'
  /** Diffie-Hellman under 2048 bits (RFC 9325 §4.1). */
  | 'weak-dh'
  | 'compression'
  /** RFC 5746 is not spoken. */
  | 'insecure-renegotiation'
  | 'client-certificate-required'
  | 'handshake-failed';

/**
 * How strong a suite is. `insecure`: no encryption, no authentication, or broken in practice (NULL, anonymous, EXPORT,
 * RC2, RC4, DES). `weak`: not to be used any more (3DES and other 64-bit blocks, MD5). `acceptable`: sound, but
 * without forward secrecy or with CBC. `strong`: forward secrecy and authenticated encryption.
 */
export type SuiteGrade = 'strong' | 'acceptable' | 'weak' | 'insecure';

export interface TlsSuite {
  /** IANA name. */
  readonly name: string;
  /** The number in the IANA registry, `0xC02F`. */
  readonly code: string;
  readonly grade: SuiteGrade;
  readonly forwardSecrecy: boolean;
}

export interface TlsGroup {
  /** IANA name: `x25519`, `secp256r1`, `ffdhe2048`, `X25519MLKEM768`. */
  readonly name: string;
  /** Size of the field or prime in bits; of the classical part where there are two. */
  readonly bits: number;
  /** True for hybrids with ML-KEM, which a quantum computer does not break. */
  readonly postQuantum: boolean;
}

/** What one protocol version was seen to do. */
export interface TlsProtocol {
  /** `SSLv3`, `TLSv1`, `TLSv1.1`, `TLSv1.2` or `TLSv1.3`. */
  readonly version: string;
  /** In the order in which the server chose them; that is its order of preference when `preference` is `server`. */
  readonly suites: readonly TlsSuite[];
  /** Whose order decides; absent where only one suite is accepted. */
  readonly preference?: 'server' | 'client';
  /** Groups for ECDHE, and in TLS 1.3 for DHE, in the order in which the server chose them. */
  readonly groups: readonly TlsGroup[];
  /** Bits of the prime that the server uses for DHE below TLS 1.3. */
  readonly dhBits?: number;
}

/** Properties of the listener; one that could not be found out is absent. */
export interface TlsFeatures {
  /** TLS compression is accepted (CRIME, CVE-2012-4929). */
  readonly compression?: boolean;
  /** RFC 5746. */
  readonly secureRenegotiation?: boolean;
  /** RFC 7627. */
  readonly extendedMasterSecret?: boolean;
  /** RFC 7366. */
  readonly encryptThenMac?: boolean;
  /** RFC 7507: an artificial fallback to an older version is refused. Absent where there is but one version. */
  readonly fallbackScsv?: boolean;
  /** RFC 5077 or RFC 8446 §4.6.1. */
  readonly sessionTickets?: boolean;
  /** An OCSP answer is stapled (RFC 6066 §8). */
  readonly ocspStapling?: boolean;
  /** What the server chose of the application protocols offered (RFC 7301): `mqtt`, `http/1.1`; empty when it chose none. */
  readonly alpn?: string;
  /** Signature algorithms with which the server signs its key exchange, in the order in which it chose them. */
  readonly signatureAlgorithms?: readonly string[];
  /** What happens without a server name: `same` certificate, `different` one, or `refused`. Absent for addresses. */
  readonly withoutServerName?: 'same' | 'different' | 'refused';
}

export interface ClientCertificate {
  /** `requested`: may be left out. */
  readonly demand: 'none' | 'requested' | 'required';
  /** Names of the CAs that the server would take, at most 64 of them. */
  readonly authorities: readonly string[];
  /** Whether the handshake succeeded with the client certificate of the profile; absent when it has none. */
  readonly accepted?: boolean;
}

export interface MozillaVerdict {
  readonly met: boolean;
  /** What departs from the profile, in words; empty when it is met. */
  readonly deviations: readonly string[];
}

/** The three server profiles of Mozilla's TLS recommendations. */
export interface MozillaVerdicts {
  readonly modern: MozillaVerdict;
  readonly intermediate: MozillaVerdict;
  readonly old: MozillaVerdict;
}

export interface TlsScore {
  /** 0 to 100. */
  readonly value: number;
  /** What was taken off, worst first; the sum may be more than 100. */
  readonly deductions: readonly { readonly points: number; readonly reason: string }[];
}

/**
 * Why there is no TLS to report. `plain-mqtt`: MQTT without TLS answers here. `not-tls`: something else answers.
 * `alert`: TLS refused us. `silent`: nothing, or no end of it, until the deadline. `reset`, `closed`: the peer went.
 * `malformed`: TLS, but wrong or beyond the bounds. `unreachable`: no connection came about.
 */
export type TlsFailureKind =
  | 'plain-mqtt'
  | 'not-tls'
  | 'alert'
  | 'silent'
  | 'reset'
  | 'closed'
  | 'malformed'
  | 'unreachable';

export interface TlsFailureFacts {
  readonly kind: TlsFailureKind;
  /** The alert's name (RFC 8446 §6), for example `handshake_failure`. */
  readonly alert?: string;
  /** What came or happened, printable. */
  readonly evidence: string;
}

export interface TlsResult {
  /** Protocol versions that the server speaks: `SSLv3`, `TLSv1` … `TLSv1.3`. */
  readonly versions: readonly string[];
  /** Suites accepted in any version, by IANA name, strongest version first; with the depth `certificate` the one negotiated. */
  readonly cipherSuites: readonly string[];
  readonly certificate?: CertificateFacts;
  /** The chain as served, server certificate first; then the root that it leads to, where it is known. */
  readonly chain: readonly CertificateFacts[];
  readonly trusted: boolean;
  /** Which certificates the chain leads to: those of the system or those of the profile's TLS settings. */
  readonly trustedBy?: 'system' | 'profile';
  /** Why the chain is not trusted, as OpenSSL names it. */
  readonly trustError?: string;
  readonly hostnameMatches: boolean;
  readonly problems: readonly TlsProblem[];
  /** Why the handshake failed, when it did. */
  readonly error?: string;
  /** The same in terms that can be counted; present when no version was found. */
  readonly failure?: TlsFailureFacts;
  /** Per version, newest first. Present with the depth `full`. */
  readonly protocols?: readonly TlsProtocol[];
  readonly features?: TlsFeatures;
  readonly clientCertificate?: ClientCertificate;
  /** Further server certificates, served for other key types than `certificate`'s. */
  readonly otherCertificates?: readonly CertificateFacts[];
  /** The product whose public certificate or key this is, when it is one (`known-certificate`). */
  readonly knownCertificate?: string;
  readonly mozilla?: MozillaVerdicts;
  readonly score?: TlsScore;
  /** What was not looked at, or not to the end, and why: a deadline, a bound, or because it is not part of the inspection. */
  readonly notTested?: readonly string[];
  /** Connections that the inspection took. */
  readonly connections?: number;
}
