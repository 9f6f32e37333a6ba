import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import {
  type ClientCertificate,
  type Endpoint,
  type EndpointReport,
  isEncrypted,
  printable,
  type TlsFailureFacts,
  type TlsFeatures,
  type TlsMaterial,
  type TlsProblem,
  type TlsProtocol,
  type TlsResult,
} from '../model';
import type { StageContext } from '../net';
import { type Answer, Asker } from './ask';
import { type Certificate, certificateFacts, chainOf } from './certificate';
import { certificateProblems, matchesName } from './certificate-problems';
import { groupOf } from './groups';
import { type Handshake, type HandshakeFacts, shakeHands } from './handshake';
import { knownCertificate } from './known-certificates';
import { mozillaVerdicts } from './mozilla';
import { speaksPlainMqtt } from './plain-mqtt';
import { scoreOf } from './score';
import { suiteOf } from './suites';
import { Survey, type VersionFacts } from './survey';
import { anchorOf, judgeChain, type Trust } from './trust';
import { versionName } from './versions';
import { nameText } from './x509';

export interface TlsOptions {
  /** `full` asks for everything, `certificate` makes one handshake only. */
  readonly depth: 'full' | 'certificate';
  /** Days before the end of validity from which on a certificate is said to expire soon. */
  readonly expiryDays: number;
}

/** An inspection takes no longer than so many phases, whatever the server does. */
const MAX_PHASES = 3;

/** What is never looked at. */
const NOT_PART = ['SSL 2.0', 'Heartbleed', 'ROBOT', 'CCS injection', 'renegotiation by the client'] as const;

/** As of a server that takes pre-shared keys, or nothing at all, for a proof of who it is. */
const NO_CERTIFICATE = 'the certificate: none was served';

/** True for endpoints at which there is TLS to look at. */
export function hasTls(report: EndpointReport): boolean {
  return isEncrypted(report.transport) && report.outcome !== 'closed' && report.outcome !== 'unreachable';
}

/**
 * Looks at the TLS listener of an endpoint: protocol versions, suites, certificate chain, and whether the
 * certificate holds for the name or address that was scanned.
 * @throws ScanError OUT_OF_SCOPE; the signal's reason when it is aborted
 */
export function inspectTls(
  endpoint: Endpoint,
  options: TlsOptions,
  context: StageContext,
): Promise<TlsResult> {
  return options.depth === 'full'
    ? inspectFully(endpoint, options, context)
    : inspectCertificate(endpoint, options, context);
}

async function inspectCertificate(
  endpoint: Endpoint,
  options: TlsOptions,
  context: StageContext,
): Promise<TlsResult> {
  const shaken = await shakeHands(endpoint, { material: context.tls, waitsForMore: false }, context);
  if (!('facts' in shaken)) {
    const { kind, error, alert } = shaken;
    return failed(
      shaken,
      { kind, evidence: error, ...(alert !== undefined && { alert }) },
      1,
      endpoint,
      context,
    );
  }
  const { facts } = shaken;
  const judged = judge(facts.chain, [], trustOf(facts, context), endpoint, options, context);
  return { ...judged.result, versions: [facts.version], cipherSuites: [facts.cipherSuite], connections: 1 };
}

async function inspectFully(
  endpoint: Endpoint,
  options: TlsOptions,
  context: StageContext,
): Promise<TlsResult> {
  const asker = new Asker(endpoint, context);
  const name = context.tls?.servername ?? endpoint.target;
  const survey = new Survey(asker, {
    serverName: isIP(name) ? undefined : name,
    deadline: performance.now() + MAX_PHASES * context.phaseTimeoutMs,
  });
  const shaking = { material: context.tls, waitsForMore: true };
  const [shaken, first] = await Promise.all([shakeHands(endpoint, shaking, context), survey.first()]);
  const facts = 'facts' in shaken ? shaken.facts : undefined;
  const failure = failureOf(shaken, first);
  const isHopeless = failure !== undefined && !MAY_STILL_SPEAK.has(failure.kind);
  if (isHopeless) return failed(shaken, failure, asker.connections + 1, endpoint, context);
  await survey.run(first, facts?.version === 'TLSv1.3');
  if (failure && survey.versions.length === 0) {
    return failed(shaken, failure, asker.connections + 1, endpoint, context);
  }
  return resultOf({ shaken, survey, asker, endpoint, options, context });
}

/** Kinds of failure behind which another version may still be spoken. */
const MAY_STILL_SPEAK: ReadonlySet<string> = new Set(['alert', 'reset', 'closed']);

/** Present when neither Node.js nor our own hello got an answer. */
function failureOf(shaken: Handshake, { flight, failure }: Answer): TlsFailureFacts | undefined {
  if ('facts' in shaken || flight.hello) return undefined;
  if (!failure) return { kind: shaken.kind, evidence: shaken.error };
  const { kind, evidence } = failure;
  return { kind, evidence: printable(evidence), ...(kind === 'alert' && { alert: evidence }) };
}

