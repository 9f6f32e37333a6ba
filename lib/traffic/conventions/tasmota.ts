import type { Facts } from '../facts';
import { type JsonNode, member, textAt } from '../json';
import { leavesOf, readingsIn } from '../leaf-readings';
import { type Measured, measure } from '../measured';
import type { Message } from '../message';
import { quantityNamed } from '../quantities';
import { type Convention, defined, isOnline, NOTHING, type Said } from './convention';

const NAME = 'Tasmota';
const PREFIXES: ReadonlySet<string> = new Set(['tele', 'stat', 'cmnd']);
const KINDS = /^(?:SENSOR|STATE|LWT|RESULT|STATUS\d{0,2}|POWER\d{0,2}|INFO\d|UPTIME|HASS_STATE|MARGINS)$/;
/** Statistics and what is worked out of other values. */
const SKIPPED: ReadonlySet<string> = new Set([
  ...[
    'DewPoint',
    'SeaPressure',
    'Yesterday',
    'Today',
    'Period',
    'TotalStartTime',
    'Time',
    'TempUnit',
    'PressureUnit',
  ],
  ...['Id', 'RSSI', 'Vcc', 'SpeedUnit'],
]);

/** Of a detector of lightning `Energy` has no unit, and `Distance` is in kilometres. */
const LIGHTNING = 'AS3935';

/** Topics `tele/<device>/SENSOR` and the like, or with the device first; and what devices announce for discovery. */
export const tasmota: Convention = {
  name: NAME,
  matches: ({ levels }) =>
    (levels[0] === 'tasmota' && levels[1] === 'discovery') ||
    (levels.some((level) => PREFIXES.has(level)) &&
      (KINDS.test(levels.at(-1) ?? '') || levels[0] === 'cmnd')),
  read: (message, facts) => {
    if (message.level(0) === 'tasmota') return discovered(message, facts);
    if (message.levels.includes('cmnd')) return NOTHING;
    const kind = message.level(-1);
    const device = deviceOf(message);
    if (kind === 'LWT') {
      const online = isOnline(message);
      facts.addPublisher({ id: device, seenBy: 'last-will', ...(online !== undefined && { online }) });
      return NOTHING;
    }
    if (/^POWER/.test(kind)) return switchOf(message.text, 'payload');
    noteDevice(message, device, facts);
    return { readings: sensorsIn(message.json?.root) };
  },
};

function deviceOf({ levels }: Message): string {
  return levels
    .slice(0, -1)
    .filter((level) => !PREFIXES.has(level))
    .join('/');
}

function switchOf(value: unknown, path: string): Said {
  const reading = measure(quantityNamed('switch'), value, path);
  return { readings: reading ? [reading] : [] };
}

function sensorsIn(root: JsonNode | undefined): Measured[] {
  // Settings stand in the other parts of a status: `Power` is there which relays are on.
  const isStatus = root?.entries?.some(({ key }) => /^Status/.test(String(key)));
  const body = member(root, 'StatusSNS') ?? member(root, 'StatusSTS') ?? (isStatus ? undefined : root);
  const temperatureUnit = textAt(body, 'TempUnit');
  const pressureUnit = textAt(body, 'PressureUnit');
  const units: Readonly<Record<string, string | undefined>> = {
    temperature: temperatureUnit,
    pressure: pressureUnit,
    distance: 'cm',
  };
  const leaves = leavesOf(body).filter(({ parent }) => parent?.key !== LIGHTNING);
  const { readings } = readingsIn(leaves, {
    all: true,
    skip: SKIPPED,
    unitOf: (name) => units[name],
  });
  for (const leaf of leaves) {
    const path = `$.${leaf.parent?.key === undefined ? '' : `${leaf.parent.key}.`}${leaf.key}`;
    const special =
      leaf.parent?.key === 'ENERGY' && leaf.key === 'Total'
        ? 'energy'
        : leaf.parent?.key === 'ENERGY' && leaf.key === 'Factor'
          ? 'power factor'
          : /^(?:POWER|Switch)\d{0,2}$/.test(String(leaf.key))
            ? 'switch'
            : undefined;
    const reading = special && measure(quantityNamed(special), leaf.value, path);
    if (reading) readings.push(reading);
  }
  return readings;
}

/** STATUS2 tells the firmware, STATUS5 the network, INFO1 and INFO2 both at the start. */
function noteDevice({ topic, json }: Message, id: string, facts: Facts): void {
  const root = json?.root;
  const net = member(root, 'StatusNET') ?? member(root, 'Info2') ?? root;
  const firmware =
    textAt(root, 'StatusFWR', 'Version') ?? textAt(root, 'Info1', 'Version') ?? textAt(root, 'Version');
  const model = textAt(root, 'Info1', 'Module') ?? textAt(root, 'Module');
  const address = textAt(net, 'IPAddress');
  const mac = textAt(net, 'Mac');
  if (!firmware && !model && !address && !mac) return;
  const told = { name: textAt(net, 'Hostname'), model, firmware, address, mac };
  facts.addDevice({ id, convention: NAME, topic, ...defined(told) });
}

function discovered({ topic, json, levels }: Message, facts: Facts): Said {
  const root = json?.root;
  if (levels.at(-1) === 'sensors') return { readings: sensorsIn(member(root, 'sn')) };
  if (levels.at(-1) !== 'config') return NOTHING;
  const id = textAt(root, 't') ?? levels[2] ?? '';
  const name = textAt(root, 'dn');
  facts.addDevice({
    id,
    convention: NAME,
    topic,
    ...defined({
      name,
      model: textAt(root, 'md'),
      firmware: textAt(root, 'sw'),
      address: textAt(root, 'ip'),
      mac: textAt(root, 'mac'),
    }),
  });
  facts.addPublisher({ id, seenBy: 'discovery' });
  for (const kind of ['SENSOR', 'STATE']) facts.expectFrom(id, `tele/${id}/${kind}`);
  return NOTHING;
}
