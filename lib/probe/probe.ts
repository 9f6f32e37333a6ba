import type {
  Connack,
  Credentials,
  Endpoint,
  EndpointReport,
  Oddity,
  Outcome,
  ProbeResult,
  Product,
  ProtocolVersion,
} from '../model';
import { listenerOf, type RefusalsAtAddress, RefusedLogins, type StageContext } from '../net';
import { isVersionRefused, mayCountAsFailure, randomClientId } from '../wire';
import { Asker } from './asker';
import { type Attempt, CLOSED } from './attempt';
import type { Property } from './connack-properties';
import { failedReport } from './failed-report';
import { type Entrance, identify } from './identify';
import { limitsOf, PropertyId, textOf } from './limits';
import { EMPTY_ID_CONNECTS, ODD_CONNECTS } from './odd-connects';
import { answerOddities, strictnessOddities, transportOddities } from './oddities';
import { baseReport, listed, round, webSocketOf } from './report-parts';
import { conclude } from './score';
import { type Met, Search, shutDoor } from './search';
import { looksAtMethods } from './signs';
import { checkStrictness } from './strictness';
import { toldByProperties, toldByServerField } from './told';
import { observeBelow, observeInside, type Vector } from './vector';
import { answerFrom, askVersions, askVersionsInside, FIRST_VERSION, type VersionFacts } from './versions';

export interface ProbeOptions {
  /** Also sends malformed packets and tells what the broker makes of them. */
  readonly strictness?: boolean;
}

type Found = Extract<Attempt, { kind: 'mqtt' }>;

/**
 * Finds out what listens at an endpoint: is it MQTT, over which transport, in which versions, and does it let
 * us in: anonymously or, failing that, with the login of the scan; and which product it is.
 * @throws ScanError OUT_OF_SCOPE; the signal's reason when it is aborted
 */
export async function probeEndpoint(
  endpoint: Endpoint,
  context: StageContext,
  options: ProbeOptions = {},
): Promise<EndpointReport> {
  const refusals = (context.refusedLogins ?? new RefusedLogins()).at(endpoint.address);
  const settle = refusals.meet(listenerOf(endpoint));
  let isRefused = false;
  let met: Met;
  try {
    met = await new Search(endpoint, context).meet();
    const { result } = met;
    isRefused =
      result.kind === 'mqtt' ? mayCountAsFailure(result.connack.code) : shutDoor(result) !== undefined;
  } finally {
    settle({ isRefused });
  }
  const { transport, result, answers, connections } = met;
  if (result.kind !== 'mqtt') {
    return (
      (await lockedReport(endpoint, met, context, refusals)) ?? failedReport(endpoint, transport, result)
    );
  }
  const { answerMs, below } = result;
  const found = { ...endpoint, webSocketPath: below.webSocket?.path };
  const asker = new Asker(found, transport, context, { isRefused, answerMs, connections }, refusals);
  const oddities = transportOddities(endpoint, transport);
  const { outcome, probe } = await probeBroker(asker, result, answers, options, oddities);
  return { ...baseReport(endpoint, transport, outcome), probe };
}

/** How the login went: as whom we were let in, or why not. */
interface Access {
  readonly outcome: Outcome;
  readonly facts: Pick<ProbeResult, 'connack' | 'openedAs' | 'reason' | 'loginAnswer'>;
  /** Present when we were let in. */
  readonly entrance?: Entrance;
}

async function probeBroker(
  asker: Asker,
  first: Found,
  answers: Met['answers'],
  options: ProbeOptions,
  oddities: readonly Oddity[],
): Promise<{ outcome: Outcome; probe: ProbeResult }> {
  const vector: Vector = new Map();
  observeBelow(vector, first.below);
  // Before what is asked out of curiosity: its refusals are few, and the login is what the user wants to know of.
  const login = asker.refused > 0 ? await giveLogin(asker, first.connack) : undefined;
  const strangers = await askVersions(answers, login, asker, vector);
  const { outcome, facts, entrance } = await logIn(asker, strangers, first, login);
  const versions = entrance?.credentials
    ? await askVersionsInside(strangers, asker, entrance.credentials)
    : strangers;
  const properties = await propertiesInside(asker, versions, entrance, vector);
  const unasked =
    toldByProperties(properties ?? versions.properties) ?? toldByServerField(first.below.webSocket?.server);
  const identity = await identify(asker, vector, entrance, unasked);
  const foreignOrigin = await asker.askFrom(FOREIGN_ORIGIN);
  const strictness = options.strictness ? await checkStrictness(asker, vector, entrance) : undefined;
  // The answers to malformed packets are signs too; what the broker told stands.
  const product = identity.product ?? conclude(vector);
  const reasonString = textOf(versions.properties, PropertyId.REASON_STRING);
  const probe: ProbeResult = {
    versions: await spokenVersions(asker, versions, product),
    answers: versions.answers,
    ...identity,
    ...(properties && { limits: limitsOf(properties) }),
    ...(reasonString !== undefined && { reasonString }),
    ...(product ? { product } : { fingerprint: Object.fromEntries(vector) }),
    ...(strictness && { strictness }),
    ...webSocketOf(first.below.webSocket, foreignOrigin),
    ...listed([...oddities, ...answerOddities(vector, identity.product), ...strictnessOddities(strictness)]),
    ...(asker.refused > 0 && { refusedLogins: asker.refused }),
    rttMs: round(first.rttMs),
    ...facts,
  };
  return { outcome, probe };
}

