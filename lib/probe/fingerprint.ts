import type { Asker } from './asker';
import { ODD_CONNECTS, type OddConnect } from './odd-connects';
import { type Candidate, candidates, conclude } from './score';
import { NOTES, SIGNS, type Sign } from './signs';
import { answerText, type Observation, type Vector } from './vector';

const ODD: readonly OddConnect[] = Object.keys(ODD_CONNECTS) as OddConnect[];
/** In the form of MQTT 5: a broker that is silent at MQTT 5 is silent at these. */
const OF_MQTT_5: ReadonlySet<Observation> = new Set(['v5 unknown auth method', 'level 6']);

/** Server unavailable or busy, banned, quota or rate exceeded: asking on is not welcome. */
const UNWELCOME = /^(?:3:3|5:(?:88|89|8a|97|9f))$/;
/** A login that was refused: what brokers, and those who read their logs, count. */
const REFUSED_LOGIN = /^(?:3:[45]|5:(?:86|87))$/;
/**
 * Logins that may be refused before questions end that are likely to be refused too. Many a lock is set off by the fifth,
 * and who tests the login itself needs one.
 */
const MAX_REFUSED = 3;

/** No answer, or none that is MQTT: asking on tells nothing. */
const TELLS_NOTHING = /^(?:silent|garbage|no connection)$/;

/** True when the broker asked for peace, or leaves more than one question unanswered. */
export function isAskedEnough(vector: Vector): boolean {
  const answers = [...vector.values()];
  const failures = answers.filter((answer) => TELLS_NOTHING.test(answer));
  return failures.length > 1 || answers.some((answer) => UNWELCOME.test(answer));
}

/** Logins that were refused so far. */
export function refusedLogins(vector: Vector): number {
  return refusals(vector).length;
}

function refusals(vector: Vector): string[] {
  return [...vector.values()].filter((answer) => REFUSED_LOGIN.test(answer));
}

/**
 * Asks by unusual CONNECTs, the most telling one first, until one product is left or nothing more is to be
 * learnt.
 * @param reserve connections that must be left for others
 */
export async function askOddConnects(asker: Asker, vector: Vector, reserve: number): Promise<void> {
  while (asker.left > reserve && !isAskedEnough(vector)) {
    const next = nextQuestion(vector, asker.isLoginRefused ? 1 : 0);
    if (next === undefined) return;
    const answer = answerText(await asker.ask(ODD_CONNECTS[next]()));
    vector.set(next, answer);
    if (TELLS_NOTHING.test(answer)) return;
  }
}

/**
 * The CONNECT whose answer tells most about the product that is ahead; undefined when there is no need.
 * @param refusedBefore logins that were refused and are not in the vector
 */
export function nextQuestion(vector: Vector, refusedBefore = 0): OddConnect | undefined {
  const [leader] = candidates(vector);
  const refused = refusedLogins(vector) + refusedBefore;
  // Beyond the limit nothing is asked: what was expected of the product that is ahead has not come true.
  const isTooMuch = (odd: OddConnect): boolean =>
    refused > MAX_REFUSED || (refused === MAX_REFUSED && isLikelyRefused(odd, leader, vector));
  const open = ODD.filter((odd) => !vector.has(odd) && !isSilentlyPassed(odd, vector) && !isTooMuch(odd));
  const product = conclude(vector);
  if (product) {
    const decisive = NOTES.get(product.name)?.editionBy;
    return open.find((odd) => odd === decisive);
  }
  const worth = (odd: OddConnect): number => (leader && leader.bits > 0 ? worthOf(odd, leader) : 0);
  const useful = open.filter((odd) => worth(odd) >= 0);
  return useful.sort((a, b) => worth(b) - worth(a))[0];
}

function isSilentlyPassed(odd: OddConnect, vector: Vector): boolean {
  return vector.get('v5') === 'silent' && OF_MQTT_5.has(odd);
}

/** True unless the product that is ahead is known to answer otherwise than by refusing the login. */
function isLikelyRefused(odd: OddConnect, leader: Candidate | undefined, vector: Vector): boolean {
  const signs = leader ? signsOf(leader, odd) : [];
  const refused = refusals(vector);
  return signs.length === 0 || signs.some(({ answer }) => refused.some((refusal) => answer.test(refusal)));
}

function signsOf({ product, edition }: Candidate, observation: Observation): readonly Sign[] {
  return SIGNS.filter(
    (sign) => sign.product === product && sign.edition === edition && sign.observation === observation,
  );
}

/** Bits that the expected answer would add; negative where the product is expected to stay silent. */
function worthOf(odd: OddConnect, leader: Candidate): number {
  const signs = signsOf(leader, odd);
  if (signs.some(({ answer }) => answer.test('silent'))) return -1;
  return Math.max(0, ...signs.map(({ weight }) => weight));
}
