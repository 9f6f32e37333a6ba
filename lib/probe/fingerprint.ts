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
/** A login that was refused. */
const REFUSED_LOGIN = /^(?:3:[45]|5:(?:86|87))$/;

/** Identifier rejected: what some brokers say of a login. */
const UNCLEAR_REFUSAL = /^(?:3:2|5:85)$/;

/** No answer, or none that is MQTT: asking on tells nothing. */
const TELLS_NOTHING = /^(?:silent|garbage|no connection)$/;

/** True when the broker asked for peace, or leaves more than one question unanswered. */
export function isAskedEnough(vector: Vector): boolean {
  const answers = [...vector.values()];
  const failures = answers.filter((answer) => TELLS_NOTHING.test(answer));
  return failures.length > 1 || answers.some((answer) => UNWELCOME.test(answer));
}

/**
 * Asks by unusual CONNECTs, the most telling one first, until one product is left or nothing more is to be
 * learnt.
 * @param reserve connections that must be left for others
 */
export async function askOddConnects(asker: Asker, vector: Vector, reserve: number): Promise<void> {
  const leftOut = new Set<OddConnect>();
  while (asker.left > reserve && !isAskedEnough(vector) && !isUnclear(vector)) {
    const next = nextQuestion(vector, leftOut);
    if (next === undefined) return;
    const connect = ODD_CONNECTS[next]();
    const odd = { isOdd: true, isHardlyRefused: !isLikelyRefused(next, vector) };
    const result = isLocked(vector) ? await asker.askSparingly(connect, odd) : await asker.ask(connect, odd);
    if (!result) {
      // Where even that must not be asked, nothing may.
      if (odd.isHardlyRefused) return;
      leftOut.add(next);
      continue;
    }
    const answer = answerText(result);
    vector.set(next, answer);
    if (TELLS_NOTHING.test(answer)) return;
  }
}

/**
 * The CONNECT whose answer tells most about the product that is ahead; undefined when there is no need.
 * @param leftOut what must not be asked
 */
export function nextQuestion(
  vector: Vector,
  leftOut: ReadonlySet<OddConnect> = new Set(),
): OddConnect | undefined {
  const [leader] = candidates(vector);
  const open = ODD.filter((odd) => !vector.has(odd) && !isSilentlyPassed(odd, vector) && !leftOut.has(odd));
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

/**
 * True where a proper CONNECT is refused for its identifier. Nobody can tell then which refusals of odd ones the broker
 * counts as failed logins.
 */
function isUnclear(vector: Vector): boolean {
  return (['v4', 'v5'] as const).some((version) => UNCLEAR_REFUSAL.test(vector.get(version) ?? ''));
}

const refusalsIn = (vector: Vector): string[] =>
  [...vector.values()].filter((answer) => REFUSED_LOGIN.test(answer));

const isLocked = (vector: Vector): boolean => refusalsIn(vector).length > 0;

/** Where strangers are refused: true unless the product that is ahead is known to answer otherwise. */
function isLikelyRefused(odd: OddConnect, vector: Vector): boolean {
  const refusals = refusalsIn(vector);
  const [leader] = candidates(vector);
  const signs = leader ? signsOf(leader, odd) : [];
  return signs.length === 0 || signs.some(({ answer }) => refusals.some((refusal) => answer.test(refusal)));
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
