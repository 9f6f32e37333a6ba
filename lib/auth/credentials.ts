import { X509Certificate } from 'node:crypto';
import {
  type ClientCertificateResult,
  type Connack,
  type CredentialsResult,
  isEncrypted,
  type LoginResult,
  type ProtocolVersion,
  printable,
  type VersionAnswer,
} from '../model';
import { asStranger, hasCertificate, type StageContext } from '../net';
import { isVersionRefused } from '../wire';
import { nobody } from './anonymous';
import { knownResult, type LoginTarget, tryLogin } from './login';
import { isWorthARetry } from './outcomes';
import { pause, type Refusals } from './refusals';

/**
 * Connects with the login that was given for the scan.
 * @param known what the probe was answered to it a moment ago; not asked again, since one more failure may lock it
 */
export async function testCredentials(
  target: LoginTarget,
  known: Connack | undefined,
  refusals: Refusals,
  context: StageContext,
): Promise<CredentialsResult> {
  const { credentials } = context;
  const [protocolVersion] = target.versions;
  if (!credentials || protocolVersion === undefined) {
    return { verdict: 'not-tested', meaning: 'no login was given', sentInClear: false };
  }
  const { username, password } = credentials;
  const attempt = () => tryLogin(target, { protocolVersion, username, password }, context);
  let result =
    known && !isVersionRefused(known.code)
      ? knownResult(
          target,
          known,
          { protocolVersion: known.protocolVersion, username, password },
          context.tls,
        )
      : await refusals.spendGiven(username, attempt);
  if (result.outcome && isWorthARetry(result.outcome) && refusals.reason === undefined) {
    await pause(context.signal);
    result = await refusals.spend(username, attempt);
  }
  // What was not tried was not sent.
  const wasSent = result.verdict !== 'not-tested';
  return { ...result, sentInClear: wasSent && !isEncrypted(target.transport) };
}

/** Connects with a random name and password: a broker that lets them in looks at no login at all. */
export function testRandomLogin(
  target: LoginTarget,
  refusals: Refusals,
  context: StageContext,
): Promise<LoginResult> {
  const [protocolVersion = 4] = target.versions;
  const username = nobody();
  return refusals.spendTest(username, () =>
    tryLogin(target, { protocolVersion, username, password: nobody() }, asStranger(context)),
  );
}

/**
 * Connects with the client certificate of the scan and nothing else.
 * @param answers what the probe was answered, to which TLS has shown the certificate too
 * @param anonymous what a stranger was answered
 * @returns undefined where there is no certificate, or no TLS to show it in
 */
export async function testCertificate(
  target: LoginTarget,
  answers: readonly VersionAnswer[],
  anonymous: LoginResult,
  credentials: CredentialsResult,
  refusals: Refusals,
  context: StageContext,
): Promise<ClientCertificateResult | undefined> {
  if (!isEncrypted(target.transport) || !hasCertificate(context)) return undefined;
  const [protocolVersion = 4] = target.versions;
  const known = answers.find(
    ({ asked, withUserName, withLogin }) => asked === protocolVersion && !withUserName && !withLogin,
  )?.connack;
  const alone = known
    ? knownResult(target, known, { protocolVersion }, context.tls)
    : await refusals.spend(undefined, () => tryLogin(target, { protocolVersion }, context));
  const isLogin = alone.verdict === 'accepted' && anonymous.verdict !== 'accepted';
  const subject = commonName(context);
  return {
    ...alone,
    ...(subject !== undefined && { subject }),
    isLogin,
    ...(isLogin && (await subjectAsUserName(target, protocolVersion, refusals, context))),
    ...(alone.verdict === 'refused' && credentials.verdict === 'accepted' && { passwordNeeded: true }),
  };
}

/** mosquitto with `use_identity_as_username` takes the user from the certificate and nothing from CONNECT. */
async function subjectAsUserName(
  target: LoginTarget,
  protocolVersion: ProtocolVersion,
  refusals: Refusals,
  context: StageContext,
): Promise<{ readonly subjectAsUserName?: boolean }> {
  const form = { protocolVersion, username: nobody(), password: nobody() };
  const { verdict } = await refusals.spend(undefined, () => tryLogin(target, form, context));
  return verdict === 'accepted' || verdict === 'refused' ? { subjectAsUserName: verdict === 'accepted' } : {};
}

function commonName({ tls }: StageContext): string | undefined {
  if (tls?.cert === undefined) return undefined;
  try {
    const name = /^CN=(.*)$/m.exec(new X509Certificate(tls.cert).subject)?.[1];
    return name === undefined ? undefined : printable(name);
  } catch {
    // Whether the certificate can be used at all, the handshake has told before.
    return undefined;
  }
}
