import type { Facts } from '../facts';
import { type JsonNode, member, pathOf, textAt } from '../json';
import { type Measured, measure } from '../measured';
import type { Message } from '../message';
import { quantityNamed } from '../quantities';
import { type Convention, defined, isOnline, NOTHING, type Said } from './convention';

/** Last levels of the first generation's topics: quantity and unit. */
const GEN1: Readonly<Record<string, readonly [string, string?]>> = {
  temperature: ['temperature', '°C'],
  temperature_f: ['temperature', '°F'],
  humidity: ['humidity', '%'],
  battery: ['battery', '%'],
  bat: ['battery', '%'],
  lux: ['illuminance', 'lx'],
  flood: ['leak'],
  motion: ['motion'],
  smoke: ['smoke'],
  gas: ['gas alarm'],
  concentration: ['gas level', 'ppm'],
  vibration: ['vibration'],
  door: ['opening'],
  power: ['power', 'W'],
  reactive_power: ['reactive power', 'var'],
  voltage: ['voltage', 'V'],
  current: ['current', 'A'],
  pf: ['power factor'],
  pos: ['position', '%'],
};
const NAME1 = 'Shelly (first generation)';

/** Bare values under `shellies/<model>-<id>/…`; energy is in watt-minutes for relays, in watt-hours for meters. */
export const shelly1: Convention = {
  name: NAME1,
  matches: ({ levels }) => levels[0] === 'shellies',
  read: (message, facts) => {
    const { topic, json } = message;
    const root = json?.root;
    const last = message.level(-1);
    const device = message.level(1);
    if (last === 'announce') {
      const id = textAt(root, 'id') ?? device;
      const told = { model: textAt(root, 'model'), firmware: textAt(root, 'fw_ver') };
      const net = { address: textAt(root, 'ip'), mac: textAt(root, 'mac') };
      facts.addDevice({ id, convention: NAME1, vendor: 'Shelly', topic, ...defined({ ...told, ...net }) });
      facts.addPublisher({ id, seenBy: 'discovery' });
      return NOTHING;
    }
    if (last === 'online') {
      const online = isOnline(message);
      facts.addPublisher({ id: device, seenBy: 'last-will', ...(online !== undefined && { online }) });
      return NOTHING;
    }
    return last === 'status' ? wholeStatus(root) : bareValue(message);
  },
};

/** Motion sensors tell everything at once, as JSON. */
function wholeStatus(root: JsonNode | undefined): Said {
  return {
    readings: (root?.entries ?? []).flatMap((leaf) => {
      const [name, unit] = namedBy(String(leaf.key));
      const reading = name !== undefined && measure(quantityNamed(name), leaf.value, pathOf(leaf), unit);
      return reading ? [reading] : [];
    }),
  };
}

function namedBy(key: string): readonly [string?, string?] {
  return Object.hasOwn(GEN1, key) ? (GEN1[key] ?? []) : [];
}

function bareValue({ levels, text }: Message): Said {
  const last = levels.at(-1) ?? '';
  const above = levels.at(-2) ?? '';
  const value = text.trim();
  if (last === 'command' || last === 'set') return NOTHING;
  if (/^\d+$/.test(last) && ['relay', 'light', 'white', 'color', 'input'].includes(above)) {
    return one('switch', value);
  }
  if (/^\d+$/.test(last) && above.startsWith('ext_')) {
    const [name, unit] = namedBy(above.slice('ext_'.length));
    return name === undefined ? NOTHING : one(name, value, unit);
  }
  if (last === 'state' && above === 'sensor') return one('opening', value);
  if (last === 'energy' || last === 'total') {
    const isMeter = levels.includes('emeter');
    return one('energy', value, isMeter && last === 'total' ? 'Wh' : 'Wmin');
  }
  const [name, unit] = namedBy(last);
  return name === undefined ? NOTHING : one(name, value, unit);
}

function one(name: string, value: unknown, unit?: string): Said {
  const reading = measure(quantityNamed(name), value, 'payload', unit);
  return { readings: reading ? [reading] : [] };
}

