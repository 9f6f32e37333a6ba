import type {
  AuthResult,
  CertificateFacts,
  EndpointReport,
  ProbeResult,
  Product,
  ReadRight,
  TlsProblem,
  TlsResult,
  TopicReport,
  TrafficResult,
} from '../model';

/** Reports for tests: a broker at which everything was tested and is well, and ways to take something away. */

export const CERTIFICATE: CertificateFacts = {
  subject: 'CN=broker',
  issuer: 'CN=ca',
  subjectAltNames: ['DNS:broker'],
  validFrom: '2026-01-01T00:00:00.000Z',
  validTo: '2027-01-01T00:00:00.000Z',
  daysLeft: 100,
  serialNumber: '01',
  keyType: 'rsa',
  keyBits: 2048,
  fingerprint256: 'AA',
  selfSigned: false,
  ca: false,
  publicKeySha256: 'ab'.repeat(32),
  signatureAlgorithm: 'sha256WithRSAEncryption',
  lifetimeDays: 365,
  extendedKeyUsage: ['serverAuth'],
  crlUrls: ['http://ca.example/crl'],
};

export function tls(parts: Partial<TlsResult> = {}, ...problems: TlsProblem[]): TlsResult {
  return {
    versions: ['TLSv1.2', 'TLSv1.3'],
    cipherSuites: ['TLS_AES_256_GCM_SHA384'],
    certificate: CERTIFICATE,
    chain: [CERTIFICATE],
    trusted: problems.length === 0,
    trustedBy: 'system',
    hostnameMatches: true,
    protocols: [
      { version: 'TLSv1.3', suites: [], groups: [] },
      { version: 'TLSv1.2', suites: [], groups: [] },
    ],
    clientCertificate: { demand: 'required', authorities: [] },
    problems,
    ...parts,
  };
}

export const read = (
  filter: string,
  verdict: ReadRight['verdict'],
  parts: Partial<ReadRight> = {},
): ReadRight => ({
  filter,
  verdict,
  ...parts,
});

const REFUSED = { verdict: 'refused', meaning: 'not authorised' } as const;

export function auth(parts: Partial<AuthResult> = {}): AuthResult {
  return {
    anonymous: { ...REFUSED, outcome: 'not-authorised' },
    credentials: { verdict: 'accepted', meaning: 'accepted', sentInClear: false },
    defaultCredentials: { verdict: 'refused', tried: 3, accepted: [], meaning: 'all were refused' },
    authorisation: [
      {
        as: 'credentials',
        read: [
          read('#', 'denied', { kind: 'applications' }),
          read('$SYS/#', 'denied', { kind: 'broker' }),
          read('$CONTROL/#', 'denied', { kind: 'management' }),
        ],
        write: 'denied',
      },
    ],
    anonymousVersions: [
      { ...REFUSED, protocolVersion: 4 },
      { ...REFUSED, protocolVersion: 5 },
    ],
    anonymousVariants: [
      { ...REFUSED, variant: 'no-password' },
      { ...REFUSED, variant: 'empty-user-name' },
      { ...REFUSED, variant: 'empty-password' },
    ],
    randomLogin: REFUSED,
    clientCertificate: { verdict: 'accepted', meaning: 'accepted', isLogin: true },
    enhancedAuthentication: {
      verdict: 'offered',
      methods: ['SCRAM-SHA-256'],
      asked: ['SCRAM-SHA-256'],
      meaning: '',
    },
    sessionSafety: {
      as: 'credentials',
      takeover: 'second-refused',
      persistentSession: 'limited',
      sessionExpirySeconds: 3600,
      secondConnection: 'refused',
      meaning: '',
    },
    ...parts,
  };
}

/** The access test where nobody is let in: without a login for the scan, no more is known. */
export function locked(parts: Partial<AuthResult> = {}): AuthResult {
  const { clientCertificate: _certificate, sessionSafety: _safety, ...refused } = auth();
  const credentials = { verdict: 'not-tested', meaning: 'no login was given', sentInClear: false } as const;
  return { ...refused, credentials, authorisation: [], ...parts };
}

/** The access test where a stranger is let in, with what he may do. */
export function open(
  rights: Partial<AuthResult['authorisation'][number]> = {},
  parts: Partial<AuthResult> = {},
): AuthResult {
  return auth({
    anonymous: { verdict: 'accepted', meaning: 'accepted', outcome: 'accepted' },
    anonymousVersions: [
      { verdict: 'accepted', meaning: '', protocolVersion: 4 },
      { verdict: 'accepted', meaning: '', protocolVersion: 5 },
    ],
    authorisation: [
      {
        as: 'anonymous',
        read: [
          read('#', 'denied', { kind: 'applications' }),
          read('+/#', 'denied', { kind: 'bypass' }),
          read('$SYS/#', 'denied', { kind: 'broker' }),
          read('$CONTROL/#', 'denied', { kind: 'management' }),
        ],
        write: 'denied',
        will: 'denied',
        ...rights,
      },
    ],
    ...parts,
  });
}

export function topic(name: string, parts: Partial<TopicReport> = {}): TopicReport {
  return {
    topic: name,
    messages: 3,
    bytes: 1,
    retained: true,
    qos: 0,
    payload: 'x',
    truncated: false,
    firstSeen: '',
    lastSeen: '',
    live: 2,
    ...parts,
  };
}

export function traffic(
  listenedAs: TrafficResult['listenedAs'],
  topics: readonly TopicReport[] = [],
  parts: Partial<TrafficResult> = {},
): TrafficResult {
  return {
    listenedMs: 5000,
    messages: topics.length,
    bytes: 0,
    topics,
    listenedAs,
    filters: [],
    endedBy: 'time',
    dropped: 0,
    devices: [],
    controls: [],
    ...parts,
  };
}

export function product(name: string, version?: string): Product {
  return { name, ...(version !== undefined && { version }), confidence: 1, evidence: [] };
}

export function probe(parts: Partial<ProbeResult> = {}): ProbeResult {
  return {
    versions: [4, 5],
    answers: [
      { asked: 4, meaning: 'not authorised' },
      { asked: 5, meaning: 'not authorised' },
      { asked: 3, meaning: 'closed' },
    ],
    openedAs: 'credentials',
    product: product('HiveMQ', '4.44.0'),
    limits: {
      maximumPacketSize: 65_536,
      receiveMaximum: 10,
      topicAliasMaximum: 5,
      serverKeepAlive: 60,
      assignedClientId: 'auto-<UUID>',
      sharedSubscriptions: false,
      retainAvailable: false,
    },
    emptyClientId: 'refused',
    strictness: {
      unknownProtocolName: 'closed',
      reservedConnectFlag: 'closed',
      packetBeforeConnect: 'closed',
      secondConnect: 'closed',
    },
    ...parts,
  };
}

/** A broker that is secure in everything, and at which everything was tested. */
export function secure(
  parts: { readonly [K in keyof EndpointReport]?: EndpointReport[K] | undefined } = {},
): EndpointReport {
  return {
    target: 'broker',
    address: '10.0.0.1',
    port: 8883,
    transport: 'tls',
    url: 'mqtts://10.0.0.1:8883',
    outcome: 'open',
    probe: probe(),
    tls: tls(),
    auth: auth(),
    traffic: traffic('credentials'),
    ...parts,
  } as EndpointReport;
}

/** The same without TLS. */
export function plain(parts: Parameters<typeof secure>[0] = {}): EndpointReport {
  return secure({ port: 1883, transport: 'tcp', url: 'mqtt://10.0.0.1:1883', tls: undefined, ...parts });
}
