import type {
  AuthResult,
  ClientCertificateResult,
  CredentialsResult,
  Endpoint,
  EndpointReport,
  LoginResult,
  LoginRights,
  ProbeResult,
  Product,
  ProtocolVersion,
} from '../model';
import { asStranger, listenerOf, RefusedLogins, type StageContext } from '../net';
import { isVersionRefused } from '../wire';
import { decisive, nobody, testAnonymous, testVariants } from './anonymous';
import { testCertificate, testCredentials, testRandomLogin } from './credentials';
import { DEFAULTS_NOT_TESTED, testDefaultCredentials } from './default-credentials';
import { isAskedFreely, testEnhancedAuthentication } from './enhanced';
import { loginCommand } from './evidence';
import { impatient, type LoginTarget, PREFERENCE } from './login';
import { outcomeOf } from './outcomes';
import type { Reader } from './reading';
import { type Standing, testReading, watchStanding } from './reading';
import { Refusals } from './refusals';
import { testSessionSafety } from './session-safety';
import { withStanding } from './standing';
import { testWriting } from './writing';

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

/** The versions in which to log in, the preferred first. */
function versionsOf({ versions = [], answers = [] }: Partial<ProbeResult>): ProtocolVersion[] {
  if (versions.length > 0) return PREFERENCE.filter((version) => versions.includes(version));
  // A broker that does not answer strangers has not told its versions, but perhaps which are none of them.
  const isRefused = (version: ProtocolVersion): boolean =>
    answers.some(({ asked, connack }) => asked === version && connack && isVersionRefused(connack.code));
  return PREFERENCE.filter((version) => !isRefused(version)).slice(0, 1);
}

/** True for endpoints at which MQTT answered. */
export function hasAccessControl(report: EndpointReport): boolean {
  return report.outcome === 'open' || report.outcome === 'auth-failed';
}

/** Who was found to be let in, as far as it goes. */
interface Logins {
  readonly anonymous: LoginResult;
  readonly credentials: CredentialsResult;
  readonly clientCertificate?: ClientCertificateResult;
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
  const { answers = [], product } = report.probe ?? {};
  const target: LoginTarget = {
    endpoint,
    transport: report.transport,
    versions: versionsOf(report.probe ?? {}),
  };
  const maxAttempts = options.maxAttempts ?? MAX_ATTEMPTS;
  const forDefaults = options.defaultCredentials ? maxAttempts : 0;
  const namedLimit = options.maxRefusals ?? maxAttempts + 1;
  const atAddress = (context.refusedLogins ?? new RefusedLogins()).at(endpoint.address);
  const limits = { limit: options.maxRefusals ?? namedLimit + forDefaults, namedLimit };
  const listener = listenerOf(endpoint);
  const refusals = new Refusals(atAddress, listener, limits, context.signal);
  noteProbe(report, refusals, atAddress.hasMet(listener), context);

  const strangers = await testAnonymous(target, answers, refusals, context);
  const credentials = await testCredentials(target, report.probe?.loginAnswer, refusals, context);
  const anonymousVersions = strangers.map((login) => unlessShutOut(login, credentials));
  const anonymous = decisive(anonymousVersions);
  const clientCertificate = await testCertificate(target, answers, anonymous, credentials, refusals, context);
  const logins: Logins = { anonymous, credentials, ...(clientCertificate && { clientCertificate }) };
  const readers = readersOf(target, logins, anonymousVersions, context);

  const [first] = readers;
  const sessionSafety = options.authorisation && first ? await testSessionSafety(target, first) : undefined;
  // Two connections at once, where the broker bears them; what waits for messages does not hold up the questions.
  const isAlone = sessionSafety !== undefined && sessionSafety.secondConnection !== 'accepted';
  const questions = () =>
    askAround(target, { anonymousVersions, credentials }, options, report.probe, refusals, context);
  const look = () =>
    inTurnOrBeside(isAlone, readers, (reader) => lookInside(target, reader, options, product));
  const [asked, inside] = isAlone
    ? [await questions(), await look()]
    : await Promise.all([questions(), look()]);

  const seen: Inside[] = [];
  for (const login of inside) seen.push(await lookAtWriting(target, login, options));
  const standingOf = (as: LoginRights['as']) => seen.find(({ reader }) => reader.as === as);
  return {
    anonymous: withStanding(anonymous, standingOf('anonymous')),
    credentials: withStanding(credentials, standingOf('credentials')),
    ...asked,
    authorisation: seen.flatMap(({ rights }) => (rights ? [rights] : [])),
    anonymousVersions,
    ...(clientCertificate && {
      clientCertificate: withStanding(clientCertificate, standingOf('certificate')),
    }),
    // Where the broker ends each session on its own, what ended one of ours is not known.
    ...(sessionSafety &&
      standingOf(sessionSafety.as)?.standing.session !== 'disconnected' && { sessionSafety }),
    refusedLogins: refusals.refused,
  };
}

