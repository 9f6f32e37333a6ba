import type { LoginName, SessionSafetyResult } from '../model';
import type { StageContext } from '../net';
import { PropertyId } from '../probe';
import { type ConnectForm, randomClientId } from '../wire';
import { announced, Dialogue, isNoSession, NoSession } from './dialogue';
import type { LoginTarget } from './login';
import { inPairs, NoPlace, openBeside } from './pairs';
import type { Reader } from './reading';
import { pause } from './refusals';

/** What is asked for; much longer than any check, and no session of ours stays for ever if its removal fails. */
const EXPIRY_S = 86_400;
/**
 * How long the older connection is waited for to end. The standard wants that before the newer one is answered
 * [MQTT-3.1.4-3]; RabbitMQ does it later. "Both are kept" is a finding, so it is not said too early.
 */
const TAKEOVER_WAIT_MS = 500;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Findings = Mutable<Omit<SessionSafetyResult, 'as' | 'meaning'>>;

/**
 * What becomes of a session when its client comes twice, and when it leaves. Only with sessions of our own, under an
 * identifier that nobody else has; at the end nothing of them is left. Sends CONNECT and DISCONNECT only.
 */
export function testSessionSafety(
  target: LoginTarget,
  { as, form, context }: Reader,
): Promise<SessionSafetyResult> {
  return inPairs(target.endpoint.address, context, async () => {
    const findings: Findings = {
      takeover: 'inconclusive',
      persistentSession: 'inconclusive',
      secondConnection: 'inconclusive',
    };
    const lasting: ConnectForm = { ...form, clientId: randomClientId(), clean: false, ...expiryFor(form) };
    let reason: string | undefined;
    try {
      await testSessions(target, lasting, form, context, findings);
    } catch (thrown) {
      context.signal.throwIfAborted();
      if (!isNoSession(thrown) && !(thrown instanceof NoPlace)) throw thrown;
      reason = (thrown as Error).message;
    }
    return { as, ...findings, meaning: meaningOf(findings, as, reason) };
  });
}

const expiryFor = ({ protocolVersion }: ConnectForm): Pick<ConnectForm, 'sessionExpiry'> =>
  protocolVersion === 5 ? { sessionExpiry: EXPIRY_S } : {};

async function testSessions(
  target: LoginTarget,
  lasting: ConnectForm,
  form: ConnectForm,
  context: StageContext,
  findings: Findings,
): Promise<void> {
  let first: Dialogue | undefined;
  try {
    first = await openFirst(target, lasting, context);
    noteLimits(first, findings);
    const second = await testSecond(target, form, context);
    // A broker that allows one session for each account, or each address, has ended the first one although the second had
    // another identifier; so what an equal identifier does cannot be tried.
    if (second === 'accepted' && first.isOver) {
      findings.takeover = 'any-identifier';
      return;
    }
    findings.secondConnection = second;
    if (second === 'accepted') await testTakeover(first, target, lasting, context, findings);
  } finally {
    first?.leave();
    await first?.closed();
    // A CONNECT that was on its way when the scan was stopped may have made a session, too.
    if (first || context.signal.aborted) await removeSession(target, lasting, context);
  }
}

/** A broker that bears one connection may not have seen the end of the last one yet. */
async function openFirst(
  target: LoginTarget,
  lasting: ConnectForm,
  context: StageContext,
): Promise<Dialogue> {
  try {
    return await Dialogue.open(target, lasting, context);
  } catch (thrown) {
    if (!(thrown instanceof NoSession)) throw thrown;
    await pause(context.signal);
    return Dialogue.open(target, lasting, context);
  }
}

/** Another client of the same address, with an identifier of its own. */
async function testSecond(
  target: LoginTarget,
  form: ConnectForm,
  context: StageContext,
): Promise<SessionSafetyResult['secondConnection']> {
  try {
    const second = await openBeside(target, form, context);
    second.leave();
    await second.closed();
    return 'accepted';
  } catch (thrown) {
    if (thrown instanceof NoPlace || !isNoSession(thrown)) throw thrown;
    return 'refused';
  }
}

