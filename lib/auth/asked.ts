import { printable, type ReadRight, type RightVerdict, type TlsMaterial } from '../model';
import { type ConnectForm, connackMeaning } from '../wire';
import { readCommand } from './evidence';
import type { AskedFilter } from './filters';
import type { LoginTarget } from './login';

const MAX_TOPICS = 100;
const MAX_SAMPLES = 3;
const MAX_SAMPLE_CHARS = 128;
/** Reason codes from here on refuse (5.0 §2.4). */
const REFUSED = 0x80;

/** A filter that was asked for, and what became of it. */
export class Asked {
  readonly filter: string;
  readonly kind: AskedFilter['kind'];
  id = 0;
  code: number | undefined;
  /** The session ended where the answer should have come. */
  closed = false;
  readonly topics = new Set<string>();
  #messages = 0;
  #retained = 0;

  constructor({ filter, kind }: AskedFilter) {
    this.filter = filter;
    this.kind = kind;
  }

  /** False while nothing is known. */
  get isGranted(): boolean {
    return this.code !== undefined && this.code < REFUSED;
  }

  get mayBeGranted(): boolean {
    return this.code === undefined || this.code < REFUSED;
  }

  get wasAsked(): boolean {
    return this.id > 0;
  }

  get isProven(): boolean {
    return this.#messages > 0;
  }

  get isShared(): boolean {
    return this.filter.startsWith('$share/');
  }

  note(topic: string, retain: boolean): void {
    this.#messages++;
    if (retain) this.#retained++;
    if (this.topics.size < MAX_TOPICS) this.topics.add(topic);
  }

  result(target: LoginTarget, form: ConnectForm, tls: TlsMaterial | undefined): ReadRight {
    const { filter, kind, code } = this;
    const samples = samplesOf([...this.topics]).map((topic) => printable(topic, MAX_SAMPLE_CHARS));
    return {
      filter,
      verdict: this.#verdict(),
      kind,
      meaning: this.#meaning(),
      ...(code !== undefined && { code }),
      ...(this.isProven && { topics: this.topics.size, retained: this.#retained, samples }),
      ...readCommand(target, form, tls, filter),
    };
  }

  #verdict(): RightVerdict {
    if (this.isProven) return 'proven';
    if (!this.wasAsked) return 'not-tested';
    // MQTT 3.1.1 brokers refuse so what they do not want to answer; RabbitMQ does.
    if (this.closed) return 'denied';
    if (this.code === undefined) return 'inconclusive';
    return this.isGranted ? 'granted' : 'denied';
  }

  #meaning(): string {
    if (this.isProven) return `messages came: ${this.#messages}, retained among them: ${this.#retained}`;
    if (!this.wasAsked) return 'not asked for: the broker kept no session open for it';
    if (this.closed) return 'the broker ended the session at this filter';
    if (this.code === undefined) return 'there was no answer';
    return this.isGranted
      ? 'the broker agreed, and no message came'
      : `the broker refused: ${connackMeaning(this.code, 5)}`;
  }
}

/** Some topics that show how far a filter reaches: of different kinds, as far as there are. */
function samplesOf(topics: readonly string[]): string[] {
  const byRoot = new Map<string, string>();
  for (const topic of topics) {
    const root = topic.split('/', 1)[0] ?? '';
    if (!byRoot.has(root)) byRoot.set(root, topic);
  }
  const different = [...byRoot.values()];
  return [...different, ...topics.filter((topic) => !different.includes(topic))].slice(0, MAX_SAMPLES);
}
