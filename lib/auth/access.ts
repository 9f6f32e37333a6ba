import type { AuthResult, Endpoint, EndpointReport, LoginRights, ProtocolVersion } from '../model';
import type { StageContext } from '../net';
import {
  DEFAULTS_NOT_TESTED,
  type LoginTarget,
  testAnonymous,
  testCredentials,
  testDefaultCredentials,
} from './logins';
import { testRights } from './rights';

export interface AuthOptions {
  /** Try published default logins. */
  readonly defaultCredentials: boolean;
  /** Find out what may be read; sends SUBSCRIBE, never PUBLISH. */
  readonly authorisation: boolean;
  /** Publish one message to a random topic of our own. */
  readonly writeTest: boolean;
}

/** Newer brokers differ between versions, so all are asked; 3.1.1 first, since nearly all speak it. */
const PREFERENCE: readonly ProtocolVersion[] = [4, 5, 3];

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
  const versions = report.probe?.versions ?? [];
  const target: LoginTarget = {
    endpoint,
    transport: report.transport,
    versions: PREFERENCE.filter((version) => versions.includes(version)),
  };
  const anonymous = await testAnonymous(target, context);
  const credentials = await testCredentials(target, context);
  const defaultCredentials = options.defaultCredentials
    ? await testDefaultCredentials(target, context)
    : DEFAULTS_NOT_TESTED;
  const authorisation: LoginRights[] = [];
  const rights = { read: options.authorisation, write: options.writeTest };
  if (rights.read || rights.write) {
    for (const [as, login] of [
      ['anonymous', anonymous],
      ['credentials', credentials],
    ] as const) {
      if (login.verdict !== 'accepted') continue;
      authorisation.push(await testRights(target, as, rights, context));
    }
  }
  return { anonymous, credentials, defaultCredentials, authorisation };
}

/** The report with the result in it; a login that was let in makes the endpoint open. */
export function withAccess(report: EndpointReport, auth: AuthResult): EndpointReport {
  const isOpen = auth.anonymous.verdict === 'accepted' || auth.credentials.verdict === 'accepted';
  return { ...report, outcome: isOpen ? 'open' : report.outcome, auth };
}
