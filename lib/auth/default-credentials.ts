import type { DefaultCredentialsResult, DefaultLoginAttempt, LoginResult, Product } from '../model';
import type { StageContext } from '../net';
import { DEFAULT_LOGINS, type DefaultLogin } from './default-logins';
import { type LoginTarget, tryLogin } from './login';
import { isWorthARetry } from './outcomes';
import { pause, type Refusals } from './refusals';

/** What stands in the report when the check is switched off. */
export const DEFAULTS_NOT_TESTED = defaultsResult('not-tested', [], 'the check is switched off');

/**
 * Tries published default logins, after a random one was refused: a broker that takes any login has no default
 * one. Those of the product come first. Stops at the first that is let in, at every sign that the broker counts the
 * tries, and at the limits.
 */
export async function testDefaultCredentials(
  target: LoginTarget,
  random: LoginResult,
  plan: { readonly product: Product | undefined; readonly maxAttempts: number },
  refusals: Refusals,
  context: StageContext,
): Promise<DefaultCredentialsResult> {
  const [protocolVersion] = target.versions;
  if (protocolVersion === undefined) {
    return defaultsResult('inconclusive', [], 'no MQTT version is known for this endpoint');
  }
  const logins = loginsFor(plan.product);
  if (random.verdict === 'not-tested') {
    return { ...defaultsResult('not-tested', [], random.meaning), left: logins.length };
  }
  if (random.verdict !== 'refused') {
    return defaultsResult('inconclusive', [], `a random login was answered with: ${random.meaning}`);
  }
  const attempts: DefaultLoginAttempt[] = [];
  let skipped = 0;
  for (const [i, login] of logins.entries()) {
    if (refusals.triesOf(login.username) >= plan.maxAttempts) {
      skipped++;
      continue;
    }
    await pause(context.signal);
    const form = { protocolVersion, username: login.username, password: login.password };
    const attempt = () => refusals.spendAside(login.username, () => tryLogin(target, form, context));
    let result = await attempt();
    if (result.outcome && isWorthARetry(result.outcome)) {
      await pause(context.signal);
      const again = await attempt();
      // What may not be tried again stays as it was.
      if (again.verdict !== 'not-tested') result = again;
    }
    if (result.verdict === 'not-tested') {
      const found = attempts.length === 0 ? 'not-tested' : 'inconclusive';
      return { ...defaultsResult(found, attempts, result.meaning), left: logins.length - i + skipped };
    }
    attempts.push(attemptOf(login, result));
    if (result.verdict === 'accepted') {
      const meaning = `the default login of ${login.product} is let in`;
      return { ...defaultsResult('accepted', attempts, meaning), accepted: [login.username] };
    }
  }
  if (skipped === 0) return defaultsResult('refused', attempts, 'no default login is let in');
  const meaning = `left out, so that no account is locked: ${plan.maxAttempts} logins of one user name may be refused; a higher number of failed logins (maxAttempts) has them tried`;
  return { ...defaultsResult('inconclusive', attempts, meaning), left: skipped };
}

/** The list with the logins of a product at its head. */
export function loginsFor(product: Product | undefined): DefaultLogin[] {
  const isOwn = ({ products }: DefaultLogin): boolean =>
    product !== undefined && products.includes(product.name);
  return [...DEFAULT_LOGINS.filter(isOwn), ...DEFAULT_LOGINS.filter((login) => !isOwn(login))];
}

function attemptOf({ username, product, source }: DefaultLogin, result: LoginResult): DefaultLoginAttempt {
  const { outcome = 'other', code } = result;
  return { username, product, source, outcome, ...(code !== undefined && { code }) };
}

function defaultsResult(
  verdict: DefaultCredentialsResult['verdict'],
  attempts: readonly DefaultLoginAttempt[],
  meaning: string,
): DefaultCredentialsResult {
  return { verdict, tried: attempts.length, accepted: [], meaning, attempts };
}
