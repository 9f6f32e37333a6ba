import {
  type ClientCounts,
  type Device,
  MAX_TOPIC_CHARS,
  type PayloadKind,
  type Publisher,
  printable,
  type Sensitive,
  type SensitiveClass,
  type Sensor,
  type TrafficResult,
} from '../model';
import { controlOf } from './controls';
import { Facts } from './facts';
import { Message } from './message';
import { notePublisher } from './publishers';
import { type Disclosure, disclosures, hiddenTopic, type Redactor } from './sensitive';
import { sensorIn } from './sensors';
import type { TopicEntry, TopicLog } from './topic-log';

/** What was recognised in a topic. */
export interface Recognised {
  readonly sensor?: Sensor | undefined;
  readonly kind: PayloadKind;
  /** Of the newest payload. */
  readonly disclosure?: Disclosure | undefined;
  /** Of all payloads that were looked at, newest last. */
  readonly sensitive: readonly Sensitive[];
}

/** A topic that changes all the time is looked at this often while messages come, and once more at the end. */
const LOOK_AGAIN_MS = 3000;
const MAX_SENSITIVE = 20;
/** JSON, texts and patterns are looked for in so much of a payload. */
const MAX_LOOKED_AT = 64 * 1024;

/**
 * Looks at topics whose payload has changed, in pieces of bounded time, beside the listening or after it: what a
 * message costs while it comes does not depend on what is in it.
 */
export class Recogniser {
  readonly facts: Facts;
  clients: ClientCounts | undefined;
  readonly #log: TopicLog;
  readonly #redactor: Redactor;
  readonly #recognised = new Map<TopicEntry, Recognised>();
  /** Topics that hold a secret in their name, as they are shown: to what is shown instead. */
  readonly #hiddenTopics = new Map<string, string>();
  #next = 0;

