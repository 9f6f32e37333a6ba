import type { ControlSurface } from '../../model';
import type { Declared, Facts } from '../facts';
import { type JsonNode, member, textAt } from '../json';
import { quantityCalled } from '../names';
import { type Quantity, quantityNamed, quantityOfClass, quantityOfMeasure } from '../quantities';
import { unitNamed } from '../units';
import { type Convention, defined, isOnline, NOTHING } from './convention';
import { templateOf } from './value-template';

const NAME = 'Home Assistant discovery';
const COMPONENTS: ReadonlySet<string> = new Set([
  ...[
    'sensor',
    'binary_sensor',
    'switch',
    'light',
    'lock',
    'cover',
    'climate',
    'fan',
    'camera',
    'button',
    'number',
  ],
  ...[
    'alarm_control_panel',
    'siren',
    'valve',
    'vacuum',
    'water_heater',
    'humidifier',
    'update',
    'select',
    'text',
  ],
  ...[
    'device',
    'device_tracker',
    'device_automation',
    'image',
    'event',
    'scene',
    'tag',
    'lawn_mower',
    'notify',
  ],
]);
/** Members by their long and their short name. */
const SHORT: Readonly<Record<string, string>> = {
  state_topic: 'stat_t',
  command_topic: 'cmd_t',
  device_class: 'dev_cla',
  unit_of_measurement: 'unit_of_meas',
  value_template: 'val_tpl',
  availability_topic: 'avty_t',
  availability: 'avty',
  unique_id: 'uniq_id',
  device: 'dev',
  identifiers: 'ids',
  manufacturer: 'mf',
  model: 'mdl',
  sw_version: 'sw',
  connections: 'cns',
  configuration_url: 'cu',
  components: 'cmps',
  platform: 'p',
  topic: 't',
  json_attributes_topic: 'json_attr_t',
  current_temperature_topic: 'curr_temp_t',
  current_temperature_template: 'curr_temp_tpl',
  temperature_unit: 'temp_unit',
  position_topic: 'pos_t',
  position_template: 'pos_tpl',
  payload_on: 'pl_on',
  payload_off: 'pl_off',
  state_on: 'stat_on',
  state_off: 'stat_off',
  state_locked: 'stat_locked',
  state_unlocked: 'stat_unlocked',
};
/** Binary sensors whose class is also one of numbers. */
const BINARY: Readonly<Record<string, string>> = {
  gas: 'gas alarm',
  carbon_monoxide: 'CO alarm',
  moisture: 'leak',
  power: 'switch',
  running: 'switch',
  light: 'switch',
};
/** What takes commands, and how grave it is when strangers see where. */
const CONTROLS: Readonly<Record<string, readonly [ControlSurface['kind'], ControlSurface['severity']]>> = {
  lock: ['lock', 'CRITICAL'],
  alarm_control_panel: ['alarm', 'CRITICAL'],
  siren: ['alarm', 'HIGH'],
  cover: ['cover', 'HIGH'],
  valve: ['command', 'HIGH'],
  update: ['firmware-update', 'HIGH'],
};
const MAX_COMPONENTS = 64;
const MAX_WORD = 32;
/** What climates and covers tell beside their state. */
const OTHER_TOPICS = [
  ['current_temperature', 'temperature', undefined],
  ['position', 'position', '%'],
] as const;

/**
 * Retained declarations under `homeassistant/<component>/…/config`: class, unit and topic of every entity. What else
 * stands there are states, and read by their names.
 */
export const homeAssistant: Convention = {
  name: NAME,
  matches: ({ levels }) =>
    (levels[0] === 'homeassistant' && (levels.length === 2 || levels.at(-1) === 'config')) ||
    (levels.at(-1) === 'config' && COMPONENTS.has(levels[1] ?? '')),
  read: (message, facts) => {
    if (message.level(-1) === 'status') {
      const online = isOnline(message);
      facts.addPublisher({
        id: 'Home Assistant',
        seenBy: 'last-will',
        ...(online !== undefined && { online }),
      });
    }
    const root = message.json?.root;
    if (message.level(-1) !== 'config' || !root) return NOTHING;
    const component = message.level(1);
    const device = noteDevice(root, message.topic, facts);
    if (component !== 'device') declare(root, root, component, device, message.topic, facts);
    for (const part of (get(root, 'components')?.entries ?? []).slice(0, MAX_COMPONENTS)) {
      declare(part, root, text(part, 'platform') ?? '', device, message.topic, facts);
    }
    return NOTHING;
  },
};

function get(node: JsonNode | undefined, name: string): JsonNode | undefined {
  return member(node, name) ?? member(node, SHORT[name] ?? name);
}

function text(node: JsonNode | undefined, name: string): string | undefined {
  return textAt(node, name) ?? textAt(node, SHORT[name] ?? name);
}

