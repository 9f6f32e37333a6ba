import { type Credentials, ScanError } from '../model';
import type { ScanOptions } from './scan';

export interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** True when fractions make no sense. */
  readonly whole?: boolean;
}

/** What the numbers of a scan may be, in the editor and in code alike. Times in milliseconds. */
export const LIMITS = {
  window: { min: 1, max: 10_000, whole: true },
  rate: { min: 1, max: 1_000_000 },
  connectTimeoutMs: { min: 50, max: 60_000 },
  phaseTimeoutMs: { min: 50, max: 120_000 },
  expiryDays: { min: 0, max: 3650 },
  maxAttempts: { min: 1, max: 100, whole: true },
  maxRefusals: { min: 0, max: 1000, whole: true },
  listenMs: { min: 0, max: 3_600_000 },
  maxMessages: { min: 1, max: 1e9, whole: true },
  maxTopics: { min: 1, max: 50_000, whole: true },
  maxPayload: { min: 1, max: 65_536, whole: true },
} as const satisfies Record<string, NumberRange>;

/** How long to listen, in seconds: the unit that people are asked in. */
export const LISTEN_S = { min: 0, max: LIMITS.listenMs.max / 1000 } as const satisfies NumberRange;

/** Bytes that fit into a text of MQTT (5.0 §1.5.4). */
const MAX_TEXT_BYTES = 65_535;

/** @throws ScanError BAD_OPTION for a number outside its range, or a login that no CONNECT can carry */
export function assertOptions({ tlsOptions, auth, listen, ...options }: ScanOptions): void {
  const given: Readonly<Record<string, unknown>> = { ...options, ...tlsOptions, ...auth, ...(listen || {}) };
  for (const [name, range] of Object.entries(LIMITS)) {
    const value = given[name];
    if (value !== undefined && !isWithin(value, range)) throw outside(name, range);
  }
  if (options.credentials) assertCredentials(options.credentials);
}

/** True for a number inside a range. */
export function isWithin(value: unknown, { min, max, whole = false }: NumberRange): value is number {
  const isNumber = whole ? Number.isInteger(value) : Number.isFinite(value);
  return isNumber && (value as number) >= min && (value as number) <= max;
}

/** The error for what is outside. */
export function outside(option: string, { min, max, whole = false }: NumberRange): ScanError {
  const kind = whole ? 'a whole number' : 'a number';
  return new ScanError('BAD_OPTION', { option, reason: `it must be ${kind} from ${min} to ${max}` });
}

/** @throws ScanError BAD_OPTION, without a word of what is in the login */
export function assertCredentials({ username, password }: Credentials): void {
  for (const [name, text] of Object.entries({ username, password })) {
    if (typeof text !== 'string' || Buffer.byteLength(text) > MAX_TEXT_BYTES) {
      const reason = `the ${name} must be a text of at most ${MAX_TEXT_BYTES} bytes`;
      throw new ScanError('BAD_OPTION', { option: 'credentials', reason });
    }
  }
}