async function failed(
  shaken: Handshake,
  failure: TlsFailureFacts,
  connections: number,
  endpoint: Endpoint,
  context: StageContext,
): Promise<TlsResult> {
  const error = 'error' in shaken ? shaken.error : 'no handshake';
  const isRefused = error.includes('CERTIFICATE_REQUIRED');
  const mayBePlain = failure.kind === 'closed' || failure.kind === 'reset' || failure.kind === 'not-tls';
  const isPlain = mayBePlain && (await speaksPlainMqtt(endpoint, context));
  return {
    versions: [],
    cipherSuites: [],
    chain: [],
    trusted: false,
    hostnameMatches: false,
    problems: [isRefused ? 'client-certificate-required' : 'handshake-failed'],
    error,
    failure: isPlain ? { kind: 'plain-mqtt', evidence: 'a CONNECT without TLS was answered' } : failure,
    connections: connections + (mayBePlain ? 1 : 0),
  };
}

interface Judged {
  readonly result: Pick<
    TlsResult,
    | 'certificate'
    | 'chain'
    | 'trusted'
    | 'trustedBy'
    | 'trustError'
    | 'hostnameMatches'
    | 'problems'
    | 'knownCertificate'
  >;
}

/**
 * The verdict on a chain in DER.
 * @param roots what Node.js found behind it in its store, and the server did not send
 */
function judge(
  ders: readonly Buffer[],
  roots: readonly Buffer[],
  trust: Trust | undefined,
  endpoint: Endpoint,
  { expiryDays }: TlsOptions,
  context: StageContext,
): Judged {
  const now = context.clock.now();
  const chain = chainOf(ders);
  const facts = chain.map((certificate) => certificateFacts(certificate, now));
  const rootFacts = chainOf(roots).map((root) => ({ ...certificateFacts(root, now), served: false }));
  const [leaf] = chain;
  const [certificate] = facts;
  const verdict = trust ?? judgeChain(parsedOf(chain), context.tls, now);
  const hostnameMatches =
    leaf?.parsed !== undefined && matchesName(leaf.parsed, context.tls?.servername ?? endpoint.target);
  const known = certificate && knownCertificate(certificate);
  const judged = { chain, facts, trust: verdict, hostnameMatches, knownCertificate: known };
  return {
    result: {
      ...(certificate && { certificate }),
      chain: [...facts, ...rootFacts],
      ...verdict,
      hostnameMatches,
      problems: certificateProblems(judged, now, expiryDays),
      ...(known !== undefined && { knownCertificate: known }),
    },
  };
}

function parsedOf(chain: readonly Certificate[]): X509Certificate[] {
  return chain.flatMap(({ parsed }) => parsed ?? []);
}

/** What Node.js verified. */
function trustOf({ trusted, trustError, chain }: HandshakeFacts, context: StageContext): Trust {
  if (!trusted) return { trusted, ...(trustError !== undefined && { trustError }) };
  return { trusted, trustedBy: anchorOf(parsedOf(chainOf(chain)), context.tls, context.clock.now()) };
}

interface Seen {
  readonly shaken: Handshake;
  readonly survey: Survey;
  readonly asker: Asker;
  readonly endpoint: Endpoint;
  readonly options: TlsOptions;
  readonly context: StageContext;
}

async function resultOf(seen: Seen): Promise<TlsResult> {
  const { shaken, survey, asker, endpoint, options, context } = seen;
  const facts = 'facts' in shaken ? shaken.facts : undefined;
  const bare = await withoutClientCertificate(seen);
  const clientCertificate = clientCertificateOf(seen, bare);
  const protocols = survey.versions.map(protocolOf);
  const served = servedChains(survey, facts);
  const chain = served[0] ?? [];
  const roots = facts?.chain.filter((der) => !chain.some((known) => known.equals(der))) ?? [];
  const { result } = judge(chain, roots, facts && trustOf(facts, context), endpoint, options, context);
  const isRefused = clientCertificate?.demand === 'required' && clientCertificate.accepted !== true;
  const features = featuresOf(survey.features, facts);
  const problems: TlsProblem[] = [
    ...result.problems,
    ...protocolProblems(protocols, features),
    ...(isRefused ? (['client-certificate-required'] as const) : []),
  ];
  const now = context.clock.now();
  const others = served.slice(1).flatMap((ders) => chainOf(ders.slice(0, 1)));
  const otherCertificates = others.map((certificate) => certificateFacts(certificate, now));
  const notes = facts
    ? notesOf(facts, protocols)
    : ['a handshake by Node.js: it does not speak what this server speaks'];
  return {
    ...result,
    versions: versionsOf(protocols, facts),
    cipherSuites: suitesOf(protocols, facts),
    problems,
    ...('error' in shaken && { error: shaken.error }),
    protocols,
    features,
    ...(clientCertificate && { clientCertificate }),
    ...(otherCertificates.length > 0 && { otherCertificates }),
    mozilla: mozillaVerdicts(protocols, result.certificate),
    score: scoreOf(problems, protocols),
    notTested: [...NOT_PART, ...(result.certificate ? [] : [NO_CERTIFICATE]), ...notes, ...survey.notes],
    connections: asker.connections + (bare === shaken ? 1 : 2),
  };
}