/** A broker counts what it refused to the probe too: to strangers, and to the given login where it tried it. */
function noteProbe(
  { probe }: EndpointReport,
  refusals: Refusals,
  isCounted: boolean,
  { credentials }: StageContext,
): void {
  const { refusedLogins = 0, loginAnswer, answers } = probe ?? {};
  // A broker that has answered nothing in words closes on those whom it does not let in.
  const toStrangers = answers?.some(({ connack }) => connack) ? 'not-authorised' : 'closed';
  const note = isCounted ? refusals.noteOwn.bind(refusals) : refusals.note.bind(refusals);
  const isLoginRefused = loginAnswer && loginAnswer.code !== 0 && !isVersionRefused(loginAnswer.code);
  if (isLoginRefused) note(credentials?.username, outcomeOf(loginAnswer));
  for (let i = isLoginRefused ? 1 : 0; i < refusedLogins; i++) note(undefined, toStrangers);
}

/** A broker that answers to the login given refuses those on whom it closes without a word. */
function unlessShutOut(login: LoginResult, { verdict }: CredentialsResult): LoginResult {
  if (verdict !== 'accepted' || login.outcome !== 'closed') return login;
  return { ...login, verdict: 'refused', meaning: `${login.meaning}, where the login given is let in` };
}

/** As whom to look inside. A certificate counts where it is what opens the door. */
function readersOf(
  { versions }: LoginTarget,
  { anonymous, credentials, clientCertificate }: Logins,
  anonymousVersions: readonly LoginResult[],
  context: StageContext,
): Reader[] {
  const readers: Reader[] = [];
  // MQTT 5 tells more: a code and a reason for each filter, and to which filter a message belongs.
  const [preferred = 4] = versions;
  const best = versions.includes(5) ? 5 : preferred;
  if (anonymous.verdict === 'accepted') {
    const open = anonymousVersions.filter(({ verdict }) => verdict === 'accepted');
    const isBest = open.some(({ protocolVersion }) => protocolVersion === best);
    const protocolVersion = isBest ? best : (anonymous.protocolVersion ?? preferred);
    readers.push({ as: 'anonymous', form: { protocolVersion }, context: asStranger(context) });
  }
  if (credentials.verdict === 'accepted' && context.credentials) {
    const { username, password } = context.credentials;
    readers.push({ as: 'credentials', form: { protocolVersion: best, username, password }, context });
  }
  if (clientCertificate?.isLogin) {
    readers.push({ as: 'certificate', form: { protocolVersion: best }, context });
  }
  return readers;
}

/** What is asked of the door alone: none of it needs a session. */
type Asked = Pick<
  AuthResult,
  'randomLogin' | 'defaultCredentials' | 'enhancedAuthentication' | 'anonymousVariants'
>;

/** What strangers were answered, by version. */
interface Answers {
  readonly anonymousVersions: readonly LoginResult[];
}

async function askAround(
  target: LoginTarget,
  { anonymousVersions, credentials }: Pick<AuthResult, 'credentials'> & Answers,
  options: AuthOptions,
  { answers = [], product }: Pick<ProbeResult, 'answers' | 'product'> = {},
  refusals: Refusals,
  context: StageContext,
): Promise<Asked> {
  const stranger = asStranger(context);
  const anonymous = decisive(anonymousVersions);
  if (anonymous.outcome === 'certificate-required') return stoppedByTls(target, anonymous, stranger);
  // Some brokers take their time to refuse a login; what they may well leave unanswered is not waited for as long.
  const quick = impatient(stranger);
  const askMethods = () => testEnhancedAuthentication(target, anonymousVersions, product, refusals, quick);
  // Should it cost a refused login against expectation, then one that may still be refused.
  const early = isAskedFreely(product) ? await askMethods() : undefined;
  const randomLogin = unlessShutOut(await testRandomLogin(target, refusals, stranger), credentials);
  const maxAttempts = options.maxAttempts ?? MAX_ATTEMPTS;
  const defaultCredentials = options.defaultCredentials
    ? await testDefaultCredentials(target, randomLogin, { product, maxAttempts }, refusals, stranger)
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

/** What was seen as one login. */
interface Inside {
  readonly reader: Reader;
  readonly standing: Standing;
  readonly rights?: LoginRights;
}

async function lookInside(
  target: LoginTarget,
  reader: Reader,
  options: AuthOptions,
  product: Product | undefined,
): Promise<Inside> {
  if (!options.authorisation) return { reader, standing: await watchStanding(target, reader) };
  const { read, maySubscribe, ...standing } = await testReading(target, reader, product);
  const rights: LoginRights = {
    as: reader.as,
    read,
    write: 'not-tested',
    ...(maySubscribe !== undefined && { maySubscribe }),
  };
  return { reader, standing, rights };
}

async function lookAtWriting(target: LoginTarget, login: Inside, options: AuthOptions): Promise<Inside> {
  const { reader, standing, rights } = login;
  if (!options.writeTest || standing.session === 'disconnected') return login;
  const written = await testWriting(target, reader);
  // What came back was subscribed to.
  const heard = written.write === 'proven' && rights ? { maySubscribe: true } : {};
  return { ...login, rights: { as: reader.as, read: [], ...rights, ...written, ...heard } };
}

async function inTurnOrBeside<T, R>(
  isInTurn: boolean,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  if (!isInTurn) return Promise.all(items.map(work));
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
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
