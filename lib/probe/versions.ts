import type { Connack, ProtocolVersion, VersionAnswer } from '../model';
import { encodeForm, isStopSign, isVersionRefused, randomClientId } from '../wire';
import type { Asker } from './asker';
import type { Attempt } from './attempt';
import type { Property } from './connack-properties';
import { answerText, observeProperties, type Vector, versionKey } from './vector';

/** MQTT 3.1.1 is what nearly every broker speaks; the other versions are asked for once MQTT is certain. */
export const FIRST_VERSION: ProtocolVersion = 4;
const OTHER_VERSIONS: readonly ProtocolVersion[] = [5, 3];
const OLDEST: ProtocolVersion = 3;
/** Return codes of MQTT 3.1.1 for a login that is not let in (3.1.1 §3.2.2.3). */
const LOGIN_REFUSED: ReadonlySet<number> = new Set([4, 5]);

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

/** Asks for the versions that were not asked for yet, and notes every answer in the vector. */
export async function askVersions(first: Attempt, asker: Asker, vector: Vector): Promise<VersionFacts> {
  const results = new Map<ProtocolVersion, Attempt>([[FIRST_VERSION, first]]);
  const isLocked = first.kind === 'mqtt' && LOGIN_REFUSED.has(first.connack.code);
  const isNamed = (version: ProtocolVersion): boolean => isLocked && version === OLDEST;
  for (const protocolVersion of OTHER_VERSIONS) {
    const result = await asker.ask(
      isNamed(protocolVersion)
        ? encodeForm({ protocolVersion, username: randomClientId() })
        : { protocolVersion, clientId: randomClientId() },
    );
    results.set(protocolVersion, result);
    if (result.kind === 'mqtt' && isStopSign(result.connack.code)) break;
  }
  const answers: VersionAnswer[] = [];
  for (const [asked, result] of results) {
    vector.set(versionKey(asked), answerText(result));
    if (result.kind === 'mqtt') observeProperties(vector, result.properties);
    answers.push({ ...answerFrom(asked, result), ...(isNamed(asked) && { withUserName: true }) });
  }
  const all = answers.flatMap(({ connack }) => (connack ? [connack] : []));
  const strangers = answers.filter(({ withUserName }) => !withUserName);
  const spoken = all
    .filter(({ code }) => !isVersionRefused(code))
    .map(({ protocolVersion }) => protocolVersion);
  const inFive = results.get(5);
  return {
    answers: answers.sort((a, b) => a.asked - b.asked),
    connacks: strangers.flatMap(({ connack }) => (connack ? [connack] : [])),
    spoken: [...new Set(spoken)].sort(),
    properties: inFive?.kind === 'mqtt' ? inFive.properties : [],
  };
}

function answerFrom(asked: ProtocolVersion, result: Attempt): VersionAnswer {
  if (result.kind !== 'mqtt') return { asked, meaning: result.reason };
  const { connack } = result;
  return { asked, connack, meaning: connack.meaning };
}
