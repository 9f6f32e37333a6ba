import {
  type Connack,
  type Endpoint,
  type LoginOutcome,
  type LoginResult,
  type ProtocolVersion,
  printable,
  type TlsMaterial,
  type Transport,
} from '../model';
import { LOGIN_WITHHELD, type StageContext } from '../net';
import { type Attempt, ask, PropertyId, SILENT, textOf, withAlert } from '../probe';
import { type ConnectForm, encodeForm } from '../wire';
import { loginCommand } from './evidence';
import { outcomeOf, verdictOf } from './outcomes';

/** Newer brokers differ between versions, so all are asked; 3.1.1 first, since nearly all speak it. */
export const PREFERENCE: readonly ProtocolVersion[] = [4, 5, 3];

/** Where logins are tried: an endpoint, its transport, and the versions that it speaks, the preferred first. */
export interface LoginTarget {
  readonly endpoint: Endpoint;
  readonly transport: Transport;
  readonly versions: readonly ProtocolVersion[];
}

/** One CONNECT on a connection of its own, and what came of it. */
export async function tryLogin(
  target: LoginTarget,
  form: ConnectForm,
  context: StageContext,
): Promise<LoginResult> {
  return resultOf(target, form, await send(target, form, context), context);
}

/** As `tryLogin`, for a client that shows no certificate where TLS may miss one: the alert that says so may get lost. */
export async function tryWithoutCertificate(
  target: LoginTarget,
  form: ConnectForm,
  context: StageContext,
): Promise<LoginResult> {
  const { endpoint, transport } = target;
  const result = await send(target, form, context);
  return resultOf(target, form, await withAlert(result, endpoint, transport, context), context);
}

function send(
  { endpoint, transport }: LoginTarget,
  form: ConnectForm,
  context: StageContext,
): Promise<Attempt> {
  const connect = { ...encodeForm(form), carriesLogin: carriesLogin(form, context) };
  return ask(endpoint, transport, connect, context);
}

function resultOf(
  target: LoginTarget,
  form: ConnectForm,
  result: Attempt,
  { tls }: StageContext,
): LoginResult {
  return { ...loginResult(result, form.protocolVersion), ...loginCommand(target, form, tls) };
}

interface Words {
  readonly reasonString?: string | undefined;
  readonly serverReference?: string | undefined;
}

/** True when a form holds the login that was given for the scan. */
export function carriesLogin({ username, password }: ConnectForm, { credentials }: StageContext): boolean {
  return credentials !== undefined && username === credentials.username && password === credentials.password;
}

/** An answer to CONNECT as a result. */
export function loginResult(result: Attempt, protocolVersion: ProtocolVersion): LoginResult {
  if (result.kind === 'tls-failed' && result.reason === LOGIN_WITHHELD) {
    return notTested('kept back: the login is sent over TLS with a certificate that holds only');
  }
  if (result.kind !== 'mqtt') {
    const outcome = failureOf(result);
    return { verdict: verdictOf(outcome), protocolVersion, meaning: result.reason, outcome };
  }
  const { connack, properties } = result;
  return answerResult(connack, protocolVersion, {
    reasonString: textOf(properties, PropertyId.REASON_STRING),
    serverReference: textOf(properties, PropertyId.SERVER_REFERENCE),
  });
}

/** A CONNACK as a result, with what the broker says about it. */
function answerResult(
  connack: Connack,
  protocolVersion: ProtocolVersion,
  { reasonString, serverReference }: Words,
): LoginResult {
  const outcome = outcomeOf(connack);
  return {
    verdict: verdictOf(outcome),
    protocolVersion,
    code: connack.code,
    meaning: connack.meaning,
    outcome,
    ...(reasonString !== undefined && { reasonString }),
    ...(serverReference !== undefined && { serverReference }),
  };
}

/** What the probe was answered a moment ago, as a result; not asked again, since one more failure may lock somebody out. */
export function knownResult(
  target: LoginTarget,
  connack: Connack,
  form: Pick<ConnectForm, 'protocolVersion' | 'username' | 'password'>,
  tls: TlsMaterial | undefined,
): LoginResult {
  return {
    ...answerResult(connack, form.protocolVersion, wordsOf(connack)),
    ...loginCommand(target, form, tls),
  };
}

/** What the broker said about its answer, as the probe has kept it. */
function wordsOf({ properties }: Connack): { reasonString?: string; serverReference?: string } {
  const { reasonString, serverReference } = properties ?? {};
  return {
    ...(typeof reasonString === 'string' && { reasonString }),
    ...(typeof serverReference === 'string' && { serverReference }),
  };
}

/**
 * The alert of TLS 1.3 for a missing client certificate (RFC 8446 §6.2), which comes behind the handshake; before
 * 1.3 the same is told as a failed handshake.
 */
const NO_CERTIFICATE =
  /CERTIFICATE_REQUIRED|CERTIFICATE REQUIRED|SSLV3_ALERT_HANDSHAKE_FAILURE|SSL_NO_CERTIFICATE/i;

function failureOf(result: Exclude<Attempt, { kind: 'mqtt' }>): LoginOutcome {
  if (NO_CERTIFICATE.test(result.reason)) return 'certificate-required';
  return result.kind === 'not-mqtt' && result.service === SILENT ? 'no-answer' : 'closed';
}

/** How long a broker that answers is waited for, in milliseconds. */
const MIN_PATIENCE_MS = 1000;

/** For questions that a broker may well leave unanswered: the login itself is waited for as long as the scan allows. */
export function impatient(context: StageContext): StageContext {
  return { ...context, phaseTimeoutMs: Math.min(context.phaseTimeoutMs, MIN_PATIENCE_MS) };
}

/** A result for what was not tried. */
export function notTested(meaning: string): LoginResult {
  return { verdict: 'not-tested', meaning: printable(meaning) };
}
