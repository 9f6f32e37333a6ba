import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import { connect, createSecureContext, rootCertificates, type SecureContext, type TLSSocket } from 'node:tls';
import { onStop, type TlsMaterial } from '../model';
import { ignoreErrors } from './dial';

export interface SecureOptions {
  /** Name or address as the user gave it; names are sent as SNI, addresses must not be (RFC 6066 §3). */
  readonly target: string;
  readonly material?: TlsMaterial | undefined;
  /** Application protocols to offer (RFC 7301); some brokers share port 443 with a web server by it. */
  readonly alpn?: readonly string[] | undefined;
  /** False for who looks at what follows the handshake himself. */
  readonly awaitsTickets?: boolean;
}

/** The TLS handshake failed; `code` is OpenSSL's or the system's. */
export class TlsFailure extends Error {
  readonly code: string;
  /** True when the peer said nothing at all until the deadline. */
  readonly silent: boolean;
  /** True when the handshake itself was over: the peer ended the connection right behind it. */
  readonly isShaken: boolean;

  constructor(code: string, message: string, { silent = false, isShaken = false } = {}) {
    super(message);
    this.name = 'TlsFailure';
    this.code = code;
    this.silent = silent;
    this.isShaken = isShaken;
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
      secureContext: contextFor(options.material),
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
    let isShaken = false;
    const onError = (error: NodeJS.ErrnoException): void =>
      fail(new TlsFailure(error.code ?? 'TLS', error.message, { isShaken }));
    const onClose = (): void => {
      const message = `closed ${isShaken ? 'behind' : 'during'} the handshake`;
      fail(new TlsFailure('ECONNRESET', message, { isShaken }));
    };
    const onAbort = (): void => fail(signal.reason);
    const timer = setTimeout(() => {
      const silent = socket.bytesRead === 0;
      fail(new TlsFailure('ETIMEDOUT', `no handshake within ${timeoutMs} ms`, { silent }));
    }, timeoutMs);
    const settle = (): void => {
      clearTimeout(timer);
      stopWaiting();
      stream.off('error', onError).off('close', onClose);
    };
    const stopWaiting = onStop(signal, onAbort);
    stream.once('error', onError).once('close', onClose);
    const startedAt = performance.now();
    stream.once('secureConnect', () => {
      isShaken = true;
      const handshakeMs = performance.now() - startedAt;
      const waitMs = Math.min(MAX_TICKET_MS, MIN_TICKET_MS + handshakeMs);
      const isAwaited = options.awaitsTickets !== false && stream.getProtocol() === 'TLSv1.3';
      untilTicket(stream, isAwaited ? waitMs : 0, () => {
        settle();
        resolve(stream);
      });
    });
  });
}

/** How long tickets are waited for, in milliseconds: at most a little more than a round trip. */
const MIN_TICKET_MS = 3;
const MAX_TICKET_MS = 25;

/**
 * A TLS 1.3 server sends tickets right behind the handshake (RFC 8446 §4.6.1). Where it does not switch off Nagle's
 * algorithm, and most brokers do not, its next answer waits until they are acknowledged, which our system does with the
 * next bytes we send or after 40 ms. So nothing is sent before they are here.
 */
function untilTicket(stream: TLSSocket, waitMs: number, then: () => void): void {
  if (waitMs === 0) {
    then();
    return;
  }
  const go = (): void => {
    clearTimeout(timer);
    stream.off('session', onTicket);
    then();
  };
  const timer = setTimeout(go, waitMs);
  // Not at once: what is written while OpenSSL reads gets stuck.
  const onTicket = (): void => {
    clearTimeout(timer);
    setImmediate(go);
  };
  stream.once('session', onTicket);
}

const isName = (text: string): boolean => !text.includes(':') && !/^[\d.]+$/.test(text);

/**
 * Parsing some 150 root certificates for each of thousands of handshakes would take longer than the handshakes,
 * so contexts are kept: one for each material, of which a profile has one.
 */
const contexts = new WeakMap<TlsMaterial, SecureContext>();
const NO_MATERIAL: TlsMaterial = {};

function contextFor(material: TlsMaterial = NO_MATERIAL): SecureContext {
  const context = contexts.get(material) ?? createContext(material);
  contexts.set(material, context);
  return context;
}

function createContext({ ca, cert, key, pfx, passphrase }: TlsMaterial): SecureContext {
  return createSecureContext({
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.3',
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
