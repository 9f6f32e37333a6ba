import type { Facts } from '../facts';
import { type JsonNode, member, textAt } from '../json';
import { readingsIn } from '../leaf-readings';
import { type Measured, measure } from '../measured';
import type { Message } from '../message';
import { quantityCalled } from '../names';
import { type Quantity, quantityNamed } from '../quantities';
import { type Convention, defined, isOnline, NOTHING, type Said } from './convention';

const NAME = 'Zigbee2MQTT';
const BRIDGE: ReadonlySet<string> = new Set([
  ...[
    'info',
    'state',
    'devices',
    'groups',
    'event',
    'logging',
    'definitions',
    'extensions',
    'converters',
    'health',
  ],
]);
const SKIPPED: ReadonlySet<string> = new Set([
  'linkquality',
  'device_temperature',
  'update',
  'color_temp',
  'duration',
]);
/** What the main property of an exposed feature stands for. */
const FEATURES: Readonly<Record<string, string>> = {
  switch: 'switch',
  light: 'switch',
  lock: 'lock',
  cover: 'position',
};
const MAX_DEVICES = 300;
const MAX_FEATURES = 60;

/** Flat JSON under `zigbee2mqtt/<name>`; the bridge lists all devices with the units of what they expose. */
export const zigbee2mqtt: Convention = {
  name: NAME,
  matches: ({ levels }) =>
    levels[0] === 'zigbee2mqtt' || (levels.at(-2) === 'bridge' && BRIDGE.has(levels.at(-1) ?? '')),
  read: (message, facts) => {
    const bridgeAt = message.levels.indexOf('bridge');
    if (bridgeAt > 0) return bridge(message, message.levels.slice(0, bridgeAt).join('/'), facts);
    const last = message.level(-1);
    if (last === 'availability') {
      const online = isOnline(message);
      const id = message.levels.slice(1, -1).join('/');
      facts.addPublisher({ id, seenBy: 'last-will', ...(online !== undefined && { online }) });
      return NOTHING;
    }
    return last === 'set' || last === 'get' ? NOTHING : state(message);
  },
};

function state({ json }: Message): Said {
  const members = json?.root.entries?.filter(({ entries }) => !entries) ?? [];
  // Battery devices tell millivolts, mains devices volts.
  const unitOf = (name: string, value: unknown) =>
    name === 'voltage' && Number(value) > 600 ? 'mV' : undefined;
  const { readings } = readingsIn(members, { skip: SKIPPED, unitOf });
  readings.push(...endpoints(members));
  const main = mainState(json?.root);
  if (main && readings.every(({ of }) => of.isSecondary)) readings.unshift(main);
  return { readings };
}

/** Several switches in one device: `state_left`, `state_l2`. */
function endpoints(members: readonly JsonNode[]): Measured[] {
  return members.flatMap(({ key, value }) => {
    const isState = /^state_(?:left|right|center|top|bottom|l?\d{1,2})$/.test(String(key));
    return (isState && measure(quantityNamed('switch'), value, `$.${key}`)) || [];
  });
}

/** What `state` says: of a cover how far it is open, of a lock whether it is, of everything else on or off. */
function mainState(root: JsonNode | undefined): Measured | undefined {
  const word = textAt(root, 'state');
  if (word !== undefined && /^(?:OPEN|CLOSE|STOP)$/i.test(word))
    return measure(quantityNamed('position'), member(root, 'position')?.value, '$.position', '%');
  if (word !== undefined && /^(?:UN)?LOCK$/i.test(word))
    return measure(quantityNamed('lock'), /^UN/i.test(word), '$.state');
  return measure(quantityNamed('switch'), word, '$.state');
}

function bridge(message: Message, base: string, facts: Facts): Said {
  const root = message.json?.root;
  const kind = message.level(-1);
  if (kind === 'state') {
    const online = isOnline(message);
    facts.addPublisher({
      id: `${base} (Zigbee2MQTT)`,
      seenBy: 'last-will',
      ...(online !== undefined && { online }),
    });
  } else if (kind === 'devices') {
    for (const device of root?.entries?.slice(0, MAX_DEVICES) ?? [])
      noteDevice(device, base, message.topic, facts);
  } else if (kind === 'info') {
    const told = { firmware: textAt(root, 'version'), model: textAt(root, 'coordinator', 'type') };
    const mac = textAt(root, 'coordinator', 'ieee_address');
    facts.addDevice({
      id: `${base}/bridge`,
      convention: NAME,
      vendor: 'Zigbee2MQTT',
      topic: message.topic,
      ...defined({ ...told, mac }),
    });
  }
  return NOTHING;
}

function noteDevice(node: JsonNode, base: string, source: string, facts: Facts): void {
  const address = textAt(node, 'ieee_address');
  const name = textAt(node, 'friendly_name');
  if (address === undefined || name === undefined) return;
  facts.addDevice({
    id: address,
    convention: NAME,
    topic: source,
    mac: address,
    name,
    ...defined({
      vendor: textAt(node, 'definition', 'vendor') ?? textAt(node, 'manufacturer'),
      model: textAt(node, 'definition', 'model') ?? textAt(node, 'model_id'),
      firmware: textAt(node, 'software_build_id'),
    }),
  });
  if (textAt(node, 'type') === 'Coordinator') return;
  const topic = `${base}/${name}`;
  facts.addPublisher({ id: name, seenBy: 'discovery' });
  facts.expectFrom(name, topic);
  for (const exposed of features(member(node, 'definition', 'exposes'))) {
    const declared = meaning(exposed);
    if (declared) facts.declare(topic, { ...declared, convention: NAME, source });
  }
}

/** All features, those inside of others too; two levels are all that there are. */
function features(exposes: JsonNode | undefined): JsonNode[] {
  return (exposes?.entries ?? [])
    .slice(0, MAX_FEATURES)
    .flatMap((one) => [one, ...(member(one, 'features')?.entries ?? []).slice(0, MAX_FEATURES)]);
}

function meaning(feature: JsonNode): { key: string; quantity: Quantity; unit?: string } | undefined {
  const key = textAt(feature, 'property');
  const type = textAt(feature, 'type');
  if (key === undefined || SKIPPED.has(key)) return undefined;
  const unit = textAt(feature, 'unit');
  const container = textAt(feature.parent?.parent, 'type') ?? '';
  const main = FEATURES[container];
  if (type === 'binary' && key.startsWith('state') && main !== undefined) {
    return { key, quantity: quantityNamed(main === 'position' ? 'switch' : main) };
  }
  if (type === 'numeric' && key === 'position')
    return { key, quantity: quantityNamed('position'), unit: '%' };
  if (type !== 'numeric' && type !== 'binary') return undefined;
  const named = quantityCalled(key);
  if (!named || (type === 'binary') !== (named.quantity.range === undefined)) return undefined;
  return { key, quantity: named.quantity, ...(unit !== undefined && { unit }) };
}
