import type { Duplex } from 'node:stream';
import { onStop } from '../model';
import { type Frame, FrameReader } from '../wire';

/** No honest answer to CONNECT is longer. */
const MAX_BYTES = 4096;

/**
 * The first packet that comes, whatever its type; undefined when there is none in time, or no packet.
 * @throws the signal's reason when it is aborted
 */
export function firstFrame(
  stream: Duplex,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Frame | undefined> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const finish = (frame?: Frame): void => {
      clearTimeout(timer);
      stopWaiting();
      reader.end();
      stream.off('data', onData).off('end', onEnd).off('error', onEnd).off('close', onEnd);
      if (signal.aborted) reject(signal.reason);
      else resolve(frame);
    };
    const reader = new FrameReader(
      { limitOf: () => MAX_BYTES, oversize: 'reject' },
      { frame: (frame) => finish(frame), skipped: () => undefined },
    );
    const onEnd = (): void => finish();
    const onData = (chunk: Buffer): void => {
      try {
        reader.push(chunk);
      } catch {
        finish();
      }
    };
    const timer = setTimeout(onEnd, timeoutMs);
    const stopWaiting = onStop(signal, onEnd);
    stream.on('data', onData).on('end', onEnd).on('error', onEnd).on('close', onEnd);
  });
}
