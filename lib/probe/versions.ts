import type { Connack, Credentials, ProtocolVersion, VersionAnswer } from '../model';
import { encodeForm, isStopSign, isVersionRefused, mayCountAsFailure, randomClientId } from '../wire';
import type { Asker } from './asker';
import type { Attempt } from './attempt';
import type { Property } from './connack-properties';
import { answerText, observeProperties, type Vector, versionKey } from './vector';

/** MQTT 3.1.1 is what nearly every broker speaks; the other versions are asked for once MQTT is certain. */
export const FIRST_VERSION: ProtocolVersion = 4;
export const OTHER_VERSIONS: readonly ProtocolVersion[] = [5, 3];
const OLDEST: ProtocolVersion = 3;

/** What a broker answers to the protocol versions. */
export interface VersionFacts {
  readonly answers: readonly VersionAnswer[];
  /** Those that came to a CONNECT without a login, the first CONNECT's first. */
  readonly connacks: readonly Connack[];
  /** Versions that were answered in their own form. */
  readonly spoken: readonly ProtocolVersion[];
  /** The properties of the answer to MQTT 5. */
  readonly properties: readonly Property[];
}

/**
 * Asks for the versions that were not asked for yet, and notes every answer in the vector. Where strangers are refused, a
 * version is left out rather than that somebody is locked out.
 * @param known what came of the versions that were asked for before
 * @param login what came of the login of the scan, where it was tried before
 */
export async function askVersions(
  known: ReadonlyMap<ProtocolVersion, Attempt>,
  login: Attempt | undefined,
  asker: Asker,
  vector: Vector,
): Promise<VersionFacts> {
  const results = new Map(known);
  const isLocked = [...known.values()].some(
    (result) => result.kind === 'mqtt' && mayCountAsFailure(result.connack.code),
  );
  const isNamed = (version: ProtocolVersion): boolean => isLocked && version === OLDEST;
  const isUnwelcome = (result: Attempt | undefined): boolean =>
    result?.kind === 'mqtt' && isStopSign(result.connack.code);
  for (const protocolVersion of isUnwelcome(login) ? [] : OTHER_VERSIONS) {
    if (known.has(protocolVersion) || asker.left <= 0) continue;
    const stranger = { protocolVersion, clientId: randomClientId() };
    const named = () => encodeForm({ protocolVersion, username: randomClientId() });
    const result = !isLocked
      ? await asker.ask(stranger)
      : isNamed(protocolVersion)
        ? await asker.askSparingly(named(), { isNamed: true })
        : await asker.askSparingly(stranger);
    if (!result) break;
    results.set(protocolVersion, result);
    if (isUnwelcome(result)) break;
  }
  const answers: VersionAnswer[] = [];
  for (const [asked, result] of results) {
    vector.set(versionKey(asked), answerText(result));
    if (result.kind === 'mqtt') observeProperties(vector, result.properties);
    answers.push({ ...answerFrom(asked, result), ...(isNamed(asked) && { withUserName: true }) });
  }
  const strangers = answers.filter(({ withUserName }) => !withUserName);
  const inFive = results.get(5);
  return {
    answers: answers.sort((a, b) => a.asked - b.asked),
    connacks: strangers.flatMap(({ connack }) => (connack ? [connack] : [])),
    spoken: spokenIn(answers),
    properties: inFive?.kind === 'mqtt' ? inFive.properties : [],
  };
}

/** Asks for the versions that strangers were not asked with, as whom the broker lets in. */
export async function askVersionsInside(
  facts: VersionFacts,
  asker: Asker,
  credentials: Credentials,
): Promise<VersionFacts> {
  const added: VersionAnswer[] = [];
  for (const protocolVersion of OTHER_VERSIONS) {
    if (asker.left <= 0 || facts.answers.some(({ asked }) => asked === protocolVersion)) continue;
    const result = await asker.ask({ protocolVersion, credentials, clientId: randomClientId() });
    added.push({ ...answerFrom(protocolVersion, result), withLogin: true });
  }
  return {
    ...facts,
    answers: [...facts.answers, ...added].sort((a, b) => a.asked - b.asked),
    spoken: spokenIn([...facts.answers, ...added]),
  };
}

/** The versions that were answered in their own form, whatever the answer. */
function spokenIn(answers: readonly VersionAnswer[]): ProtocolVersion[] {
  const spoken = answers.flatMap(({ connack }) =>
    connack && !isVersionRefused(connack.code) ? [connack.protocolVersion] : [],
  );
  return [...new Set(spoken)].sort();
}

/** What became of a version. */
export function answerFrom(asked: ProtocolVersion, result: Attempt): VersionAnswer {
  if (result.kind !== 'mqtt') return { asked, meaning: result.reason };
  const { connack } = result;
  return { asked, connack, meaning: connack.meaning };
}
