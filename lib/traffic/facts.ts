import type { ControlSurface, Device, Publisher } from '../model';
import { MAX_TOPIC_CHARS, printable } from '../model';
import type { Quantity } from './quantities';

/** What a device declared of a value in a topic's messages. */
export interface Declared {
  /** The member of a JSON payload, several levels separated by dots; empty for a bare value. */
  readonly key: string;
  readonly quantity: Quantity;
  readonly unit?: string | undefined;
  /** How this device writes yes and no, where it says so: the contact of a door is closed when it is true. */
  readonly words?: { readonly yes?: string | undefined; readonly no?: string | undefined } | undefined;
  /** By which numbers are multiplied. */
  readonly factor?: number | undefined;
  readonly convention: string;
  /** The topic that said so. */
  readonly source: string;
}

/** A metric of Sparkplug B as its BIRTH names it. */
export interface Metric {
  readonly name: string;
  readonly unit?: string | undefined;
}

const MAX_DECLARED_TOPICS = 5000;
const MAX_PER_TOPIC = 48;
const MAX_DEVICES = 500;
const MAX_CONTROLS = 500;
const MAX_PUBLISHERS = 1000;
const MAX_ALIASES = 20_000;
const MAX_TEXT = 128;

export type Cap = 'devices' | 'controls' | 'publishers' | 'declarations';

/** What one endpoint's messages have told so far about its devices. Everything in it is capped and printable. */
export class Facts {
  readonly devices = new Map<string, Device>();
  readonly controls = new Map<string, ControlSurface>();
  readonly publishers = new Map<string, Publisher>();
  /** Declared topics by who declared them: which of them are quiet is known at the end. */
  readonly declaredBy = new Map<string, Set<string>>();
  /** Caps that were hit. */
  readonly capped = new Set<Cap>();
  readonly #declared = new Map<string, Declared[]>();
  readonly #metrics = new Map<string, Map<number, Metric>>();
  #aliases = 0;
  readonly #onDeclared: (topic: string) => void;

  /** @param onDeclared called with a topic when something new is known about it */
  constructor(onDeclared: (topic: string) => void = () => undefined) {
    this.#onDeclared = onDeclared;
  }

  declaredFor(topic: string): readonly Declared[] {
    return this.#declared.get(topic) ?? [];
  }

  declare(topic: string, declared: Declared): void {
    const known = this.#declared.get(topic);
    if (!known && this.#declared.size >= MAX_DECLARED_TOPICS) return void this.capped.add('declarations');
    const list = (known ?? []).filter(
      ({ key, quantity }) => key !== declared.key || quantity !== declared.quantity,
    );
    if (list.length >= MAX_PER_TOPIC) return void this.capped.add('declarations');
    const isKnown = known?.some(
      ({ key, quantity, unit, words, factor }) =>
        key === declared.key &&
        quantity === declared.quantity &&
        unit === declared.unit &&
        factor === declared.factor &&
        words?.yes === declared.words?.yes &&
        words?.no === declared.words?.no,
    );
    list.push(declared);
    this.#declared.set(topic, list);
    if (!isKnown) this.#onDeclared(topic);
  }

  /** A topic that somebody says he publishes to. */
  expectFrom(publisher: string, topic: string): void {
    const id = printable(publisher, MAX_TEXT);
    const topics = this.declaredBy.get(id) ?? new Set();
    if (this.declaredBy.size < MAX_PUBLISHERS && topics.size < MAX_PER_TOPIC)
      this.declaredBy.set(id, topics.add(topic));
  }

  metric(node: string, alias: number): Metric | undefined {
    return this.#metrics.get(node)?.get(alias);
  }

  nameMetric(node: string, alias: number, metric: Metric): void {
    if (this.#aliases >= MAX_ALIASES) return void this.capped.add('declarations');
    const metrics = this.#metrics.get(node) ?? new Map<number, Metric>();
    if (!metrics.has(alias)) this.#aliases++;
    this.#metrics.set(node, metrics.set(alias, metric));
  }

  /** Has a topic looked at again. */
  revisit(topic: string): void {
    this.#onDeclared(topic);
  }

  addDevice(device: Device): void {
    const key = `${device.convention} ${printable(device.id, MAX_TEXT)}`;
    const known = this.devices.get(key);
    if (!known && this.devices.size >= MAX_DEVICES) return void this.capped.add('devices');
    const told = Object.entries(device).flatMap(([name, value]) =>
      typeof value === 'string' && value.trim() !== ''
        ? [[name, printable(value, name === 'topic' ? MAX_TOPIC_CHARS : MAX_TEXT)]]
        : [],
    );
    this.devices.set(key, { ...(Object.fromEntries(told) as unknown as Device), ...pickKnown(known, told) });
  }

  addControl(control: ControlSurface): void {
    const key = `${control.kind} ${control.topic}`;
    if (!this.controls.has(key) && this.controls.size >= MAX_CONTROLS)
      return void this.capped.add('controls');
    this.controls.set(key, { ...control, topic: printable(control.topic, MAX_TOPIC_CHARS) });
  }

  addPublisher(publisher: Publisher): void {
    const id = printable(publisher.id, MAX_TEXT);
    const known = this.publishers.get(id);
    if (!known && this.publishers.size >= MAX_PUBLISHERS) return void this.capped.add('publishers');
    this.publishers.set(id, { ...known, ...publisher, id });
  }
}

/** What was known of a device already and is not told anew. */
function pickKnown(known: Device | undefined, told: readonly (readonly string[])[]): Partial<Device> {
  const names = new Set(told.map(([name]) => name));
  return Object.fromEntries(Object.entries(known ?? {}).filter(([name]) => !names.has(name)));
}
