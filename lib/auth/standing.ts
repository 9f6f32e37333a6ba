import type { LoginOutcome, LoginResult, LoginRights } from '../model';
import { outcomeOf, verdictOf } from './outcomes';
import type { Standing } from './reading';

interface Seen {
  readonly standing: Standing;
  readonly rights?: Pick<LoginRights, 'maySubscribe'>;
}

/**
 * A login in the light of what came behind it: CONNACK 0 is no access when the session is ended at once, or when
 * nothing may be done in it.
 */
export function withStanding<T extends LoginResult>(login: T, seen: Seen | undefined): T {
  if (!seen || login.verdict !== 'accepted') return login;
  const { standing, rights } = seen;
  if (standing.session === 'disconnected') return { ...login, ...thrownOut(standing) };
  if (rights?.maySubscribe === false) {
    const outcome: LoginOutcome = 'accepted-may-not-subscribe';
    return { ...login, outcome, meaning: `${login.meaning}, but every filter that was asked for is refused` };
  }
  return login;
}

function thrownOut({ ending }: Standing): Partial<LoginResult> {
  const { code, meaning = 'the connection ended', reasonString } = ending ?? {};
  const said = code === undefined ? 'other' : outcomeOf({ code, protocolVersion: 5 });
  return {
    // Only a broker that says so has refused the login; another may have been short of something.
    verdict: verdictOf(said) === 'refused' ? 'refused' : 'inconclusive',
    outcome: 'accepted-then-disconnected',
    meaning: `accepted, and ended at once: ${meaning}`,
    ...(reasonString !== undefined && { reasonString }),
  };
}
