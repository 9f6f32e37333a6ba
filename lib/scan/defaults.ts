import { type AuthOptions, MAX_ATTEMPTS } from '../auth';
import type { TlsOptions } from '../tls';
import type { ListenOptions } from '../traffic';

/** What applies when nothing else is said, in the editor and in code alike. Times in milliseconds. */
export const DEFAULTS = {
  scope: 'private, loopback',
  window: 500,
  rate: 1000,
  connectTimeoutMs: 1500,
  phaseTimeoutMs: 5000,
  ports: '1883, 8883',
  reportClosed: 'auto',
  policy: 'default',
  credentialsOver: 'any',
} as const;

export const DEFAULT_TLS: TlsOptions = { depth: 'full', expiryDays: 30 };

export const DEFAULT_AUTH = {
  defaultCredentials: false,
  authorisation: true,
  writeTest: false,
  maxAttempts: MAX_ATTEMPTS,
} as const satisfies AuthOptions;

export const DEFAULT_LISTEN: ListenOptions = {
  filters: ['#', '$SYS/#'],
  listenMs: 5000,
  maxMessages: 100_000,
  maxTopics: 1000,
  maxPayload: 4096,
};
