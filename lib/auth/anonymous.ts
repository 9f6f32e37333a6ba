import {
  type AnonymousVariant,
  type AnonymousVariantResult,
  isEncrypted,
  type LoginResult,
  type ProtocolVersion,
  type TlsMaterial,
  type VersionAnswer,
} from '../model';
import { asStranger, hasCertificate, type StageContext } from '../net';
import { type ConnectForm, isVersionRefused, randomClientId } from '../wire';
import { loginCommand } from './evidence';
import { knownResult, type LoginTarget, PREFERENCE, tryLogin, tryWithoutCertificate } from './login';
import type { Refusals } from './refusals';

/**
 * Connects without a login in every version that the broker speaks, or may speak, since brokers differ between versions.
 * What the probe was answered a moment ago is not asked again, unless it was asked with a client certificate.
 */
export async function testAnonymous(
  target: LoginTarget,
  answers: readonly VersionAnswer[],
  refusals: Refusals,
  context: StageContext,
): Promise<LoginResult[]> {
  const isKnown = !(isEncrypted(target.transport) && hasCertificate(context));
  const stranger = asStranger(context);
  const results: LoginResult[] = [];
  for (const protocolVersion of versionsToAsk(target, answers)) {
    const known = answers.find((answer) => answer.asked === protocolVersion && isPlain(answer));
    if (isKnown && known && isInForm(known)) {
      results.push(resultOf(target, known, stranger.tls));
      continue;
    }
    const attempt = () => tryWithoutCertificate(target, { protocolVersion }, stranger);
    // A broker that refuses strangers in one version seldom lets them in by another. The random login tells more, and one
    // refusal is left for it.
    const isFirst = results.length === 0;
    const result = await (isFirst
      ? refusals.spend(undefined, attempt)
      : refusals.spendAside(undefined, attempt, 1));
    results.push({ protocolVersion, ...result });
  }
  return results;
}

/** True for an answer to a CONNECT without any login. */
const isPlain = ({ withUserName, withLogin }: VersionAnswer): boolean => !withUserName && !withLogin;

/** True for an answer in the form of the version that was asked for, and where there was none at all. */
const isInForm = ({ asked, connack }: VersionAnswer): boolean =>
  connack === undefined || connack.protocolVersion === asked;

function resultOf(target: LoginTarget, answer: VersionAnswer, tls: TlsMaterial | undefined): LoginResult {
  const { asked: protocolVersion, connack, meaning } = answer;
  return connack
    ? knownResult(target, connack, { protocolVersion }, tls)
    : {
        verdict: 'inconclusive',
        protocolVersion,
        meaning,
        outcome: 'closed',
        ...loginCommand(target, { protocolVersion }, tls),
      };
}

/** The versions that are spoken, and those of which the probe did not dare to ask. */
function versionsToAsk({ versions }: LoginTarget, answers: readonly VersionAnswer[]): ProtocolVersion[] {
  const isOpenQuestion = (version: ProtocolVersion): boolean =>
    answers.length > 0 && !answers.some(({ asked }) => asked === version);
  return PREFERENCE.filter((version) => versions.includes(version) || isOpenQuestion(version));
}

/** One that lets us in decides; else one that refuses; else any answer. */
export function decisive(results: readonly LoginResult[]): LoginResult {
  return (
    results.find(({ verdict }) => verdict === 'accepted') ??
    results.find(({ verdict }) => verdict === 'refused') ??
    results.findLast(({ verdict }) => verdict === 'inconclusive') ??
    results[0] ?? { verdict: 'inconclusive', meaning: 'no MQTT version is known for this endpoint' }
  );
}

type Variant = readonly [AnonymousVariant, () => Omit<ConnectForm, 'protocolVersion'>];

/** The likely mistakes first, in case that not all can be tried. */
const WITH_USER_NAME: readonly Variant[] = [
  ['no-password', () => ({ username: nobody() })],
  ['empty-user-name', () => ({ username: '' })],
  ['empty-password', () => ({ username: nobody(), password: '' })],
];
const WITHOUT: Variant = ['empty-client-id', () => ({ clientId: '' })];

/** The forms of "no login" that brokers have taken for one (CVE-2016-9877 among them); user names are random. */
export async function testVariants(
  target: LoginTarget,
  anonymous: LoginResult,
  answers: readonly VersionAnswer[],
  refusals: Refusals,
  context: StageContext,
): Promise<AnonymousVariantResult[]> {
  const protocolVersion = anonymous.protocolVersion ?? target.versions[0] ?? 4;
  // Where a stranger is let in, the form without a user name costs no failure.
  const isOpen = anonymous.verdict === 'accepted';
  const variants = isOpen ? [WITHOUT, ...WITH_USER_NAME] : [...WITH_USER_NAME, WITHOUT];
  const results: AnonymousVariantResult[] = [];
  for (const [variant, form] of variants) {
    const known = variant === 'no-password' ? answerWithUserName(target, answers, context) : undefined;
    if (known) {
      results.push({ variant, ...known });
      continue;
    }
    const connect = { protocolVersion, ...form() };
    const login = () => tryLogin(target, connect, context);
    const isFree = isOpen && variant === 'empty-client-id';
    const result = isFree ? refusals.spendFree(login) : refusals.spendAside(connect.username, login);
    results.push({ variant, ...(await result) });
  }
  return results;
}

/** What the probe was answered to a user name without a password. */
function answerWithUserName(
  target: LoginTarget,
  answers: readonly VersionAnswer[],
  { tls }: StageContext,
): LoginResult | undefined {
  const { connack, asked = 3 } = answers.find(({ withUserName }) => withUserName) ?? {};
  if (!connack || isVersionRefused(connack.code)) return undefined;
  return knownResult(target, connack, { protocolVersion: asked, username: nobody() }, tls);
}

/** A user name that nobody has. */
export function nobody(): string {
  return randomClientId();
}
