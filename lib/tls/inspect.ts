import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import {
  type CertificateFacts,
  type Endpoint,
  type EndpointReport,
  isEncrypted,
  printable,
  type TlsProblem,
  type TlsResult,
} from '../model';
import {
  DialError,
  openConnection,
  type StageContext,
  secure,
  TLS_VERSIONS,
  TlsFailure,
  type TlsVersion,
} from '../net';
import { certificateFacts, servedChain } from './certificate';

export interface TlsOptions {
  /** `full` tries every protocol version, `certificate` makes one handshake only. */
  readonly depth: 'full' | 'certificate';
  /** Days before the end of validity from which on a certificate is said to expire soon. */
  readonly expiryDays: number;
}

/** TLS 1.0 and 1.1 are deprecated by RFC 8996. */
const OLD_VERSIONS: ReadonlySet<string> = new Set(['TLSv1', 'TLSv1.1']);
/** NIST SP 800-131A Rev. 2 §3: less than 112 bits of security. */
const MIN_RSA_BITS = 2048;
const MIN_EC_BITS = 224;

/** True for endpoints at which there is TLS to look at. */
export function hasTls(report: EndpointReport): boolean {
  return isEncrypted(report.transport) && report.outcome !== 'closed' && report.outcome !== 'unreachable';
}

/**
 * Looks at the TLS listener of an endpoint: protocol versions, suites, certificate chain, and whether the
 * certificate holds for the name or address that was scanned.
 * @throws ScanError OUT_OF_SCOPE; the signal's reason when it is aborted
 */
export async function inspectTls(
  endpoint: Endpoint,
  options: TlsOptions,
  context: StageContext,
): Promise<TlsResult> {
  const first = await shakeHands(endpoint, undefined, context);
  const others: Handshake[] = [];
  // A peer that keeps silent once would do so five times, for the whole deadline each.
  const isSilent = 'error' in first && first.error === 'ETIMEDOUT';
  for (const only of options.depth === 'full' && !isSilent ? TLS_VERSIONS : []) {
    const known = 'facts' in first && first.facts.version === only;
    others.push(known ? first : await shakeHands(endpoint, only, context));
  }
  const succeeded = [first, ...others].flatMap((result) => ('facts' in result ? [result.facts] : []));
  const best = succeeded[0];
  if (!best) return failedResult('error' in first ? first.error : 'no handshake');
  const versions = TLS_VERSIONS.filter((version) => succeeded.some((facts) => facts.version === version));
  const cipherSuites = [...new Set(succeeded.map((facts) => facts.cipherSuite))];
  return resultOf(best, endpoint, versions, cipherSuites, options, context);
}

interface HandshakeFacts {
  readonly version: string;
  readonly cipherSuite: string;
  readonly chain: readonly X509Certificate[];
  readonly trusted: boolean;
  readonly trustError?: string;
}

type Handshake = { readonly facts: HandshakeFacts } | { readonly error: string };

async function shakeHands(
  endpoint: Endpoint,
  only: TlsVersion | undefined,
  context: StageContext,
): Promise<Handshake> {
  const { phaseTimeoutMs, signal } = context;
  try {
    const { socket } = await openConnection(endpoint, context);
    const options = { target: endpoint.target, material: context.tls, only };
    const stream = await secure(socket, options, phaseTimeoutMs, signal);
    const facts = factsOf(stream);
    stream.destroy();
    return { facts };
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof TlsFailure) return { error: printable(thrown.code) };
    if (thrown instanceof DialError) return { error: printable(thrown.message) };
    throw thrown;
  }
}

function factsOf(stream: TLSSocket): HandshakeFacts {
  const trusted = stream.authorized;
  return {
    version: stream.getProtocol() ?? 'unknown',
    cipherSuite: stream.getCipher().standardName,
    chain: servedChain(stream.getPeerCertificate(true)),
    trusted,
    // Typed as Error, yet it is OpenSSL's code as a string.
    ...(!trusted && { trustError: printable(String(stream.authorizationError)) }),
  };
}

function resultOf(
  best: HandshakeFacts,
  endpoint: Endpoint,
  versions: readonly string[],
  cipherSuites: readonly string[],
  options: TlsOptions,
  context: StageContext,
): TlsResult {
  const now = context.clock.now();
  const leaf = best.chain[0];
  const chain = best.chain.map((certificate) => certificateFacts(certificate, now));
  const certificate = chain[0];
  const hostnameMatches = leaf !== undefined && matchesName(leaf, context.tls?.servername ?? endpoint.target);
  const problems: TlsProblem[] = certificate ? certificateProblems(certificate, now, options.expiryDays) : [];
  // A self-signed certificate that the user has made his CA is trusted; its form is no problem then.
  if (!best.trusted && certificate?.selfSigned) problems.push('self-signed');
  else if (!best.trusted && !isDateError(best.trustError)) problems.push('untrusted');
  if (!hostnameMatches) problems.push('name-mismatch');
  if (versions.some((version) => OLD_VERSIONS.has(version))) problems.push('old-protocol');
  return {
    versions,
    cipherSuites,
    ...(certificate && { certificate }),
    chain,
    trusted: best.trusted,
    ...(best.trustError !== undefined && { trustError: best.trustError }),
    hostnameMatches,
    problems,
  };
}

/** A certificate that fails for its dates alone is reported as such, not as untrusted too. */
function isDateError(trustError: string | undefined): boolean {
  return trustError === 'CERT_HAS_EXPIRED' || trustError === 'CERT_NOT_YET_VALID';
}

/** Names by RFC 9525 §6, addresses by the iPAddress entries only (RFC 9525 §6.5). */
function matchesName(certificate: X509Certificate, target: string): boolean {
  if (isIP(target)) return certificate.checkIP(target) !== undefined;
  return certificate.checkHost(target, { subject: 'never' }) !== undefined;
}

function certificateProblems(certificate: CertificateFacts, now: number, expiryDays: number): TlsProblem[] {
  const problems: TlsProblem[] = [];
  if (Date.parse(certificate.validTo) < now) problems.push('expired');
  else if (certificate.daysLeft < expiryDays) problems.push('expires-soon');
  if (Date.parse(certificate.validFrom) > now) problems.push('not-yet-valid');
  if (isWeakKey(certificate)) problems.push('weak-key');
  return problems;
}

function isWeakKey({ keyType, keyBits }: CertificateFacts): boolean {
  if (keyBits === undefined) return false;
  return keyBits < (keyType === 'ec' ? MIN_EC_BITS : MIN_RSA_BITS);
}

function failedResult(error: string): TlsResult {
  return {
    versions: [],
    cipherSuites: [],
    chain: [],
    trusted: false,
    hostnameMatches: false,
    problems: [error.includes('CERTIFICATE_REQUIRED') ? 'client-certificate-required' : 'handshake-failed'],
    error,
  };
}