async function testTakeover(
  first: Dialogue,
  target: LoginTarget,
  lasting: ConnectForm,
  context: StageContext,
  findings: Findings,
): Promise<void> {
  let second: Dialogue;
  try {
    second = await openBeside(target, lasting, context);
  } catch (thrown) {
    if (!(thrown instanceof NoSession)) throw thrown;
    findings.takeover = 'second-refused';
    return;
  }
  try {
    await first.until(() => first.isOver, TAKEOVER_WAIT_MS);
    findings.takeover = first.isOver ? 'taken-over' : 'both-kept';
    const isKept = second.connack.sessionPresent;
    const expiry = findings.sessionExpirySeconds ?? EXPIRY_S;
    findings.persistentSession =
      !isKept || expiry === 0 ? 'not-kept' : expiry < EXPIRY_S ? 'limited' : 'accepted';
  } finally {
    second.leave();
    await second.closed();
  }
}

/** How long a scan that was stopped goes on to remove its session. */
const REMOVAL_MS = 500;

/** A clean session under the same identifier discards the one before [MQTT-3.1.2-6]. */
async function removeSession(
  target: LoginTarget,
  { sessionExpiry: _, ...lasting }: ConnectForm,
  context: StageContext,
): Promise<void> {
  const form = { ...lasting, clean: true };
  if (!context.signal.aborted) await openAndLeave(target, form, context);
  // Also where the scan is stopped, the broker is not left with a session that nobody will come back to.
  if (!context.signal.aborted) return;
  await openAndLeave(target, form, { ...context, signal: AbortSignal.timeout(REMOVAL_MS) });
}

async function openAndLeave(target: LoginTarget, form: ConnectForm, context: StageContext): Promise<void> {
  try {
    const last = await Dialogue.open(target, form, context);
    last.leave();
    await last.closed();
  } catch (thrown) {
    if (!context.signal.aborted && !isNoSession(thrown)) throw thrown;
  }
}

function noteLimits(first: Dialogue, findings: Findings): void {
  if (first.protocolVersion !== 5) return;
  // Absent means as asked for (5.0 §3.2.2.3.2).
  findings.sessionExpirySeconds = announced(first, PropertyId.SESSION_EXPIRY) ?? EXPIRY_S;
  const limits = [
    ['maximumQos', PropertyId.MAXIMUM_QOS],
    ['maximumPacketSize', PropertyId.MAXIMUM_PACKET_SIZE],
    ['receiveMaximum', PropertyId.RECEIVE_MAXIMUM],
  ] as const;
  for (const [name, id] of limits) {
    const value = announced(first, id);
    if (value !== undefined) findings[name] = value;
  }
}

const TAKEOVERS: Readonly<Record<SessionSafetyResult['takeover'], string>> = {
  'taken-over': 'a second client with the same identifier takes the session over',
  'second-refused': 'a second client with the same identifier is refused',
  'both-kept': 'two clients with the same identifier are both kept',
  'any-identifier':
    'a second client with the same login ends the session of the first, whatever its identifier',
  inconclusive: 'two clients with the same identifier could not be tried',
};

const KEPT: Readonly<Record<SessionSafetyResult['persistentSession'], string>> = {
  accepted: 'a session is kept beyond its connection for as long as asked for',
  limited: 'a session is kept beyond its connection, for less time than asked for',
  'not-kept': 'no session without subscriptions is kept beyond its connection',
  inconclusive: 'whether a session is kept was not found out',
};

function meaningOf(
  { takeover, persistentSession }: Findings,
  as: LoginName,
  reason: string | undefined,
): string {
  const words = `as ${as}: ${TAKEOVERS[takeover]}; ${KEPT[persistentSession]}`;
  return reason ? `${words} (${reason})` : words;
}