/** Members of a component's status: quantity and unit. */
const GEN2: readonly (readonly [path: string, quantity: string, unit?: string])[] = [
  ['output', 'switch'],
  ['apower', 'power', 'W'],
  ['act_power', 'power', 'W'],
  ['total_act_power', 'power', 'W'],
  ['a_act_power', 'power', 'W'],
  ['b_act_power', 'power', 'W'],
  ['c_act_power', 'power', 'W'],
  ['a_voltage', 'voltage', 'V'],
  ['b_voltage', 'voltage', 'V'],
  ['c_voltage', 'voltage', 'V'],
  ['a_current', 'current', 'A'],
  ['voltage', 'voltage', 'V'],
  ['current', 'current', 'A'],
  ['freq', 'frequency', 'Hz'],
  ['pf', 'power factor'],
  ['aenergy.total', 'energy', 'Wh'],
  ['total_act', 'energy', 'Wh'],
  ['total_act_energy', 'energy', 'Wh'],
  ['tC', 'temperature', '°C'],
  ['rh', 'humidity', '%'],
  ['lux', 'illuminance', 'lx'],
  ['battery.percent', 'battery', '%'],
  ['current_pos', 'position', '%'],
];
const COMPONENT =
  /^(?:switch|light|cover|input|temperature|humidity|devicepower|em|em1|emdata|em1data|pm1|illuminance|smoke|flood|sys|wifi|voltmeter|bthomesensor)(?::\d{1,3})?$/;
const NAME2 = 'Shelly (second generation)';

/** What a device answers goes to whoever asked: `<asker>/rpc`. */
function isAnswer(root: JsonNode | undefined): boolean {
  return member(root, 'result') !== undefined && /^shelly/.test(textAt(root, 'src') ?? '');
}

/** JSON of a component under `<device>/status/<component>`, of all that changed in `<device>/events/rpc`, and of answers. */
export const shelly2: Convention = {
  name: NAME2,
  matches: ({ levels, json }) =>
    (levels.at(-2) === 'status' && COMPONENT.test(levels.at(-1) ?? '')) ||
    (levels.at(-1) === 'rpc' && (levels.at(-2) === 'events' || isAnswer(json?.root))),
  read: (message, facts) => {
    const root = message.json?.root;
    const device = message.levels.slice(0, -2).join('/');
    if (message.level(-1) !== 'rpc') {
      const readings = component(root, message, device, facts);
      // Its motor tells its power as well.
      return {
        readings,
        ...(message.level(-1).startsWith('cover') && { type: quantityNamed('position').sensor }),
      };
    }
    const parts = (member(root, 'params') ?? member(root, 'result'))?.entries ?? [];
    const known = parts.filter(({ key }) => COMPONENT.test(String(key)));
    return {
      readings: known.flatMap((part) => component(part, message, textAt(root, 'src') ?? device, facts)),
    };
  },
};

function component(node: JsonNode | undefined, message: Message, id: string, facts: Facts): Measured[] {
  const { topic } = message;
  const name = typeof node?.key === 'string' ? node.key : message.level(-1);
  const kind = name.split(':')[0];
  if (kind === 'sys' || kind === 'wifi') {
    const told = {
      mac: textAt(node, 'mac'),
      address: textAt(node, 'sta_ip'),
      firmware: textAt(node, 'fw_id'),
    };
    if (Object.values(told).some(Boolean)) {
      facts.addDevice({ id, convention: NAME2, vendor: 'Shelly', topic, ...defined(told) });
    }
    return [];
  }
  const rows: (readonly [string, string, string?])[] = [...GEN2];
  if (kind === 'smoke') rows.push(['alarm', 'smoke']);
  if (kind === 'flood') rows.push(['alarm', 'leak']);
  if (kind === 'input') rows.push(['state', 'switch']);
  // The temperature of a switch is that of its electronics.
  const own = kind === 'temperature' ? rows : rows.filter(([path]) => path !== 'tC');
  return own.flatMap(([path, quantity, unit]) => {
    const leaf = member(node, ...path.split('.'));
    const reading = leaf && measure(quantityNamed(quantity), leaf.value, pathOf(leaf), unit);
    return reading ? [reading] : [];
  });
}
