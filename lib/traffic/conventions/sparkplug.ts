import type { Facts } from '../facts';
import { type Measured, measure } from '../measured';
import type { Message } from '../message';
import { quantityCalled } from '../names';
import { quantityOfMeasure } from '../quantities';
import { readSparkplug, type SparkplugMetric } from '../sparkplug-payload';
import { unitNamed } from '../units';
import { type Convention, isOnline, NOTHING } from './convention';

const NAME = 'Sparkplug B';
const KINDS = /^[ND](?:BIRTH|DEATH|DATA|CMD)$/;

/** Protobuf under `spBv1.0/<group>/<kind>/<node>[/<device>]`; births name the metrics that data calls by number. */
export const sparkplug: Convention = {
  name: NAME,
  matches: ({ levels }) => levels[0] === 'spBv1.0' && (KINDS.test(levels[2] ?? '') || levels[1] === 'STATE'),
  read: (message, facts) => {
    const [, group = '', kind = '', edge = '', device] = message.levels;
    if (group === 'STATE') {
      const online = isOnline(message);
      facts.addPublisher({ id: kind, seenBy: 'last-will', ...(online !== undefined && { online }) });
      return NOTHING;
    }
    const id = [group, edge, device].filter((part) => part !== undefined).join('/');
    if (kind.endsWith('CMD')) return NOTHING;
    if (kind.endsWith('DEATH')) {
      facts.addPublisher({ id, seenBy: 'last-will', online: false });
      return NOTHING;
    }
    const metrics = readSparkplug(message.payload) ?? [];
    if (kind.endsWith('BIRTH')) born(message, id, metrics, facts);
    return { readings: readings(id, metrics, facts), confidence: kind.endsWith('BIRTH') ? 1 : 0.95 };
  },
};

function born(
  { topic, levels }: Message,
  id: string,
  metrics: readonly SparkplugMetric[],
  facts: Facts,
): void {
  for (const { name, alias, unit } of metrics) {
    if (name !== undefined && alias !== undefined) facts.nameMetric(id, alias, { name, unit });
  }
  const property = (wanted: RegExp): string | undefined => {
    const value = metrics.find(({ name = '' }) => wanted.test(name))?.value;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const vendor = property(/^Properties\/(?:Hardware Make|Manufacturer|Vendor)$/i);
  const model = property(/^Properties\/(?:Hardware Model|Model)$/i);
  const firmware = property(/^Properties\/(?:FW|Firmware(?: Version)?|Software Version)$/i);
  facts.addDevice({
    id,
    convention: NAME,
    topic,
    ...(vendor !== undefined && { vendor }),
    ...(model !== undefined && { model }),
    ...(firmware !== undefined && { firmware }),
  });
  facts.addPublisher({ id, seenBy: 'last-will', online: true });
  const data = levels.map((level, i) => (i === 2 ? level.replace('BIRTH', 'DATA') : level)).join('/');
  facts.revisit(data);
}

function readings(id: string, metrics: readonly SparkplugMetric[], facts: Facts): Measured[] {
  return metrics.flatMap(({ name, alias, value, unit }) => {
    const known = name === undefined && alias !== undefined ? facts.metric(id, alias) : undefined;
    const called = name ?? known?.name ?? '';
    const reading = readingOf(called, value, unit ?? known?.unit);
    return reading ? [reading] : [];
  });
}

/** `Inputs/Temperature` is a temperature; the unit decides where the name says nothing. */
function readingOf(name: string, value: unknown, unitName: string | undefined): Measured | undefined {
  if (/^(?:Node Control|Device Control|Properties|bdSeq)(?:\/|$)/.test(name)) return undefined;
  const unit = unitNamed(unitName ?? '');
  const named = quantityCalled(name.slice(name.lastIndexOf('/') + 1));
  const fits = named && (!unit || named.quantity.measures?.includes(unit.measure));
  const quantity = fits ? named.quantity : unit && quantityOfMeasure(unit.measure);
  return quantity && measure(quantity, value, name, unit?.symbol ?? named?.unit);
}
