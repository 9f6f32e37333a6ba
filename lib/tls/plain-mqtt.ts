import type { Endpoint } from '../model';
import { DialError, openConnection, type StageContext } from '../net';
import { handshake, randomClientId } from '../wire';

/** A broker that is spoken to in its own language answers at once. */
const ANSWER_MS = 1000;

/**
 * Whether MQTT without TLS answers where TLS was expected: most brokers close without a word when a ClientHello
 * comes instead of a CONNECT.
 * @throws ScanError OUT_OF_SCOPE; the signal's reason when it is aborted
 */
export async function speaksPlainMqtt(endpoint: Endpoint, context: StageContext): Promise<boolean> {
  const { signal } = context;
  try {
    const { socket } = await openConnection(endpoint, context);
    const timeoutMs = Math.min(context.phaseTimeoutMs, ANSWER_MS);
    const answer = await handshake(
      socket,
      { protocolVersion: 4, clientId: randomClientId() },
      timeoutMs,
      signal,
    );
    return answer.kind === 'connack';
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof DialError) return false;
    throw thrown;
  }
}