/**
 * Whether the server lets a client without a certificate in. The first handshake has shown it when the profile has
 * no client certificate.
 */
function withoutClientCertificate({ shaken, survey, endpoint, context }: Seen): Promise<Handshake> {
  const isAsked = survey.authorities !== undefined;
  if (!isAsked || !hasClientCertificate(context.tls)) return Promise.resolve(shaken);
  return shakeHands(endpoint, { material: bareOf(context.tls), waitsForMore: true }, context);
}

function hasClientCertificate(material: TlsMaterial | undefined): material is TlsMaterial {
  return material?.cert !== undefined || material?.pfx !== undefined;
}

/** Kept, because the contexts of Node.js are kept by material. */
const bareMaterials = new WeakMap<TlsMaterial, TlsMaterial>();

function bareOf(material: TlsMaterial): TlsMaterial {
  const { ca, servername } = material;
  const known = bareMaterials.get(material) ?? {
    ...(ca !== undefined && { ca }),
    ...(servername !== undefined && { servername }),
  };
  bareMaterials.set(material, known);
  return known;
}

function clientCertificateOf(
  { shaken, survey, context }: Seen,
  bare: Handshake,
): ClientCertificate | undefined {
  const { authorities, hasWholeFlight } = survey;
  const isLetIn = (handshake: Handshake): boolean =>
    'facts' in handshake && handshake.facts.refusedAfter === undefined;
  if (authorities === undefined) return hasWholeFlight ? { demand: 'none', authorities: [] } : undefined;
  return {
    demand: isLetIn(bare) ? 'requested' : 'required',
    authorities: authorities.map(nameText),
    ...(hasClientCertificate(context.tls) && { accepted: isLetIn(shaken) }),
  };
}

function protocolOf({ version, suites, groups, preference, dhBits }: VersionFacts): TlsProtocol {
  return {
    version: versionName(version),
    suites: suites.map(suiteOf),
    groups: groups.map(groupOf),
    ...(preference && { preference }),
    ...(dhBits !== undefined && { dhBits }),
  };
}

/** The chain that Node.js verified first, in the order in which it was served. */
function servedChains(survey: Survey, facts: HandshakeFacts | undefined): (readonly Buffer[])[] {
  const [verified] = facts?.chain ?? [];
  if (!facts || !verified) return [...survey.chains];
  const isIt = ([leaf]: readonly Buffer[]): boolean => leaf?.equals(verified) ?? false;
  const same = survey.chains.find(isIt);
  return [same ?? facts.chain, ...survey.chains.filter((chain) => !isIt(chain))];
}

/** Oldest first. What Node.js negotiated is spoken, even if our own hello was not understood. */
function versionsOf(protocols: readonly TlsProtocol[], facts: HandshakeFacts | undefined): string[] {
  const versions = new Set([...protocols.map(({ version }) => version), ...(facts ? [facts.version] : [])]);
  return [...versions].sort();
}

function suitesOf(protocols: readonly TlsProtocol[], facts: HandshakeFacts | undefined): string[] {
  const names = protocols.flatMap(({ suites }) => suites.map(({ name }) => name));
  return [...new Set([...names, ...(facts ? [facts.cipherSuite] : [])])];
}

function notesOf({ version }: HandshakeFacts, protocols: readonly TlsProtocol[]): string[] {
  return protocols.some((protocol) => protocol.version === version)
    ? []
    : [`${version}: spoken, yet our own hello was not answered`];
}

function featuresOf(features: TlsFeatures, facts: HandshakeFacts | undefined): TlsFeatures {
  if (facts?.ticket === undefined) return features;
  return { ...features, sessionTickets: facts.ticket || (features.sessionTickets ?? false) };
}

const MIN_DH_BITS = 2048;

function protocolProblems(protocols: readonly TlsProtocol[], features: TlsFeatures): TlsProblem[] {
  const suites = protocols.flatMap((protocol) => protocol.suites);
  const problems: TlsProblem[] = [];
  const addIf = (isSo: boolean, problem: TlsProblem): void => void (isSo && problems.push(problem));
  addIf(
    protocols.some(({ version }) => OLD_VERSIONS.has(version)),
    'old-protocol',
  );
  addIf(
    suites.some(({ grade }) => grade === 'weak' || grade === 'insecure'),
    'weak-cipher',
  );
  addIf(suites.length > 0 && !suites.some((suite) => suite.forwardSecrecy), 'no-forward-secrecy');
  addIf(
    protocols.some(({ dhBits }) => dhBits !== undefined && dhBits < MIN_DH_BITS),
    'weak-dh',
  );
  addIf(features.compression === true, 'compression');
  addIf(features.secureRenegotiation === false, 'insecure-renegotiation');
  return problems;
}

/** SSL 3.0 is forbidden by RFC 7568; TLS 1.0 and 1.1 are deprecated by RFC 8996. */
const OLD_VERSIONS: ReadonlySet<string> = new Set(['SSLv3', 'TLSv1', 'TLSv1.1']);
