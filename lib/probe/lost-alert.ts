import { type Endpoint, onStop, printable, reasonOf, type Transport } from '../model';
import { openStream, type StageContext } from '../net';
import { type Attempt, failedAttempt, isAlert } from './attempt';

/** An alert follows the handshake at once. */
const ALERT_MS = 250;

/** True for an attempt that `withAlert` would make one more connection for. */
export const mayHaveLostAlert = (result: Attempt): boolean =>
  result.kind === 'not-mqtt' && result.isTlsReset === true;

/**
 * A server of TLS 1.3 that misses a client certificate ends the connection by an alert after the handshake (RFC 8446
 * §4.4.2.4). A CONNECT that reaches it later is answered by a reset, and the system of the client then drops the alert
 * unread. So one more connection is made, on which nothing is sent.
 * @returns the attempt as one that failed in TLS where there is such an alert, or else as it was
 * @throws ScanError OUT_OF_SCOPE; the signal's reason when it is aborted
 */
export async function withAlert(
  result: Attempt,
  endpoint: Endpoint,
  transport: Transport,
  context: StageContext,
): Promise<Attempt> {
  if (!mayHaveLostAlert(result)) return result;
  const alert = await alertAt(endpoint, transport, context);
  return alert === undefined ? result : { kind: 'tls-failed', spokeTls: true, reason: alert };
}

/** @returns undefined also where no further connection comes about: the first one has told more than that */
async function alertAt(
  endpoint: Endpoint,
  transport: Transport,
  context: StageContext,
): Promise<string | undefined> {
  const { signal } = context;
  try {
    const { stream } = await openStream(endpoint, transport, context);
    const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        stopWaiting();
        stream.destroy();
      };
      const end = (thrown?: Error): void => {
        settle();
        resolve(thrown);
      };
      const timer = setTimeout(end, ALERT_MS);
      const stopWaiting = onStop(signal, () => {
        settle();
        reject(signal.reason);
      });
      stream.once('error', end).once('close', () => end());
      stream.resume();
    });
    return error && isAlert(error) ? printable(reasonOf(error)) : undefined;
  } catch (thrown) {
    signal.throwIfAborted();
    // The alert may come before the stream is there, as behind a slow handshake.
    const failed = failedAttempt(thrown);
    return failed.kind === 'tls-failed' && failed.spokeTls ? failed.reason : undefined;
  }
}
