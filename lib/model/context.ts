/** Time, injected so that tests need not wait. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** User name and password. They live in the session and nowhere else. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What the profile's `tls-config` adds to every TLS handshake (PEM texts or buffers, as Node.js takes them). */
export interface TlsMaterial {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  /** Certificate, key and CA in one (PKCS #12). */
  readonly pfx?: string | Buffer;
  readonly passphrase?: string;
  /** Name that is asked for and that the certificate must carry, instead of the target's. */
  readonly servername?: string;
}
