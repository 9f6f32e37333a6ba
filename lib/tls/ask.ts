import { type Endpoint, onStop, printablePayload, type TlsFailureKind } from '../model';
import { DialError, openConnection, type StageContext } from '../net';
import { alertName } from './alerts';
import { clientHello, type HelloOptions } from './client-hello';
import { MalformedError } from './reader';
import { ServerFlight } from './server-flight';
import type { Share } from './tls13-keys';

/** A question: one ClientHello on a connection of its own. */
export interface Question extends HelloOptions {
  /** When there is no need to read on; by default at the ServerHello. */
  readonly until?: (flight: ServerFlight) => boolean;
  /** Agrees on keys, so that what TLS 1.3 encrypts can be read. */
  readonly share?: Share | undefined;
}

/** What came of a question. `failure` is absent when what was asked for came. */
export interface Answer {
  readonly flight: ServerFlight;
  readonly failure?: { readonly kind: TlsFailureKind; readonly evidence: string };
}

/** Asks one endpoint. Counts the connections that it takes. */
export class Asker {
  readonly #endpoint: Endpoint;
  readonly #context: StageContext;
  #connections = 0;

  constructor(endpoint: Endpoint, context: StageContext) {
    this.#endpoint = endpoint;
    this.#context = context;
  }

  get connections(): number {
    return this.#connections;
  }

  /**
   * Sends one ClientHello and reads the answer as far as it is wanted.
   * @throws ScanError OUT_OF_SCOPE; the signal's reason when it is aborted
   */
  async ask(question: Question): Promise<Answer> {
    const { share } = question;
    const record = clientHello({ ...question, ...(share && { keyShare: share }) });
    const flight = new ServerFlight(share?.openerFor(record.subarray(RECORD_HEADER_BYTES)));
    this.#connections++;
    const failure = await this.#converse(record, flight, question.until ?? hasHello);
    return failure ? { flight, failure } : { flight };
  }

  async #converse(
    hello: Buffer,
    flight: ServerFlight,
    until: (flight: ServerFlight) => boolean,
  ): Promise<Answer['failure'] | undefined> {
    const { signal, phaseTimeoutMs } = this.#context;
    try {
      const { socket } = await openConnection(this.#endpoint, this.#context);
      return await new Promise((resolve, reject) => {
        let head: Buffer = Buffer.alloc(0);
        const settle = (): void => {
          clearTimeout(timer);
          stopWaiting();
          socket.destroy();
        };
        const end = (kind?: TlsFailureKind, evidence = ''): void => {
          settle();
          resolve(kind && { kind, evidence });
        };
        const timer = setTimeout(() => {
          const what = head.length === 0 ? 'nothing' : 'no whole answer';
          end('silent', `${what} within ${phaseTimeoutMs} ms`);
        }, phaseTimeoutMs);
        const stopWaiting = onStop(signal, () => {
          settle();
          reject(signal.reason);
        });
        socket.on('data', (chunk: Buffer) => {
          if (head.length < EVIDENCE_BYTES) {
            head = Buffer.concat([head, chunk.subarray(0, EVIDENCE_BYTES)]).subarray(0, EVIDENCE_BYTES);
          }
          try {
            flight.push(chunk);
          } catch (thrown) {
            if (!(thrown instanceof MalformedError)) throw thrown;
            const kind = isTlsRecord(head) ? 'malformed' : 'not-tls';
            return end(kind, kind === 'not-tls' ? printablePayload(head, EVIDENCE_BYTES) : thrown.message);
          }
          if (until(flight)) end();
          else if (flight.alert !== undefined) end('alert', alertName(flight.alert));
          else if (flight.isDone) end();
        });
        socket.once('end', () => end('closed', `closed after ${socket.bytesRead} bytes`));
        socket.once('close', () => end('reset', `reset after ${socket.bytesRead} bytes`));
        socket.write(hello);
      });
    } catch (thrown) {
      signal.throwIfAborted();
      if (thrown instanceof DialError) return { kind: 'unreachable', evidence: thrown.message };
      throw thrown;
    }
  }
}

const RECORD_HEADER_BYTES = 5;
const EVIDENCE_BYTES = 80;

const hasHello = (flight: ServerFlight): boolean => flight.hello !== undefined;

/** A record of TLS starts with its type and the major version 3. */
function isTlsRecord(head: Buffer): boolean {
  const [type = 0, major] = head;
  return type >= 20 && type <= 23 && (major === undefined || major === 3);
}