/** `~` at the beginning or the end of a topic stands for the base. */
function topicIn(node: JsonNode, root: JsonNode, name: string): string | undefined {
  const topic = text(node, name) ?? (node === root ? undefined : text(root, name));
  const base = textAt(root, '~') ?? textAt(node, '~');
  if (topic === undefined || base === undefined) return topic;
  return topic.startsWith('~')
    ? base + topic.slice(1)
    : topic.endsWith('~')
      ? topic.slice(0, -1) + base
      : topic;
}

function declare(
  node: JsonNode,
  root: JsonNode,
  component: string,
  device: string | undefined,
  source: string,
  facts: Facts,
): void {
  const stateTopic = topicIn(node, root, 'state_topic');
  const quantity = meaning(node, component);
  if (stateTopic !== undefined) {
    const { key, factor } = templateOf(text(node, 'value_template'));
    const unit = text(node, 'unit_of_measurement');
    if (quantity && (factor !== undefined || !quantity.range)) {
      const words = quantity.range ? undefined : wordsOf(node);
      facts.declare(stateTopic, { key, quantity, unit, words, factor, convention: NAME, source });
    }
    const id = device ?? text(node, 'unique_id') ?? source;
    facts.addPublisher({ id, seenBy: 'discovery' });
    facts.expectFrom(id, stateTopic);
  }
  for (const [what, quantity, usual] of OTHER_TOPICS) {
    const unit = usual ?? text(node, 'temperature_unit');
    const topic = topicIn(node, root, `${what}_topic`);
    const { key, factor } = templateOf(text(node, `${what}_template`));
    if (topic !== undefined && factor !== undefined)
      facts.declare(topic, {
        key,
        quantity: quantityNamed(quantity),
        unit,
        factor,
        convention: NAME,
        source,
      });
  }
  const commandTopic = topicIn(node, root, 'command_topic');
  if (commandTopic === undefined) return;
  const [kind, severity] = CONTROLS[component] ?? (['command', 'MEDIUM'] as const);
  facts.addControl({ kind, severity, confidence: 1, convention: NAME, topic: commandTopic });
}

/** How yes and no are written; the state of a lock is called otherwise, and that of a switch may be. */
function wordsOf(node: JsonNode): Declared['words'] {
  const word = (...names: string[]): string | undefined => {
    const value = names.map((name) => get(node, name)?.value).find((one) => one !== undefined);
    return value === undefined || value === null ? undefined : String(value).slice(0, MAX_WORD);
  };
  const yes = word('state_unlocked', 'state_on', 'payload_on');
  const no = word('state_locked', 'state_off', 'payload_off');
  return yes === undefined && no === undefined ? undefined : { yes, no };
}

function meaning(node: JsonNode, component: string): Quantity | undefined {
  const deviceClass = text(node, 'device_class');
  if (component === 'binary_sensor') {
    const name = deviceClass === undefined ? undefined : BINARY[deviceClass];
    const found = name === undefined ? quantityOfClass(deviceClass ?? '') : quantityNamed(name);
    return found?.range ? undefined : found;
  }
  if (component === 'switch' || component === 'light' || component === 'fan') return quantityNamed('switch');
  if (component === 'lock') return quantityNamed('lock');
  if (component !== 'sensor') return undefined;
  const unit = unitNamed(text(node, 'unit_of_measurement') ?? '');
  const ofClass = quantityOfClass(deviceClass ?? '');
  if (ofClass?.range) return ofClass;
  const ofName = quantityCalled(textAt(node, 'name') ?? '')?.quantity;
  if (unit && ofName?.measures?.includes(unit.measure)) return ofName;
  return unit && quantityOfMeasure(unit.measure);
}

function noteDevice(root: JsonNode, topic: string, facts: Facts): string | undefined {
  const device = get(root, 'device');
  if (!device) return undefined;
  const ids = get(device, 'identifiers');
  const first = ids?.value ?? ids?.entries?.[0]?.value;
  const connections = get(device, 'connections')?.entries ?? [];
  const mac = connections.find(({ entries }) => entries?.[0]?.value === 'mac')?.entries?.[1]?.value;
  const id = typeof first === 'string' || typeof first === 'number' ? String(first) : textAt(device, 'name');
  if (id === undefined) return undefined;
  const url = text(device, 'configuration_url');
  const address = /^https?:\/\/(?:[^/@\s]{0,200}@)?([^/:@\s]{1,80})/.exec(url ?? '')?.[1];
  const told = {
    name: textAt(device, 'name'),
    vendor: text(device, 'manufacturer'),
    model: text(device, 'model'),
    firmware: text(device, 'sw_version'),
    mac: typeof mac === 'string' ? mac : undefined,
    address,
  };
  facts.addDevice({ id, convention: NAME, topic, ...defined(told) });
  return told.name ?? id;
}
