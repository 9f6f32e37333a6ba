import { randomBytes } from 'node:crypto';
import type { EnhancedAuthenticationResult, LoginOutcome, LoginResult, Product } from '../model';
import { openStream, type StageContext } from '../net';
import { looksAtMethods, PropertyId, readProperties, textOf } from '../probe';
import { closeSoon, DISCONNECT, decodeConnack, encodeForm, type Frame, PacketType, WireError } from '../wire';
import { isNoSession } from './dialogue';
import { firstFrame } from './first-frame';
import type { LoginTarget } from './login';
import { isStopSign, outcomeOf } from './outcomes';
import type { Refusals } from './refusals';

/**
 * Methods that brokers are known to have (5.0 §4.12 leaves the names open): SCRAM of RFC 5802 and RFC 7677 (HiveMQ and
 * EMQX offer it), Kerberos of RFC 4752, and the token methods of cloud brokers. MQTT has no way to ask for a list.
 */
const METHODS = [
  'SCRAM-SHA-256',
  'SCRAM-SHA-512',
  'SCRAM-SHA-1',
  'GS2-KRB5',
  'OAUTH2-JWT',
  'K8S-SAT',
] as const;

type Answer =
  /** AUTH came, or a refusal by name of the user: the method is known. */
  | 'offered'
  /** 0x8C: not this method [MQTT-4.12.0-1]. */
  | 'unknown-method'
  /** Let in or refused without a look at the method. */
  | 'ignored'
  | 'nothing';

interface Asking {
  readonly answer: Answer;
  /** What a CONNACK said of the login. */
  readonly outcome?: LoginOutcome;
}

const NOT_SPOKEN = 'only MQTT 5 has authentication methods, and it was not found to be spoken';

/** True where asking costs no refused login, since the product is known to look at the method before the login. */
export const isAskedFreely = (product: Product | undefined): boolean =>
  product !== undefined && looksAtMethods(product);

/**
 * Which authentication methods of MQTT 5 a broker goes into. Each is asked for with a user of nobody; the exchange is
 * given up at the first answer.
 * @param anonymous what a stranger was answered, by version
 */
export async function testEnhancedAuthentication(
  target: LoginTarget,
  anonymous: readonly LoginResult[],
  product: Product | undefined,
  refusals: Refusals,
  context: StageContext,
): Promise<EnhancedAuthenticationResult> {
  const stranger = anonymous.find(({ protocolVersion }) => protocolVersion === 5);
  if (!target.versions.includes(5)) {
    const isUntried = stranger?.verdict === 'not-tested';
    return result('not-tested', [], [], isUntried ? stranger.meaning : NOT_SPOKEN);
  }
  const methods: string[] = [];
  const asked: string[] = [];
  // That the product looks at the method first is known from its kind. Where strangers are refused, the first answer must
  // show it before further methods are asked for without room for a refusal.
  let isSeen = isAskedFreely(product) && stranger?.verdict === 'accepted';
  for (const method of METHODS) {
    const ask = () => askFor(method, target, context);
    const asking: Asking | string = isSeen
      ? await refusals.attemptFree(ask)
      : isAskedFreely(product)
        ? await refusals.attempt(undefined, ask)
        : await refusals.attemptAside(undefined, ask);
    if (typeof asking === 'string') {
      return asked.length === 0
        ? result('not-tested', methods, asked, asking)
        : result(methods.length > 0 ? 'offered' : 'inconclusive', methods, asked, asking);
    }
    const { answer } = asking;
    asked.push(method);
    isSeen = answer === 'unknown-method' && isAskedFreely(product);
    if (answer === 'offered') methods.push(method);
    if (answer === 'ignored') {
      return result('not-offered', methods, asked, 'the broker pays no attention to authentication methods');
    }
    if (answer === 'nothing') return result('inconclusive', methods, asked, 'the broker did not answer');
  }
  return methods.length > 0
    ? result('offered', methods, asked, 'the broker goes into these methods')
    : result('not-offered', methods, asked, 'the broker knows none of the methods that were asked for');
}

function result(
  verdict: EnhancedAuthenticationResult['verdict'],
  methods: readonly string[],
  asked: readonly string[],
  meaning: string,
): EnhancedAuthenticationResult {
  return { verdict, methods, asked, meaning };
}

async function askFor(
  method: string,
  { endpoint, transport }: LoginTarget,
  context: StageContext,
): Promise<Asking> {
  try {
    const { stream } = await openStream(endpoint, transport, context);
    try {
      const connect = encodeForm({ protocolVersion: 5, authentication: { method, data: firstData(method) } });
      stream.write(connect.bytes);
      const frame = await firstFrame(stream, context.phaseTimeoutMs, context.signal);
      if (!frame) return { answer: 'nothing' };
      const asking = answerOf(frame);
      if (frame.type === PacketType.CONNACK && asking.answer === 'ignored') stream.end(DISCONNECT);
      return asking;
    } finally {
      closeSoon(stream);
    }
  } catch (thrown) {
    context.signal.throwIfAborted();
    if (!isNoSession(thrown)) throw thrown;
    return { answer: 'nothing' };
  }
}

function answerOf(frame: Frame): Asking {
  if (frame.type === PacketType.AUTH) return { answer: 'offered' };
  if (frame.type !== PacketType.CONNACK) throw new WireError('unexpected-packet', 'neither CONNACK nor AUTH');
  const connack = decodeConnack(frame, 5);
  const outcome = outcomeOf(connack);
  // A broker that goes into a method says so in its CONNACK (5.0 §3.2.2.3.17).
  if (connack.protocolVersion === 5 && textOf(readProperties(frame), PropertyId.AUTHENTICATION_METHOD))
    return { answer: 'offered' };
  if (outcome === 'bad-authentication-method') return { answer: 'unknown-method' };
  return { answer: isStopSign(outcome) ? 'nothing' : 'ignored', outcome };
}

/** The client's first words: RFC 5802 §7 for SCRAM, with a name and a nonce of nobody; nothing for the others. */
function firstData(method: string): Buffer {
  const random = randomBytes(12).toString('hex');
  return Buffer.from(method.startsWith('SCRAM') ? `n,,n=mqttscan${random},r=${random}` : '');
}
