import type { AuthResult, Endpoint, EndpointReport, SessionSafetyResult } from '../model';
import type { StageContext } from '../net';
import { type AccessTest, type AuthOptions, accessTest } from './access-test';
import { askAround, type Door, testDoor } from './door';
import { type Inside, lookAtWriting, lookInside, readersOf, seenAs } from './inside';
import type { Reader } from './reading';
import { testSessionSafety } from './session-safety';
import { withStanding } from './standing';

/** True for endpoints at which MQTT answered. */
export function hasAccessControl(report: EndpointReport): boolean {
  return report.outcome === 'open' || report.outcome === 'auth-failed';
}

/**
 * Who is let in, and what he may do there.
 * @throws ScanError OUT_OF_SCOPE; the signal's reason when it is aborted
 */
export async function testAccess(
  endpoint: Endpoint,
  report: EndpointReport,
  options: AuthOptions,
  context: StageContext,
): Promise<AuthResult> {
  const test = accessTest(endpoint, report, options, context);
  const door = await testDoor(test);
  const readers = readersOf(test, door);
  const sessionSafety = await testSessions(test, readers);
  // Two connections at once, where the broker bears them; what waits for messages does not hold up the questions.
  const isAlone = sessionSafety !== undefined && sessionSafety.secondConnection !== 'accepted';
  const questions = () => askAround(test, door);
  const look = () => lookInside(test, readers, isAlone);
  const [asked, read] = isAlone
    ? [await questions(), await look()]
    : await Promise.all([questions(), look()]);
  const inside = await lookAtWriting(test, read);
  return {
    ...loginsOf(door, inside),
    ...asked,
    authorisation: inside.flatMap(({ rights }) => (rights ? [rights] : [])),
    // Where the broker ends each session on its own, what ended one of ours is not known.
    ...(sessionSafety && stands(seenAs(inside, sessionSafety.as)) && { sessionSafety }),
    refusedLogins: test.refusals.refused,
  };
}

async function testSessions(
  { target, options }: AccessTest,
  [first]: readonly Reader[],
): Promise<SessionSafetyResult | undefined> {
  return options.authorisation && first ? await testSessionSafety(target, first) : undefined;
}

const stands = (login: Inside | undefined): boolean => login?.standing.session !== 'disconnected';

/** Who was let in, in the light of what came behind it. */
function loginsOf(
  { anonymous, anonymousVersions, credentials, clientCertificate }: Door,
  inside: readonly Inside[],
): Pick<AuthResult, 'anonymous' | 'anonymousVersions' | 'credentials' | 'clientCertificate'> {
  return {
    anonymous: withStanding(anonymous, seenAs(inside, 'anonymous')),
    credentials: withStanding(credentials, seenAs(inside, 'credentials')),
    anonymousVersions,
    ...(clientCertificate && {
      clientCertificate: withStanding(clientCertificate, seenAs(inside, 'certificate')),
    }),
  };
}

/** The report with the result in it; a login that was let in makes the endpoint open. */
export function withAccess(report: EndpointReport, auth: AuthResult): EndpointReport {
  const logins = [
    auth.anonymous,
    auth.credentials,
    ...(auth.clientCertificate ? [auth.clientCertificate] : []),
  ];
  if (logins.some(({ verdict }) => verdict === 'accepted')) return { ...report, outcome: 'open', auth };
  // What the probe took for a session, the broker has refused in words behind its CONNACK.
  const wasThrownOut = logins.some(
    ({ verdict, outcome }) => verdict === 'refused' && outcome === 'accepted-then-disconnected',
  );
  return { ...report, outcome: wasThrownOut ? 'auth-failed' : report.outcome, auth };
}