  constructor(log: TopicLog, redactor: Redactor) {
    this.#log = log;
    this.#redactor = redactor;
    this.facts = new Facts((topic) => {
      const entry = log.find(topic);
      if (entry && this.#recognised.has(entry)) log.touch(entry);
    });
  }

  /**
   * Works until `untilMs` on the clock of `performance`.
   * @param now for topics that change all the time; absent when nothing more will come
   * @returns false when nothing is left to do for now
   */
  work(untilMs: number, now?: number): boolean {
    const { changed } = this.#log;
    const postponed: TopicEntry[] = [];
    // One at least: whoever asks wants to get on.
    do {
      const entry = changed[this.#next];
      if (entry === undefined) break;
      this.#next++;
      if (!entry.dirty) continue;
      if (now !== undefined && now - entry.lookedAt < LOOK_AGAIN_MS) postponed.push(entry);
      else this.#look(entry, now);
    } while (performance.now() < untilMs);
    const isDone = this.#next >= changed.length;
    if (isDone || this.#next > 1000) {
      changed.splice(0, this.#next);
      this.#next = 0;
    }
    changed.push(...postponed);
    return !isDone;
  }

  of(entry: TopicEntry): Recognised | undefined {
    return this.#recognised.get(entry);
  }

  /** What one message of a topic reads now, without noting anything of it. */
  sensorOf(entry: TopicEntry): Sensor | undefined {
    const { disclosure } = this.#known(entry);
    const sensor = sensorIn(messageOf(entry), this.facts);
    return sensor && shownSensor(sensor, disclosure);
  }

  /** A topic as it may be shown. */
  topicText(entry: TopicEntry): string {
    this.#known(entry);
    const shown = printable(nameOf(entry), MAX_TOPIC_CHARS);
    return this.#hiddenTopics.get(shown) ?? shown;
  }

  /** What is known of the endpoint besides its topics. */
  summary(): Pick<TrafficResult, 'devices' | 'controls' | 'publishers' | 'clients' | 'sensitive'> {
    const { devices, controls } = this.facts;
    const shown = (topic: string): string => this.#hiddenTopics.get(topic) ?? withoutSecrets(topic);
    const publishers = this.#publishers();
    const sensitive = this.#sensitiveTopics();
    return {
      ...(devices.size > 0 && {
        devices: [...devices.values()].map((one) => ({ ...this.#shownDevice(one), topic: shown(one.topic) })),
      }),
      ...(controls.size > 0 && {
        controls: [...controls.values()].map((one) => ({ ...one, topic: shown(one.topic) })),
      }),
      ...(publishers.length > 0 && { publishers }),
      ...(this.clients && { clients: this.clients }),
      ...(Object.keys(sensitive).length > 0 && { sensitive }),
    };
  }

  /** What is passed on must have been looked at, also when that comes before its turn. */
  #known(entry: TopicEntry): Recognised {
    return this.#recognised.get(entry) ?? this.#look(entry, entry.lastSeen);
  }

  #look(entry: TopicEntry, now: number | undefined): Recognised {
    entry.dirty = false;
    entry.lookedAt = now ?? entry.lookedAt;
    const message = messageOf(entry);
    const sensor = sensorIn(message, this.facts);
    const control = controlOf(message);
    if (control) this.facts.addControl(control);
    const counts = notePublisher(message, this.facts);
    if (counts) this.clients = { ...this.clients, ...counts };
    const isOwn = message.level(0) === '$SYS';
    const disclosure = isOwn ? undefined : disclosures(message, entry.retained, this.#redactor);
    if (disclosure?.topic !== undefined) {
      const shown = printable(message.topic, MAX_TOPIC_CHARS);
      this.#hiddenTopics.set(shown, printable(disclosure.topic, MAX_TOPIC_CHARS));
    }
    const known = this.#recognised.get(entry)?.sensitive ?? [];
    const recognised = {
      sensor: sensor && shownSensor(sensor, disclosure),
      kind: message.kind,
      disclosure,
      sensitive: merged(known, disclosure?.findings ?? []),
    };
    this.#recognised.set(entry, recognised);
    return recognised;
  }

  /** Every field of it, for a device may write anything into any of them. */
  #shownDevice(device: Device): Device {
    const entry = this.#log.find(device.topic);
    const disclosure = entry && this.#recognised.get(entry)?.disclosure;
    const shown = Object.entries(device).map(([name, value]) => [
      name,
      typeof value === 'string' ? shownText(value, disclosure) : value,
    ]);
    return Object.fromEntries(shown) as Device;
  }

  #publishers(): Publisher[] {
    return [...this.facts.publishers.values()].map((publisher) => {
      const declared = [...(this.facts.declaredBy.get(publisher.id) ?? [])];
      const quiet = declared.filter((topic) => !this.#log.find(topic)).length;
      const id = withoutSecrets(publisher.id);
      return { ...publisher, id, ...(quiet > 0 && { quietTopics: quiet }) };
    });
  }

  #sensitiveTopics(): Partial<Record<SensitiveClass, number>> {
    const counts: Partial<Record<SensitiveClass, number>> = {};
    for (const { sensitive } of this.#recognised.values()) {
      for (const kind of new Set(sensitive.map((one) => one.class))) counts[kind] = (counts[kind] ?? 0) + 1;
    }
    return counts;
  }
}

/** What comes from a topic or a payload, as it may be shown. */
function withoutSecrets(text: string): string {
  return hiddenTopic(text) ?? text;
}

/** The same, without what was found in the message that it comes from. */
function shownText(text: string, disclosure: Disclosure | undefined): string {
  return withoutSecrets(disclosure?.hide(text) ?? text);
}

/** Names of members and of the topics that declare them may be secrets as well as values. */
function shownSensor(sensor: Sensor, disclosure: Disclosure | undefined): Sensor {
  const { evidence = 'payload' } = sensor;
  const shown = evidence === 'payload' ? evidence : shownText(evidence, disclosure);
  return shown === evidence ? sensor : { ...sensor, evidence: shown };
}

/** A secret that went by stays found; one that is there again is not found twice. */
function merged(known: readonly Sensitive[], found: readonly Sensitive[]): readonly Sensitive[] {
  if (found.length === 0) return known;
  // Of values that change, as a position does, the newest stands for all.
  const keys = new Set(found.map((one) => `${one.class} ${one.path}`));
  return [...known.filter((one) => !keys.has(`${one.class} ${one.path}`)), ...found].slice(-MAX_SENSITIVE);
}

function messageOf(entry: TopicEntry): Message {
  const payload = entry.payload.subarray(0, entry.isDeclaration ? undefined : MAX_LOOKED_AT);
  return new Message(nameOf(entry), payload, entry.size);
}

/** The topic as text; of one that is too long the beginning. */
function nameOf(entry: TopicEntry): string {
  return entry.name.toString('utf8');
}