/**
 * Where MQTT 5 was not asked for, lest somebody be locked out, a product that looks at the authentication method first
 * tells by its refusal of an unknown one that it speaks it.
 */
async function spokenVersions(
  asker: Asker,
  { spoken, answers }: VersionFacts,
  product: Product | undefined,
): Promise<readonly ProtocolVersion[]> {
  const isKnown = answers.some(({ asked }) => asked === 5);
  if (isKnown || !product || !looksAtMethods(product) || asker.left <= 0) return spoken;
  const odd = { isOdd: true, isHardlyRefused: true };
  const result = await asker.askSparingly(ODD_CONNECTS['v5 unknown auth method'](), odd);
  return result?.kind === 'mqtt' && result.connack.protocolVersion === 5 ? [...spoken, 5] : spoken;
}

/** A site that nobody can have (RFC 2606 §2). */
const FOREIGN_ORIGIN = 'https://mqttscan.invalid';

/** Tries the login of the scan, if there is one, in the version of an answer. */
async function giveLogin(
  asker: Asker,
  { protocolVersion }: Pick<Connack, 'protocolVersion'>,
): Promise<Attempt | undefined> {
  const { credentials } = asker.context;
  return credentials && (await asker.login({ protocolVersion, credentials, clientId: randomClientId() }));
}

/** @param tried what came of the login of the scan, where it was tried before */
async function logIn(
  asker: Asker,
  { connacks }: VersionFacts,
  first: Found,
  tried: Attempt | undefined,
): Promise<Access> {
  const letIn = connacks.find(({ code }) => code === 0);
  const refusal = connacks.find(({ code }) => !isVersionRefused(code)) ?? first.connack;
  const withLogin = tried ?? (letIn ? undefined : await giveLogin(asker, refusal));
  if (withLogin?.kind !== 'mqtt') return accessOf(letIn ?? refusal);
  const access = letIn ? accessOf(letIn) : accessOf(withLogin.connack, asker.context.credentials);
  return { ...access, facts: { ...access.facts, loginAnswer: withLogin.connack } };
}

function accessOf(connack: Connack, credentials?: Credentials): Access {
  const { code, meaning, protocolVersion } = connack;
  if (code !== 0) return { outcome: 'auth-failed', facts: { connack, reason: meaning } };
  return {
    outcome: 'open',
    facts: { connack, openedAs: credentials ? 'credentials' : 'anonymous' },
    entrance: { protocolVersion, credentials },
  };
}

/**
 * What an MQTT 5 broker tells those whom it lets in. An empty client identifier makes it tell one more thing:
 * which one it assigns [MQTT-3.2.2-16].
 */
async function propertiesInside(
  asker: Asker,
  { answers, spoken, properties }: VersionFacts,
  entrance: Entrance | undefined,
  vector: Vector,
): Promise<readonly Property[] | undefined> {
  const isOpen = answers.some(
    ({ asked, connack, withLogin }) => asked === 5 && !withLogin && connack && isInsideFive(connack),
  );
  if (!isOpen && !(entrance?.credentials && spoken.includes(5))) return undefined;
  if (asker.left <= 0) return isOpen ? properties : undefined;
  const result = await asker.ask(
    isOpen
      ? EMPTY_ID_CONNECTS[5]()
      : { protocolVersion: 5, credentials: entrance?.credentials, clientId: randomClientId() },
  );
  if (result.kind !== 'mqtt' || !isInsideFive(result.connack)) return isOpen ? properties : undefined;
  observeInside(vector, result.properties);
  return result.properties;
}

const isInsideFive = ({ code, protocolVersion }: Connack): boolean => code === 0 && protocolVersion === 5;

/** Where brokers are, by registration or by custom. What closes elsewhere is hardly one, and no login is its business. */
const BROKER_PORTS: ReadonlySet<number> = new Set([1883, 1884, 8883, 8884]);

/**
 * The report of a broker that closes on strangers without a word (3.1.1 §3.1.4), as NanoMQ does, and answers to the login
 * of the scan; undefined where there is no login, or no answer to it either.
 */
async function lockedReport(
  endpoint: Endpoint,
  { transport, result, answers, connections }: Met,
  context: StageContext,
  refusals: RefusalsAtAddress,
): Promise<EndpointReport | undefined> {
  const { credentials } = context;
  const isBroker = endpoint.transport !== undefined || BROKER_PORTS.has(endpoint.port);
  const isMute = result.kind === 'not-mqtt' && result.service === CLOSED && shutDoor(result) === undefined;
  if (!credentials || !isBroker || !isMute) return undefined;
  const asker = new Asker(
    endpoint,
    transport,
    context,
    { isRefused: true, answerMs: 0, connections },
    refusals,
  );
  const answer = await giveLogin(asker, { protocolVersion: FIRST_VERSION });
  if (answer?.kind !== 'mqtt') return undefined;
  // It has closed on a stranger in each version.
  const closings = answers.size;
  for (let i = 0; i < closings; i++) refusals.note({ isRefused: true });
  const { connack } = answer;
  const { outcome, facts } = accessOf(connack, credentials);
  const probe: ProbeResult = {
    versions: [connack.protocolVersion],
    answers: [...answers]
      .map(([asked, closing]) => answerFrom(asked, closing))
      .sort((a, b) => a.asked - b.asked),
    refusedLogins: closings + (connack.code === 0 ? 0 : 1),
    rttMs: round(answer.rttMs),
    ...facts,
    loginAnswer: connack,
  };
  return { ...baseReport(endpoint, transport, outcome), probe };
}
