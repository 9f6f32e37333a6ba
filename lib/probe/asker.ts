import { type Endpoint, isEncrypted, type Transport } from '../model';
import {
  hasCertificate,
  listenerOf,
  MAX_REFUSED_LOGINS,
  openStream,
  openWebSocket,
  type RefusalsAtAddress,
  type Settle,
  type StageContext,
  WebSocketFailure,
} from '../net';
import { type ConnectOptions, closeSoon, isLoginRefused, mayCountAsFailure, type RawConnect } from '../wire';
import { type Attempt, ask } from './attempt';
import { Conversation } from './conversation';

/** Connections that one look at an endpoint may cost in all, the strictness checks apart. */
const MAX_CONNECTIONS = 8;
/** A broker that answered once is not waited for much longer afterwards. */
const PATIENCE_FACTOR = 10;
const MIN_PATIENCE_MS = 1000;

/** What a question is like, as far as its refusal is concerned. */
export interface Question {
  /** A user name stands in it. */
  readonly isNamed?: boolean;
  /** It is unusual: a code such as "identifier rejected" then refuses its form, and does not count as a failed login. */
  readonly isOdd?: boolean;
  /** It is not expected to be refused as a login, so that it may use the last refusal that is left. */
  readonly isHardlyRefused?: boolean;
}

export interface FirstAnswer {
  readonly isRefused: boolean;
  readonly answerMs: number;
  readonly connections: number;
}

/** Asks one broker, one connection after the other, and counts them. */
export class Asker {
  readonly context: StageContext;
  readonly #endpoint: Endpoint;
  readonly #transport: Transport;
  readonly #quick: StageContext;
  readonly #refusals: RefusalsAtAddress;
  #left: number;
  #refused: number;

  /**
   * @param first how the broker answered the first CONNECT: whether it refused it, and after how many milliseconds; and
   *   the connections that it took to find it
   * @param refusals the refused logins at this address
   */
  constructor(
    endpoint: Endpoint,
    transport: Transport,
    context: StageContext,
    { isRefused, answerMs, connections }: FirstAnswer,
    refusals: RefusalsAtAddress,
  ) {
    this.context = context;
    this.#endpoint = endpoint;
    this.#transport = transport;
    this.#refusals = refusals;
    this.#refused = isRefused ? 1 : 0;
    this.#left = MAX_CONNECTIONS - connections;
    const patienceMs = Math.max(MIN_PATIENCE_MS, PATIENCE_FACTOR * answerMs);
    this.#quick = { ...context, phaseTimeoutMs: Math.min(context.phaseTimeoutMs, patienceMs) };
  }

  /** True where every CONNECT of the probe comes with a client certificate, so that the broker has met no stranger yet. */
  get #showsCertificate(): boolean {
    return isEncrypted(this.#transport) && hasCertificate(this.context);
  }

  /** Connections that may still be made. */
  get left(): number {
    return this.#left;
  }

  /** Wall-clock limit for an answer to a question that the broker may well leave unanswered. */
  get patienceMs(): number {
    return this.#quick.phaseTimeoutMs;
  }

  /** Logins that this broker has refused so far, no login at all among them. */
  get refused(): number {
    return this.#refused;
  }

  /**
   * Asks by CONNECT with the login of the scan, and waits as long as the scan allows: the answer decides.
   * @returns undefined where one more refusal might lock somebody out
   */
  async login(connect: ConnectOptions): Promise<Attempt | undefined> {
    const limit = this.#refusals.forGivenLogin(MAX_REFUSED_LOGINS);
    const settle = await this.#refusals.ask({ limit, namedLimit: MAX_REFUSED_LOGINS }, this.context.signal);
    return (
      settle &&
      this.#ask(connect, this.context, { isNamed: true }, (answered) => {
        if (answered.isRefused) this.#refusals.noteTested(listenerOf(this.#endpoint));
        settle(answered);
      })
    );
  }

  /** Asks by CONNECT, with less patience, what is not refused for its login where others were let in. */
  ask(connect: ConnectOptions | RawConnect, question: Question = {}): Promise<Attempt> {
    return this.#ask(connect, this.#quick, question, (answered) => this.#refusals.note(answered));
  }

  /**
   * As `ask`, for a question that may be refused.
   * @returns undefined where it is left out, since the refusal might lock somebody out or is needed for something else
   */
  async askSparingly(
    connect: ConnectOptions | RawConnect,
    question: Question = {},
  ): Promise<Attempt | undefined> {
    // The access test needs one refusal for a random login, and one more for a stranger where the probe shows a certificate.
    const leaves = (question.isHardlyRefused ? 0 : 1) + (this.#showsCertificate ? 1 : 0);
    const limits = { limit: MAX_REFUSED_LOGINS, ...(leaves > 0 && { leaves }) };
    const settle = await this.#refusals.ask(limits, this.context.signal);
    return settle && this.#ask(connect, this.#quick, question, settle);
  }

  async #ask(
    connect: ConnectOptions | RawConnect,
    context: StageContext,
    { isNamed = false, isOdd = false }: Question,
    settle: Settle,
  ): Promise<Attempt> {
    this.#left--;
    let isRefused = false;
    try {
      const result = await ask(this.#endpoint, this.#transport, connect, context);
      const isFailure = isOdd ? isLoginRefused : mayCountAsFailure;
      isRefused = result.kind === 'mqtt' && isFailure(result.connack.code);
      return result;
    } finally {
      if (isRefused) this.#refused++;
      settle({ isRefused, isNamed });
    }
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

  /**
   * Asks for a WebSocket as a page of another site would, and leaves.
   * @returns undefined where the answer does not tell, and where MQTT is not inside of WebSocket
   */
  async askFrom(origin: string): Promise<'accepted' | 'refused' | undefined> {
    const { webSocketPath: path } = this.#endpoint;
    if (path === undefined || this.#left <= 0) return undefined;
    this.#left--;
    try {
      const { stream } = await openWebSocket(this.#endpoint, this.#transport, { path, origin }, this.#quick);
      stream.end();
      closeSoon(stream);
      return 'accepted';
    } catch (thrown) {
      this.context.signal.throwIfAborted();
      // Whoever is busy, or closes, may do so for another reason.
      const { status = 0 } = thrown instanceof WebSocketFailure ? thrown : {};
      return status >= 400 && status < 500 ? 'refused' : undefined;
    }
  }
}
