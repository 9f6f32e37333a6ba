import type { AuthResult, ClientCertificateResult, CredentialsResult, LoginResult } from '../model';
import { asStranger, type StageContext } from '../net';
import type { AccessTest } from './access-test';
import { decisive, nobody, testAnonymous, testVariants } from './anonymous';
import { testCertificate, testCredentials, testRandomLogin } from './credentials';
import { DEFAULTS_NOT_TESTED, testDefaultCredentials } from './default-credentials';
import { isAskedFreely, testEnhancedAuthentication } from './enhanced';
import { loginCommand } from './evidence';
import { impatient, type LoginTarget } from './login';

/** Who is let in. */
export interface Door {
  readonly anonymousVersions: readonly LoginResult[];
  /** That of all versions which decides. */
  readonly anonymous: LoginResult;
  readonly credentials: CredentialsResult;
  readonly clientCertificate: ClientCertificateResult | undefined;
}

/** Knocks as a stranger, with the login given, and with the client certificate alone. */
export async function testDoor({ target, probe, refusals, context }: AccessTest): Promise<Door> {
  const { answers = [], loginAnswer } = probe;
  const strangers = await testAnonymous(target, answers, refusals, context);
  const credentials = await testCredentials(target, loginAnswer, refusals, context);
  const anonymousVersions = strangers.map((login) => unlessShutOut(login, credentials));
  const anonymous = decisive(anonymousVersions);
  const clientCertificate = await testCertificate(target, answers, anonymous, credentials, refusals, context);
  return { anonymousVersions, anonymous, credentials, clientCertificate };
}

/** A broker that answers to the login given refuses those on whom it closes without a word. */
function unlessShutOut(login: LoginResult, { verdict }: CredentialsResult): LoginResult {
  if (verdict !== 'accepted' || login.outcome !== 'closed') return login;
  return { ...login, verdict: 'refused', meaning: `${login.meaning}, where the login given is let in` };
}

/** What is asked of the door alone: none of it needs a session. */
type Asked = Pick<
  AuthResult,
  'randomLogin' | 'defaultCredentials' | 'enhancedAuthentication' | 'anonymousVariants'
>;

/** Tries what else may open the door. */
export async function askAround(
  { target, probe, options, refusals, context }: AccessTest,
  { anonymousVersions, anonymous, credentials }: Door,
): Promise<Asked> {
  const { answers = [], product } = probe;
  const stranger = asStranger(context);
  if (anonymous.outcome === 'certificate-required') return stoppedByTls(target, anonymous, stranger);
  // Some brokers take their time to refuse a login; what they may well leave unanswered is not waited for as long.
  const quick = impatient(stranger);
  const askMethods = () => testEnhancedAuthentication(target, anonymousVersions, product, refusals, quick);
  // First, while the limits leave room: against expectation the answer may be a refused login.
  const early = isAskedFreely(product) ? await askMethods() : undefined;
  const randomLogin = unlessShutOut(await testRandomLogin(target, refusals, stranger), credentials);
  const plan = { product, maxAttempts: options.maxAttempts };
  const defaultCredentials = options.defaultCredentials
    ? await testDefaultCredentials(target, randomLogin, plan, refusals, stranger)
    : DEFAULTS_NOT_TESTED;
  const enhancedAuthentication = early ?? (await askMethods());
  const anonymousVariants = await testVariants(target, anonymous, answers, refusals, quick);
  return { randomLogin, defaultCredentials, enhancedAuthentication, anonymousVariants };
}

/** Where TLS lets nobody in without a client certificate, no login of a stranger comes as far as the broker. */
function stoppedByTls(
  target: LoginTarget,
  { verdict, outcome, meaning }: LoginResult,
  { tls }: StageContext,
): Asked {
  const [protocolVersion = 4] = target.versions;
  const form = { protocolVersion, username: nobody(), password: nobody() };
  const why = 'TLS lets nobody in without a client certificate';
  return {
    randomLogin: { verdict, meaning, ...(outcome && { outcome }), ...loginCommand(target, form, tls) },
    defaultCredentials: { verdict: 'not-tested', tried: 0, accepted: [], meaning: why, attempts: [] },
    enhancedAuthentication: { verdict: 'not-tested', methods: [], asked: [], meaning: why },
    anonymousVariants: [],
  };
}
