import type { TLSSocket } from 'node:tls';
import { type Endpoint, onStop, printable, type TlsFailureKind, type TlsMaterial } from '../model';
import { DialError, openConnection, type StageContext, secure, TlsFailure } from '../net';
import { peerChain } from './certificate';

/** What a whole handshake by Node.js shows. */
export interface HandshakeFacts {
  readonly version: string;
  readonly cipherSuite: string;
  /** In DER, server certificate first. */
  readonly chain: readonly Buffer[];
  readonly trusted: boolean;
  readonly trustError?: string;
  /** What ended the connection right after the handshake: in TLS 1.3 a missing client certificate is refused then. */
  readonly refusedAfter?: string;
  /** A session ticket came; undefined when nobody waited for one. */
  readonly ticket?: boolean;
}

export interface HandshakeFailure {
  readonly error: string;
  readonly kind: TlsFailureKind;
  /** The alert's name, when it was one. */
  readonly alert?: string;
}

export type Handshake = { readonly facts: HandshakeFacts } | HandshakeFailure;

export interface HandshakeOptions {
  /** CA and client certificate to shake hands with. */
  readonly material: TlsMaterial | undefined;
  /** In TLS 1.3, waits for what the server says behind the handshake. */
  readonly waitsForMore: boolean;
}

/**
 * One handshake to its end, with Node.js: it verifies the chain, and says whether a client certificate will do.
 * @throws ScanError OUT_OF_SCOPE; the signal's reason when it is aborted
 */
export async function shakeHands(
  endpoint: Endpoint,
  { material, waitsForMore }: HandshakeOptions,
  context: StageContext,
): Promise<Handshake> {
  const { phaseTimeoutMs, signal } = context;
  try {
    const { socket, rttMs } = await openConnection(endpoint, context);
    const stream = await secure(
      socket,
      { target: endpoint.target, material, awaitsTickets: false },
      phaseTimeoutMs,
      signal,
    );
    const facts = factsOf(stream);
    const isTls13 = facts.version === 'TLSv1.3';
    const more =
      waitsForMore && isTls13 ? await whatFollows(stream, graceMs(rttMs, phaseTimeoutMs), signal) : {};
    stream.destroy();
    return { facts: { ...facts, ...more } };
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof TlsFailure) return failureOf(thrown);
    if (thrown instanceof DialError) return { error: printable(thrown.message), kind: 'unreachable' };
    throw thrown;
  }
}

/** Tickets and refusals come within one round trip; a busy peer takes a little longer. */
function graceMs(rttMs: number, phaseTimeoutMs: number): number {
  return Math.min(phaseTimeoutMs, 60 + 4 * rttMs);
}

/** Waits for the first thing that happens behind a handshake: a ticket, data, an alert, the end, or nothing. */
function whatFollows(
  stream: TLSSocket,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Pick<HandshakeFacts, 'refusedAfter' | 'ticket'>> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      stopWaiting();
    };
    const done = (result: Pick<HandshakeFacts, 'refusedAfter' | 'ticket'>): void => {
      settle();
      resolve(result);
    };
    const timer = setTimeout(() => done({ ticket: false }), timeoutMs);
    const stopWaiting = onStop(signal, () => {
      settle();
      stream.destroy();
      reject(signal.reason);
    });
    stream.once('session', () => done({ ticket: true }));
    stream.once('data', () => done({ ticket: false }));
    stream.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      done({ refusedAfter: printable(code ?? message) }),
    );
    stream.once('close', () => done({ refusedAfter: 'closed after the handshake' }));
  });
}

function factsOf(stream: TLSSocket): HandshakeFacts {
  const trusted = stream.authorized;
  return {
    version: stream.getProtocol() ?? 'unknown',
    cipherSuite: stream.getCipher().standardName,
    chain: peerChain(stream.getPeerCertificate(true)),
    trusted,
    // Typed as Error, yet it is OpenSSL's code as a string.
    ...(!trusted && { trustError: printable(String(stream.authorizationError)) }),
  };
}

/** Codes by which OpenSSL says that what came is no TLS. */
const NOT_TLS = /WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH_TOO_LONG|UNEXPECTED_MESSAGE$/;

/** What Node.js says when the peer ends the connection in good order, with the code of a reset. */
const CLOSED = /disconnected before|closed during/;

function failureOf({ code, silent, message }: TlsFailure): HandshakeFailure {
  const error = printable(code);
  const alert = /ALERT_(\w+)$/.exec(code)?.[1]?.toLowerCase();
  if (alert !== undefined) return { error, kind: 'alert', alert };
  if (silent || code === 'ETIMEDOUT') return { error, kind: 'silent' };
  if (code === 'ECONNRESET' && CLOSED.test(message)) return { error, kind: 'closed' };
  if (code === 'ECONNRESET' || code === 'EPIPE') return { error, kind: 'reset' };
  return { error, kind: NOT_TLS.test(code) ? 'not-tls' : 'malformed' };
}
