import {
  type AnonymousVariant,
  type AnonymousVariantResult,
  isEncrypted,
  type LoginResult,
  type VersionAnswer,
} from '../model';
import { asStranger, hasCertificate, type StageContext } from '../net';
import { type ConnectForm, isVersionRefused, randomClientId } from '../wire';
import { knownResult, type LoginTarget, tryLogin } from './login';
import type { Refusals } from './refusals';

/**
 * Connects without a login in every version that the broker speaks, since brokers differ between versions. What the
 * probe was answered a moment ago is not asked again, unless it was asked with a client certificate.
 */
export async function testAnonymous(
  target: LoginTarget,
  answers: readonly VersionAnswer[],
  refusals: Refusals,
  context: StageContext,
): Promise<LoginResult[]> {
  const isKnown = !(isEncrypted(target.transport) && hasCertificate(context));
  const results: LoginResult[] = [];
  for (const protocolVersion of target.versions) {
    const answer = answers.find(({ asked }) => asked === protocolVersion);
    // One more refusal would tell little: who refuses strangers in one version lets them in here hardly ever.
    if (answers.length > 0 && (!answer || answer.withUserName || answer.withLogin)) continue;
    const { connack } = answer ?? {};
    const stranger = asStranger(context);
    if (isKnown && connack?.protocolVersion === protocolVersion) {
      results.push(knownResult(target, connack, { protocolVersion }, stranger.tls));
    } else {
      const attempt = () => tryLogin(target, { protocolVersion }, stranger);
      results.push({ protocolVersion, ...(await refusals.spend(undefined, attempt)) });
    }
  }
  return results;
}

/** One that lets us in decides; else one that refuses; else the last. */
export function decisive(results: readonly LoginResult[]): LoginResult {
  return (
    results.find(({ verdict }) => verdict === 'accepted') ??
    results.find(({ verdict }) => verdict === 'refused') ??
    results.at(-1) ?? { verdict: 'inconclusive', meaning: 'no MQTT version is known for this endpoint' }
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
