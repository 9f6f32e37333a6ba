import { textAt } from '../json';
import { type Measured, measure } from '../measured';
import { quantityNamed } from '../quantities';
import { type Convention, NOTHING } from './convention';

const NAME = 'Ruuvi Gateway';
/** Manufacturer specific data of Ruuvi Innovations (0x0499, little endian) in format 5, "RAWv2". */
const RAW_V2 = /FF990405([0-9A-F]{46})/i;
/** Format 3, "RAWv1", of older tags. */
const RAW_V1 = /FF990403([0-9A-F]{26})/i;

/** `ruuvi/<gateway>/<tag>` with the advertisement of a tag as hexadecimal digits. */
export const ruuvi: Convention = {
  name: NAME,
  matches: ({ levels }) => levels[0] === 'ruuvi' && levels.length >= 3,
  read: ({ topic, json, levels }, facts) => {
    const root = json?.root;
    if (levels.at(-1) === 'gw_status') {
      facts.addPublisher({
        id: levels[1] ?? '',
        seenBy: 'last-will',
        online: textAt(root, 'state') !== 'offline',
      });
      return NOTHING;
    }
    const data = textAt(root, 'data')?.slice(0, 512) ?? '';
    const [, second] = RAW_V2.exec(data) ?? [];
    const [, first] = RAW_V1.exec(data) ?? [];
    if (second === undefined && first === undefined) return NOTHING;
    const id = levels[2] ?? '';
    facts.addDevice({ id, convention: NAME, vendor: 'Ruuvi', model: 'RuuviTag', mac: id, topic });
    return {
      readings:
        second === undefined ? rawV1(Buffer.from(first ?? '', 'hex')) : rawV2(Buffer.from(second, 'hex')),
    };
  },
};

/** Values that are not available have all bits set, those with a sign the top bit only. */
function rawV2(data: Buffer): Measured[] {
  const temperature = data.readInt16BE(0);
  const humidity = data.readUInt16BE(2);
  const pressure = data.readUInt16BE(4);
  const power = data.readUInt16BE(12) >> 5;
  const rows: (readonly [string, number | undefined, string])[] = [
    ['temperature', temperature === -32_768 ? undefined : rounded(temperature * 0.005, 3), '°C'],
    ['humidity', humidity === 65_535 ? undefined : rounded(humidity * 0.0025, 4), '%'],
    ['pressure', pressure === 65_535 ? undefined : rounded((pressure + 50_000) / 100, 2), 'hPa'],
    ['voltage', power === 2047 ? undefined : rounded((power + 1600) / 1000, 3), 'V'],
  ];
  return measured(rows);
}

/** The temperature has a sign and hundredths of its own. */
function rawV1(data: Buffer): Measured[] {
  const degrees = data.readUInt8(1);
  const size = (degrees & 0x7f) + data.readUInt8(2) / 100;
  return measured([
    ['temperature', rounded(degrees & 0x80 ? -size : size, 2), '°C'],
    ['humidity', data.readUInt8(0) / 2, '%'],
    ['pressure', rounded((data.readUInt16BE(3) + 50_000) / 100, 2), 'hPa'],
    ['voltage', rounded(data.readUInt16BE(11) / 1000, 3), 'V'],
  ]);
}

function measured(rows: readonly (readonly [string, number | undefined, string])[]): Measured[] {
  return rows.flatMap(([name, value, unit]) => measure(quantityNamed(name), value, '$.data', unit) ?? []);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
