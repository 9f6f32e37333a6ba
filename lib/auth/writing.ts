import { randomBytes } from 'node:crypto';
import type { RightVerdict } from '../model';
import { Dialogue, isNoSession, NoSession } from './dialogue';
import { writeCommand } from './evidence';
import type { LoginTarget } from './login';
import { inPairs, NoPlace, openBeside } from './pairs';
import { clamp } from './patience';
import type { Reader } from './reading';

export interface WritingResult {
  readonly write: RightVerdict;
  readonly will: RightVerdict;
  readonly writeEvidence?: string;
}

/** A message comes back within some round trips, or not at all. */
const ECHO_WAIT = { roundTrips: 10, minMs: 150, maxMs: 1000 } as const;
const REFUSED = 0x80;

/**
 * Whether one login may publish, and have a will published: QoS 0, not retained, to one topic that nobody else knows,
 * so that nothing is left behind. Proven by a second session that receives it.
 */
export function testWriting(target: LoginTarget, writer: Reader): Promise<WritingResult> {
  const topic = `mqttscan/${randomBytes(8).toString('hex')}`;
  const command = writeCommand(target, writer.form, writer.context.tls, topic);
  return inPairs(target.endpoint.address, writer.context, async () => ({
    ...(await testOn(topic, target, writer)),
    ...(command !== undefined && { writeEvidence: command }),
  }));
}

async function testOn(topic: string, target: LoginTarget, writer: Reader): Promise<WritingResult> {
  const { form, context } = writer;
  let reader: Dialogue | undefined;
  try {
    reader = await Dialogue.open(target, form, context);
    const heard = new Set<string>();
    reader.onMessage(({ topic: from, tail }) => {
      if (from !== topic) return;
      for (const word of WORDS) if (tail.endsWith(word)) heard.add(word);
    });
    const id = reader.subscribe(topic);
    const listening = reader;
    await listening.until(() => listening.codeOf(id) !== undefined, context.phaseTimeoutMs);
    const code = listening.codeOf(id);
    const canHear = code !== undefined && code < REFUSED;
    const echo = (word: Word): Promise<boolean> =>
      listening.until(() => heard.has(word), canHear ? clamp(ECHO_WAIT, listening.rttMs) : 0);
    if (listening.isOver) return NOTHING_KNOWN;
    const write = await testPublish(topic, echo, target, writer);
    const will = await testWill(topic, echo, target, writer);
    return { write, will };
  } catch (thrown) {
    context.signal.throwIfAborted();
    if (!isNoSession(thrown) && !(thrown instanceof NoPlace)) throw thrown;
    return NOTHING_KNOWN;
  } finally {
    reader?.leave();
  }
}

const WORDS = ['canary', 'will'] as const;
type Word = (typeof WORDS)[number];
type Echo = (word: Word) => Promise<boolean>;
const NOTHING_KNOWN = { write: 'inconclusive', will: 'inconclusive' } as const;

async function testPublish(
  topic: string,
  echo: Echo,
  target: LoginTarget,
  { form, context }: Reader,
): Promise<RightVerdict> {
  const writer = await openBeside(target, form, context);
  try {
    writer.publish(topic, 'canary');
    if (await echo('canary')) return 'proven';
    // MQTT 3.1.1 §3.3.5: refuse in silence, or end the connection. What is silent may be either side's refusal.
    await writer.until(() => writer.isOver, clamp(ECHO_WAIT, writer.rttMs) / 3);
    return writer.isOver ? 'denied' : 'inconclusive';
  } finally {
    writer.leave();
    await writer.closed();
  }
}

async function testWill(
  topic: string,
  echo: Echo,
  target: LoginTarget,
  { form, context }: Reader,
): Promise<RightVerdict> {
  let dying: Dialogue;
  try {
    dying = await openBeside(target, { ...form, will: { topic, payload: 'will' } }, context);
  } catch (thrown) {
    // Without a will the same login was let in a moment before.
    if (thrown instanceof NoSession && thrown.connack) return 'denied';
    throw thrown;
  }
  // Without DISCONNECT the broker publishes the will [MQTT-3.1.2-8].
  dying.drop();
  return (await echo('will')) ? 'proven' : 'granted';
}
