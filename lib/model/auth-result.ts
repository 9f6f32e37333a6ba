import type { ProtocolVersion } from './probe-result';

/** A login was let in, refused, or the answer decides nothing. */
export type AccessVerdict = 'accepted' | 'refused' | 'inconclusive' | 'not-tested';

export interface LoginResult {
  readonly verdict: AccessVerdict;
  readonly protocolVersion?: ProtocolVersion;
  readonly code?: number;
  /** The answer, or why there is none, in words. */
  readonly meaning: string;
}

export interface CredentialsResult extends LoginResult {
  /** True when name and password crossed the network unencrypted. */
  readonly sentInClear: boolean;
}

export interface DefaultCredentialsResult {
  readonly verdict: AccessVerdict;
  readonly tried: number;
  /** User names that were let in; never their passwords. */
  readonly accepted: readonly string[];
  readonly meaning: string;
}

/** A right counts as proven when a message came back. */
export type RightVerdict = 'proven' | 'granted' | 'denied' | 'inconclusive' | 'not-tested';

export interface ReadRight {
  readonly filter: string;
  readonly verdict: RightVerdict;
  /** SUBACK code; 0x80 and above refuse. */
  readonly code?: number;
}

export interface LoginRights {
  readonly as: 'anonymous' | 'credentials';
  readonly read: readonly ReadRight[];
  readonly write: RightVerdict;
}

export interface AuthResult {
  readonly anonymous: LoginResult;
  readonly credentials: CredentialsResult;
  readonly defaultCredentials: DefaultCredentialsResult;
  readonly authorisation: readonly LoginRights[];
}
