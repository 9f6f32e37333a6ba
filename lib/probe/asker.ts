import type { Endpoint, Transport } from '../model';
import { openStream, type StageContext } from '../net';
import type { ConnectOptions, RawConnect } from '../wire';
import { type Attempt, ask } from './attempt';
import { Conversation } from './conversation';

/** Connections that one look at a broker may cost in all, the strictness checks apart. */
const MAX_CONNECTIONS = 8;
/** A broker that answered once is not waited for much longer afterwards. */
const PATIENCE_FACTOR = 10;
const MIN_PATIENCE_MS = 1000;

/** Asks one broker, one connection after the other, and counts them. */
export class Asker {
  readonly context: StageContext;
  readonly #endpoint: Endpoint;
  readonly #transport: Transport;
  readonly #quick: StageContext;
  #left: number;
  /** True when the login of the scan was tried and not let in. */
  isLoginRefused = false;

  /**
   * @param answerMs how long the broker took to answer the first CONNECT
   * @param used connections so far
   */
  constructor(endpoint: Endpoint, transport: Transport, context: StageContext, answerMs: number, used = 1) {
    this.context = context;
    this.#endpoint = endpoint;
    this.#transport = transport;
    this.#left = MAX_CONNECTIONS - used;
    const patienceMs = Math.max(MIN_PATIENCE_MS, PATIENCE_FACTOR * answerMs);
    this.#quick = { ...context, phaseTimeoutMs: Math.min(context.phaseTimeoutMs, patienceMs) };
  }

  /** Connections that may still be made. */
  get left(): number {
    return this.#left;
  }

  /** Wall-clock limit for an answer to a question that the broker may well leave unanswered. */
  get patienceMs(): number {
    return this.#quick.phaseTimeoutMs;
  }

  /** Asks by CONNECT and waits as long as the scan allows: the answer decides about the login. */
  async login(connect: ConnectOptions): Promise<Attempt> {
    this.#left--;
    const result = await ask(this.#endpoint, this.#transport, connect, this.context);
    this.isLoginRefused = result.kind === 'mqtt' && result.connack.code !== 0;
    return result;
  }

  /** Asks by CONNECT, with less patience. */
  ask(connect: ConnectOptions | RawConnect): Promise<Attempt> {
    this.#left--;
    return ask(this.#endpoint, this.#transport, connect, this.#quick);
  }

  /**
   * Opens a connection for more than one packet.
   * @returns undefined when none came about
   */
  async converse(): Promise<Conversation | undefined> {
    this.#left--;
    try {
      const { stream } = await openStream(this.#endpoint, this.#transport, this.#quick);
      return new Conversation(stream);
    } catch {
      this.context.signal.throwIfAborted();
      return undefined;
    }
  }
}
