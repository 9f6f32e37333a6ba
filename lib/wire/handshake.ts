import type { Duplex } from 'node:stream';
import { type Connack, onStop, type ProtocolVersion, reasonOf } from '../model';
import { decodeConnack } from './connack-packet';
import { type ConnectOptions, DISCONNECT, encodeConnect } from './connect-packet';
import { type Frame, FrameReader } from './frame-reader';
import { PacketType } from './packet-types';
import { WireError } from './wire-error';

/** How a peer answered a CONNECT. Every answer is a result; only a stop is thrown. */
export type Answer =
  | {
      readonly kind: 'connack';
      readonly connack: Connack;
      /** The packet as it came: its bytes tell more about the product than their meaning does. */
      readonly frame: Frame;
    }
  /** Something answered that is not MQTT, or is MQTT beyond what is allowed. `head` are its first bytes. */
  | { readonly kind: 'garbage'; readonly head: Buffer; readonly reason: string }
  /** `code` is that of the error that ended the stream, if it was one: OpenSSL's, for example. */
  | { readonly kind: 'closed'; readonly reason: string; readonly code?: string }
  | { readonly kind: 'silent' };

/** A CONNECT that is already encoded, however unusual. */
export interface RawConnect {
  /** The version in whose form the answer may come. */
  readonly protocolVersion: ProtocolVersion;
  readonly bytes: Buffer;
  /** True when the login of the scan is in it. */
  readonly carriesLogin?: boolean;
}

/** No honest CONNACK is longer; MQTT 5 adds reason strings and properties. */
const MAX_CONNACK_BYTES = 4096;
/** Enough to tell services by their banner. */
const HEAD_BYTES = 256;
/**
 * How long a peer may take to close behind our DISCONNECT. Brokers close at once; of those that never do, each
 * connection would hold a place for this long.
 */
const FAREWELL_MS = 100;
/** Read and dropped after our DISCONNECT; a peer that has more to say is cut off. */
const MAX_FAREWELL_BYTES = 64 * 1024;

/**
 * Sends one CONNECT, waits for its answer, takes leave and destroys the stream.
 * @param timeoutMs wall-clock limit for the answer, however many single bytes keep coming
 * @throws the signal's reason when it is aborted
 */
export async function handshake(
  stream: Duplex,
  options: ConnectOptions | RawConnect,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const answer = await exchange(stream, options, timeoutMs, signal);
    if (answer.kind === 'connack' && answer.connack.code === 0) {
      // A normal end; without DISCONNECT brokers log an error about us (3.1.1 §3.14.4).
      stream.end(DISCONNECT);
    }
    return answer;
  } finally {
    closeSoon(stream);
  }
}

/** Gives the last bytes a moment to leave, then takes the stream down. */
export function closeSoon(stream: Duplex): void {
  if (!stream.writableEnded) {
    stream.destroy();
    return;
  }
  const timer = setTimeout(() => stream.destroy(), FAREWELL_MS);
  stream.once('close', () => clearTimeout(timer));
  // Whatever still comes is read and dropped, or the end of the peer would never be seen.
  let dropped = 0;
  stream.on('data', (chunk: Buffer) => {
    dropped += chunk.length;
    if (dropped > MAX_FAREWELL_BYTES) stream.destroy();
  });
}

function exchange(
  stream: Duplex,
  options: ConnectOptions | RawConnect,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const head = new Head();
    const settle = (): void => {
      clearTimeout(timer);
      stopWaiting();
      stream.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd);
    };
    const finish = (answer: Answer): void => {
      reader.end();
      settle();
      resolve(answer);
    };
    const timer = setTimeout(
      () => finish(head.isEmpty ? { kind: 'silent' } : garbage(head, 'the answer is not complete')),
      timeoutMs,
    );
    const onAbort = (): void => {
      settle();
      reject(signal.reason);
    };
    const onError = (error: Error): void =>
      finish(head.isEmpty ? closedBy(error) : garbage(head, reasonOf(error)));
    const onEnd = (): void =>
      onError(new Error(head.isEmpty ? 'closed without an answer' : 'closed before a whole packet had come'));
    const reader = new FrameReader(
      { limitOf: () => MAX_CONNACK_BYTES, oversize: 'reject' },
      { frame: (frame) => finish(answerOf(frame, options.protocolVersion, head)), skipped: () => undefined },
    );
    const onData = (chunk: Buffer): void => {
      head.add(chunk);
      try {
        reader.push(chunk);
      } catch (thrown) {
        finish(garbage(head, reasonOf(thrown)));
      }
    };
    const stopWaiting = onStop(signal, onAbort);
    stream.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);
    stream.write('bytes' in options ? options.bytes : encodeConnect(options));
  });
}

function answerOf(frame: Frame, asked: ProtocolVersion, head: Head): Answer {
  if (frame.type !== PacketType.CONNACK) {
    // [MQTT-3.2.0-1]: CONNACK must be the first packet from the server.
    return garbage(head, `packet type ${frame.type} came before CONNACK`);
  }
  try {
    return { kind: 'connack', connack: decodeConnack(frame, asked), frame };
  } catch (thrown) {
    if (thrown instanceof WireError) return garbage(head, thrown.message);
    throw thrown;
  }
}

function closedBy(error: NodeJS.ErrnoException): Answer {
  const { code } = error;
  return { kind: 'closed', reason: reasonOf(error), ...(code !== undefined && { code }) };
}

function garbage(head: Head, reason: string): Answer {
  return { kind: 'garbage', head: head.bytes, reason };
}

/** The first bytes of an answer. */
class Head {
  bytes: Buffer = Buffer.alloc(0);

  get isEmpty(): boolean {
    return this.bytes.length === 0;
  }

  add(chunk: Buffer): void {
    const room = HEAD_BYTES - this.bytes.length;
    if (room > 0) this.bytes = Buffer.concat([this.bytes, chunk.subarray(0, room)]);
  }
}
