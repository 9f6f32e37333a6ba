import type { CertificateFacts, MozillaVerdict, MozillaVerdicts, TlsProtocol } from '../model';

/** One of the configurations of Mozilla's recommendations for TLS on servers, version 5.7. */
interface Profile {
  readonly versions: readonly string[];
  /** Versions that a server must have. */
  readonly needs: string;
  readonly suites: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  readonly dhBits: number;
  readonly keyTypes: readonly ('ec' | 'rsa')[];
  readonly signatures: ReadonlySet<string>;
  readonly maxLifetimeDays: number;
  readonly preference: 'server' | 'client';
}

const TLS13 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];

const INTERMEDIATE = [
  ...TLS13,
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
];

const OLD = [
  ...INTERMEDIATE,
  'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
  'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA',
  'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384',
  'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384',
  'TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA',
  'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA',
  'TLS_DHE_RSA_WITH_AES_128_CBC_SHA256',
  'TLS_DHE_RSA_WITH_AES_256_CBC_SHA256',
  'TLS_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_RSA_WITH_AES_128_CBC_SHA256',
  'TLS_RSA_WITH_AES_256_CBC_SHA256',
  'TLS_RSA_WITH_AES_128_CBC_SHA',
  'TLS_RSA_WITH_AES_256_CBC_SHA',
  'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
];

/** Hybrids with ML-KEM are stronger than what the recommendations ask for. */
const GROUPS = new Set([
  'x25519',
  'secp256r1',
  'secp384r1',
  'X25519MLKEM768',
  'SecP256r1MLKEM768',
  'SecP384r1MLKEM1024',
]);
const ECDSA_SIGNATURES = ['ecdsa-with-SHA256', 'ecdsa-with-SHA384', 'ecdsa-with-SHA512'];

const PROFILES = {
  modern: {
    versions: ['TLSv1.3'],
    needs: 'TLSv1.3',
    suites: new Set(TLS13),
    groups: GROUPS,
    dhBits: 0,
    keyTypes: ['ec'],
    signatures: new Set(ECDSA_SIGNATURES),
    maxLifetimeDays: 90,
    preference: 'client',
  },
  intermediate: {
    versions: ['TLSv1.2', 'TLSv1.3'],
    needs: 'TLSv1.2',
    suites: new Set(INTERMEDIATE),
    groups: GROUPS,
    dhBits: 2048,
    keyTypes: ['ec', 'rsa'],
    signatures: new Set(['sha256WithRSAEncryption', ...ECDSA_SIGNATURES]),
    maxLifetimeDays: 366,
    preference: 'client',
  },
  old: {
    versions: ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
    needs: 'TLSv1.2',
    suites: new Set(OLD),
    groups: GROUPS,
    dhBits: 1024,
    keyTypes: ['rsa', 'ec'],
    signatures: new Set(['sha256WithRSAEncryption', ...ECDSA_SIGNATURES]),
    maxLifetimeDays: 366,
    preference: 'server',
  },
} as const satisfies Record<string, Profile>;

/** Holds a server against the three profiles. More protection than a profile asks for is no deviation. */
export function mozillaVerdicts(
  protocols: readonly TlsProtocol[],
  certificate: CertificateFacts | undefined,
): MozillaVerdicts {
  const verdict = (profile: Profile): MozillaVerdict => {
    const deviations = [...protocolDeviations(protocols, profile)];
    if (certificate) deviations.push(...certificateDeviations(certificate, profile));
    return { met: deviations.length === 0, deviations };
  };
  return {
    modern: verdict(PROFILES.modern),
    intermediate: verdict(PROFILES.intermediate),
    old: verdict(PROFILES.old),
  };
}

function protocolDeviations(protocols: readonly TlsProtocol[], profile: Profile): string[] {
  const deviations: string[] = [];
  const versions = protocols.map(({ version }) => version);
  for (const version of versions) {
    if (!profile.versions.includes(version)) deviations.push(`${version} is accepted`);
  }
  const isNewEnough = versions.some((version) => version >= profile.needs && version.startsWith('TLS'));
  if (!isNewEnough) deviations.push(`${profile.needs} or newer is missing`);
  const suites = new Set(protocols.flatMap((protocol) => protocol.suites.map(({ name }) => name)));
  for (const name of suites) {
    if (!profile.suites.has(name)) deviations.push(`${name} is accepted`);
  }
  const groups = new Set(protocols.flatMap((protocol) => protocol.groups.map(({ name }) => name)));
  for (const name of groups) {
    // In TLS 1.3 the finite fields have the sizes that DHE has by its prime.
    const isField = name.startsWith('ffdhe') && profile.dhBits > 0;
    if (!profile.groups.has(name) && !isField) deviations.push(`the group ${name} is accepted`);
  }
  const dhBits = Math.min(...protocols.flatMap((protocol) => protocol.dhBits ?? []));
  if (dhBits < profile.dhBits) deviations.push(`DHE has ${dhBits} bits, not ${profile.dhBits}`);
  // Only where there is a choice between suites of different strength does it matter who chooses.
  const isChosenByClient = protocols.some(({ preference }) => preference === 'client');
  if (profile.preference === 'server' && isChosenByClient) deviations.push('the client chooses the suite');
  return deviations;
}

function certificateDeviations(certificate: CertificateFacts, profile: Profile): string[] {
  const { keyType, keyBits = 0, curve, signatureAlgorithm = '', lifetimeDays = 0, selfSigned } = certificate;
  const deviations: string[] = [];
  if (!profile.keyTypes.some((type) => type === keyType)) {
    deviations.push(`the key is of type ${keyType}, not ${profile.keyTypes.join(' or ')}`);
  } else if (keyType === 'rsa' && keyBits < 2048)
    deviations.push(`the RSA key has ${keyBits} bits, not 2048`);
  else if (keyType === 'ec' && curve !== undefined && !/^(prime256v1|secp384r1)$/.test(curve)) {
    deviations.push(`the key is on the curve ${curve}`);
  }
  if (!selfSigned && signatureAlgorithm !== '' && !isSigned(signatureAlgorithm, profile)) {
    deviations.push(`the certificate is signed with ${signatureAlgorithm}`);
  }
  if (lifetimeDays > profile.maxLifetimeDays) {
    deviations.push(
      `the certificate is valid for ${lifetimeDays} days, not at most ${profile.maxLifetimeDays}`,
    );
  }
  return deviations;
}

/** An issuer with an RSA key may well sign with SHA-384 or SHA-512: that is more than is asked for. */
function isSigned(algorithm: string, { signatures }: Profile): boolean {
  const asWeaker = algorithm.replace(/^sha(384|512)With/, 'sha256With');
  return signatures.has(asWeaker);
}
