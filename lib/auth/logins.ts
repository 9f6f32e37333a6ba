import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  Credentials,
  CredentialsResult,
  DefaultCredentialsResult,
  Endpoint,
  LoginResult,
  ProtocolVersion,
  Transport,
} from '../model';
import { isEncrypted } from '../model';
import type { StageContext } from '../net';
import { type Attempt, attempt } from '../probe';
import { isLoginRefused, isStopSign } from '../wire';
import { DEFAULT_LOGINS } from './default-logins';

/** Where logins are tried: an endpoint, its transport, and the versions that it speaks. */
export interface LoginTarget {
  readonly endpoint: Endpoint;
  readonly transport: Transport;
  readonly versions: readonly ProtocolVersion[];
}

/** Between two tries of default logins, so that no broker takes them for an attack and no log is flooded. */
const TRY_DELAY_MS = 250;

/** Connects without a login in every version that the broker speaks; one that lets us in decides. */
export async function testAnonymous(target: LoginTarget, context: StageContext): Promise<LoginResult> {
  let last: LoginResult | undefined;
  for (const version of target.versions) {
    const result = await tryLogin(target, version, undefined, context);
    if (result.verdict === 'accepted') return result;
    if (!last || result.verdict === 'refused') last = result;
  }
  return last ?? { verdict: 'inconclusive', meaning: 'no MQTT version is known for this endpoint' };
}

/** Connects with the login that was given for the scan. */
export async function testCredentials(
  target: LoginTarget,
  context: StageContext,
): Promise<CredentialsResult> {
  const { credentials } = context;
  const [version] = target.versions;
  if (!credentials || !version) {
    return { verdict: 'not-tested', meaning: 'no login was given', sentInClear: false };
  }
  const result = await tryLogin(target, version, credentials, context);
  return { ...result, sentInClear: !isEncrypted(target.transport) };
}

/**
 * Tries published default logins, after a random one was refused: a broker that takes any login has no default
 * one. Stops at the first that is let in, and at every sign that the broker counts the tries.
 */
export async function testDefaultCredentials(
  target: LoginTarget,
  context: StageContext,
): Promise<DefaultCredentialsResult> {
  const [version] = target.versions;
  if (!version) return defaultsResult('inconclusive', 0, 'no MQTT version is known for this endpoint');
  const random = randomBytes(9).toString('hex');
  const control = await tryLogin(
    target,
    version,
    { username: `mqttscan${random}`, password: random },
    context,
  );
  if (control.verdict !== 'refused') {
    return defaultsResult('inconclusive', 1, `a random login was answered with: ${control.meaning}`);
  }
  let tried = 1;
  for (const candidate of DEFAULT_LOGINS) {
    await delay(TRY_DELAY_MS, undefined, { signal: context.signal });
    const result = await tryLogin(target, version, candidate, context);
    tried++;
    if (result.verdict === 'accepted') {
      const meaning = `the default login of ${candidate.product} is let in`;
      return { ...defaultsResult('accepted', tried, meaning), accepted: [candidate.username] };
    }
    if (result.code !== undefined && isStopSign(result.code)) {
      return defaultsResult('inconclusive', tried, `stopped, because the broker answered: ${result.meaning}`);
    }
  }
  return defaultsResult('refused', tried, 'no default login is let in');
}

/** What stands in the report when the check is switched off. */
export const DEFAULTS_NOT_TESTED = defaultsResult('not-tested', 0, 'the check is switched off');

function defaultsResult(
  verdict: DefaultCredentialsResult['verdict'],
  tried: number,
  meaning: string,
): DefaultCredentialsResult {
  return { verdict, tried, accepted: [], meaning };
}

async function tryLogin(
  { endpoint, transport }: LoginTarget,
  protocolVersion: ProtocolVersion,
  credentials: Credentials | undefined,
  context: StageContext,
): Promise<LoginResult> {
  return loginResult(
    await attempt(endpoint, transport, { protocolVersion, credentials }, context),
    protocolVersion,
  );
}

function loginResult(result: Attempt, protocolVersion: ProtocolVersion): LoginResult {
  if (result.kind !== 'mqtt') return { verdict: 'inconclusive', protocolVersion, meaning: result.reason };
  const { code, meaning } = result.connack;
  const verdict = code === 0 ? 'accepted' : isLoginRefused(code) ? 'refused' : 'inconclusive';
  return { verdict, protocolVersion, code, meaning };
}
