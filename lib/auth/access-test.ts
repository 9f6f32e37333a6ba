import type { Endpoint, EndpointReport, ProbeResult, ProtocolVersion } from '../model';
import { listenerOf, RefusedLogins, type StageContext } from '../net';
import { isVersionRefused } from '../wire';
import { type LoginTarget, PREFERENCE } from './login';
import { outcomeOf } from './outcomes';
import { Refusals } from './refusals';

export interface AuthOptions {
  /** Try published default logins. */
  readonly defaultCredentials: boolean;
  /** Find out what may be read; sends SUBSCRIBE, never PUBLISH. */
  readonly authorisation: boolean;
  /** Publish one message to a random topic of our own. */
  readonly writeTest: boolean;
  /** Published passwords that are tried for one user name. */
  readonly maxAttempts?: number;
  /**
   * Logins that may be refused at one address in one scan, those of the probe and of other listeners among them; one more
   * than for one user name unless told. Where published logins are tried, as many with a user name, and some without one besides.
   */
  readonly maxRefusals?: number;
}

/** Many a lock is set off by the fifth failure of an address; three for one account are too few for most. */
export const MAX_ATTEMPTS = 3;

/** All that the parts of one access test have in common. */
export interface AccessTest {
  readonly target: LoginTarget;
  /** What the probe found out. */
  readonly probe: ProbeResult;
  readonly options: AuthOptions & { readonly maxAttempts: number };
  readonly refusals: Refusals;
  readonly context: StageContext;
}

const UNKNOWN: ProbeResult = { versions: [] };

/** Begins where the probe has ended: with the versions that it found, and the refusals that it met. */
export function accessTest(
  endpoint: Endpoint,
  { transport, probe = UNKNOWN }: EndpointReport,
  options: AuthOptions,
  context: StageContext,
): AccessTest {
  const { maxAttempts = MAX_ATTEMPTS, maxRefusals } = options;
  const namedLimit = maxRefusals ?? maxAttempts + 1;
  const limit = maxRefusals ?? namedLimit + (options.defaultCredentials ? maxAttempts : 0);
  const atAddress = (context.refusedLogins ?? new RefusedLogins()).at(endpoint.address);
  const listener = listenerOf(endpoint);
  const refusals = new Refusals(atAddress, listener, { limit, namedLimit }, context.signal);
  noteProbe(probe, refusals, atAddress.hasMet(listener), context);
  const target = { endpoint, transport, versions: versionsOf(probe) };
  return { target, probe, options: { ...options, maxAttempts }, refusals, context };
}

/** The versions in which to log in, the preferred first. */
function versionsOf({ versions, answers = [] }: ProbeResult): ProtocolVersion[] {
  if (versions.length > 0) return PREFERENCE.filter((version) => versions.includes(version));
  // A broker that does not answer strangers has not told its versions, but perhaps which are none of them.
  const isRefused = (version: ProtocolVersion): boolean =>
    answers.some(({ asked, connack }) => asked === version && connack && isVersionRefused(connack.code));
  return PREFERENCE.filter((version) => !isRefused(version)).slice(0, 1);
}

/** A broker counts what it refused to the probe too: to strangers, and to the given login where it tried it. */
function noteProbe(
  { refusedLogins = 0, loginAnswer, answers }: ProbeResult,
  refusals: Refusals,
  isCounted: boolean,
  { credentials }: StageContext,
): void {
  // A broker that has answered nothing in words closes on those whom it does not let in.
  const toStrangers = answers?.some(({ connack }) => connack) ? 'not-authorised' : 'closed';
  const note = isCounted ? refusals.noteOwn.bind(refusals) : refusals.note.bind(refusals);
  const isLoginRefused = loginAnswer && loginAnswer.code !== 0 && !isVersionRefused(loginAnswer.code);
  // Strangers first: what closes on them has not begun to close because it refused a login.
  for (let i = isLoginRefused ? 1 : 0; i < refusedLogins; i++) note(undefined, toStrangers);
  if (isLoginRefused) note(credentials?.username, outcomeOf(loginAnswer));
}
