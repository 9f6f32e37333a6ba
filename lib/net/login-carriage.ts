import { checkServerIdentity, type TLSSocket } from 'node:tls';
import { type Endpoint, isEncrypted, type Transport } from '../model';
import type { StageContext } from './connector';
import { TlsFailure } from './secure';

/** Over what the login of the scan may be sent. */
export const CREDENTIALS_OVER = ['any', 'trusted-tls'] as const;
export type CredentialsOver = (typeof CREDENTIALS_OVER)[number];

/** The login was kept back, since the connection is not one over which it may be sent. Nothing was sent. */
export class LoginWithheld extends TlsFailure {
  constructor() {
    super(LOGIN_WITHHELD, 'the login is sent over TLS with a certificate that holds only');
    this.name = 'LoginWithheld';
  }
}

export const LOGIN_WITHHELD = 'LOGIN_WITHHELD';

type Rule = Pick<StageContext, 'credentialsOver' | 'tls'>;

/** @throws LoginWithheld before a connection is made that could never carry the login */
export function assertMayCarryLogin(transport: Transport, { credentialsOver }: Rule): void {
  if (credentialsOver === 'trusted-tls' && !isEncrypted(transport)) throw new LoginWithheld();
}

/**
 * Looks at the certificate of this very connection: the chain and the name.
 * @throws LoginWithheld
 */
export function assertTrusted(stream: TLSSocket, { target }: Endpoint, { credentialsOver, tls }: Rule): void {
  if (credentialsOver !== 'trusted-tls') return;
  const isNamed = checkServerIdentity(tls?.servername ?? target, stream.getPeerCertificate()) === undefined;
  if (stream.authorized && isNamed) return;
  stream.destroy();
  throw new LoginWithheld();
}
