import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import { connect, createSecureContext, rootCertificates, type SecureContext, type TLSSocket } from 'node:tls';
import { onStop, type TlsMaterial } from '../model';
import { ignoreErrors } from './dial';

/** The versions that Node.js can be made to speak. */
export const TLS_VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

export interface SecureOptions {
  /** Name or address as the user gave it; names are sent as SNI, addresses must not be (RFC 6066 §3). */
  readonly target: string;
  readonly material?: TlsMaterial | undefined;
  /** Application protocols to offer (RFC 7301); some brokers share port 443 with a web server by it. */
  readonly alpn?: readonly string[] | undefined;
  /** Speak this version only; any version otherwise. */
  readonly only?: TlsVersion | undefined;
}

/** The TLS handshake failed; `code` is OpenSSL's or the system's. */
export class TlsFailure extends Error {
  readonly code: string;
  /** True when the peer said nothing at all until the deadline. */
  readonly silent: boolean;

  constructor(code: string, message: string, silent = false) {
    super(message);
    this.name = 'TlsFailure';
    this.code = code;
    this.silent = silent;
  }
}

/**
 * Shakes hands on an open connection, whatever the certificate says: looking is the purpose. Verification is
 * done all the same; `socket.authorized` has the verdict on the chain. Names are checked elsewhere.
 * @param timeoutMs wall-clock limit; `tls.connect` has none of its own
 * @throws TlsFailure; the signal's reason when it is aborted
 */
export function secure(
  socket: Socket,
  options: SecureOptions,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const servername = options.material?.servername ?? options.target;
    const stream = connect({
      socket,
      secureContext: contextFor(options.material, options.only),
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
      ...(isName(servername) && { servername }),
      ...(options.alpn && { ALPNProtocols: [...options.alpn] }),
    });
    ignoreErrors(stream);
    const fail = (error: unknown): void => {
      settle();
      stream.destroy();
      socket.destroy();
      reject(error);
    };
    const onError = (error: NodeJS.ErrnoException): void =>
      fail(new TlsFailure(error.code ?? 'TLS', error.message));
    const onClose = (): void => fail(new TlsFailure('ECONNRESET', 'closed during the handshake'));
    const onAbort = (): void => fail(signal.reason);
    const timer = setTimeout(() => {
      fail(new TlsFailure('ETIMEDOUT', `no handshake within ${timeoutMs} ms`, socket.bytesRead === 0));
    }, timeoutMs);
    const settle = (): void => {
      clearTimeout(timer);
      stopWaiting();
      stream.off('error', onError).off('close', onClose);
    };
    const stopWaiting = onStop(signal, onAbort);
    stream.once('error', onError).once('close', onClose);
    stream.once('secureConnect', () => {
      settle();
      resolve(stream);
    });
  });
}

const isName = (text: string): boolean => !text.includes(':') && !/^[\d.]+$/.test(text);

/**
 * Parsing some 150 root certificates for each of thousands of handshakes would take longer than the handshakes,
 * so contexts are kept: per material (one object per profile) and version.
 */
const contexts = new WeakMap<TlsMaterial, Map<string, SecureContext>>();
const NO_MATERIAL: TlsMaterial = {};

function contextFor(material: TlsMaterial = NO_MATERIAL, only?: TlsVersion): SecureContext {
  const known = contexts.get(material) ?? new Map<string, SecureContext>();
  contexts.set(material, known);
  const key = only ?? 'any';
  const context = known.get(key) ?? createContext(material, only);
  known.set(key, context);
  return context;
}

function createContext({ ca, cert, key, pfx, passphrase }: TlsMaterial, only?: TlsVersion): SecureContext {
  return createSecureContext({
    minVersion: only ?? 'TLSv1',
    maxVersion: only ?? 'TLSv1.3',
    // Security level 0 lets OpenSSL 3 speak old versions and accept weak keys; both are what is looked for.
    ciphers: 'DEFAULT:@SECLEVEL=0',
    // Servers without RFC 5746 are looked at too; that they are is told as a problem.
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
    // An own CA is trusted besides the public ones, not in their place.
    ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(pfx !== undefined && { pfx }),
    ...(passphrase !== undefined && { passphrase }),
  });
}
