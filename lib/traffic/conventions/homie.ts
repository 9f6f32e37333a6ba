import type { Facts } from '../facts';
import { member, textAt } from '../json';
import { measure } from '../measured';
import type { Message } from '../message';
import { quantityCalled } from '../names';
import { type Quantity, quantityNamed, quantityOfMeasure } from '../quantities';
import { unitNamed } from '../units';
import { type Convention, defined, isOnline, NOTHING } from './convention';

const NAME = 'Homie';
const MAX_NODES = 100;

/** Homie 5 declares all properties in one `$description`, versions 3 and 4 in a topic for each attribute. */
export const homie: Convention = {
  name: NAME,
  matches: ({ levels }) =>
    levels[0] === 'homie' || (levels[1] === '5' && /^\$(?:state|description)$/.test(levels[3] ?? '')),
  read: (message, facts) => {
    const { levels } = message;
    const at = levels[1] === '5' ? 2 : 1;
    const device = levels[at] ?? '';
    const attribute = levels[at + 1] ?? '';
    if (attribute === '$state') {
      const online = isOnline(message);
      facts.addPublisher({ id: device, seenBy: 'last-will', ...(online !== undefined && { online }) });
    } else if (attribute === '$description')
      describe(message, levels.slice(0, at + 1).join('/'), device, facts);
    else if (attribute.startsWith('$'))
      attributeOf(message, device, attribute.slice(1), levels[at + 2], facts);
    else if (message.level(-1) === '$unit') declareUnit(message, facts);
    if (levels.some((level) => level.startsWith('$')) || message.level(-1) === 'set') return NOTHING;
    const named = quantityCalled(message.level(-1));
    const reading = named && measure(named.quantity, message.text.trim(), 'payload', named.unit);
    return { readings: reading ? [reading] : [], confidence: 0.8 };
  },
};

function meaning(name: string, unitName: string | undefined, isBoolean = false): Quantity | undefined {
  const unit = unitNamed(unitName ?? '');
  const named = quantityCalled(name)?.quantity;
  if (named && (named.range === undefined) === isBoolean && (!unit || named.measures?.includes(unit.measure)))
    return named;
  if (isBoolean) return /^(?:on|power|state|switch|relay)$/i.test(name) ? quantityNamed('switch') : undefined;
  return unit && quantityOfMeasure(unit.measure);
}

function describe({ topic, json }: Message, base: string, device: string, facts: Facts): void {
  const root = json?.root;
  // Its `version` is that of the description.
  const told = { name: textAt(root, 'name'), model: textAt(root, 'type') };
  facts.addDevice({ id: device, convention: NAME, topic, ...defined(told) });
  facts.addPublisher({ id: device, seenBy: 'discovery' });
  for (const node of member(root, 'nodes')?.entries?.slice(0, MAX_NODES) ?? []) {
    for (const property of member(node, 'properties')?.entries?.slice(0, MAX_NODES) ?? []) {
      const unit = textAt(property, 'unit');
      const value = `${base}/${node.key}/${property.key}`;
      const isBoolean = textAt(property, 'datatype') === 'boolean';
      const quantity =
        meaning(String(property.key), unit, isBoolean) ??
        meaning(textAt(property, 'name') ?? '', unit, isBoolean);
      if (quantity) facts.declare(value, { key: '', quantity, unit, convention: NAME, source: topic });
      facts.expectFrom(device, value);
      if (member(property, 'settable')?.value !== true) continue;
      const settable = { kind: 'command', severity: 'MEDIUM', confidence: 1, convention: NAME } as const;
      facts.addControl({ ...settable, topic: `${value}/set` });
    }
  }
}

function attributeOf(
  { topic, text }: Message,
  device: string,
  attribute: string,
  part: string | undefined,
  facts: Facts,
): void {
  const value = text.trim();
  const names: Readonly<Record<string, string>> = {
    name: 'name',
    localip: 'address',
    mac: 'mac',
    implementation: 'vendor',
  };
  const member =
    attribute === 'fw'
      ? part === 'version'
        ? 'firmware'
        : part === 'name'
          ? 'model'
          : undefined
      : names[attribute];
  if (member !== undefined) facts.addDevice({ id: device, convention: NAME, topic, [member]: value });
}

function declareUnit({ topic, levels, text }: Message, facts: Facts): void {
  const value = levels.slice(0, -1).join('/');
  const unit = text.trim();
  const quantity = meaning(levels.at(-2) ?? '', unit);
  if (quantity) facts.declare(value, { key: '', quantity, unit, convention: NAME, source: topic });
}
