import { climateAt, timeAt } from '../climate';
import { type Identity, json, type Model, truth } from '../device';

const eui = (me: Identity): string => `02FF${me.mac}`;

/** Ruuvi Gateway: a tag's advertisement as it came, in format 5 (RAWv2). */
export const ruuvi: Model = (me) => ({
  announce: () => [],
  at: (tick) => {
    const climate = climateAt(me, tick);
    const mac = (me.mac.match(/../g) ?? []).join(':');
    const seconds = Math.floor(timeAt(tick).getTime() / 1000);
    const data = rawV2(climate, me.mac, tick);
    return [
      json(
        `ruuvi/02:00:00:00:00:01/${mac}`,
        { gw_mac: '02:00:00:00:00:01', rssi: climate.signal, gwts: seconds, ts: seconds, data, coords: '' },
        [
          truth('data', 'temperature', climate.temperature, '°C'),
          truth('data', 'humidity', climate.humidity, '%'),
          truth('data', 'pressure', climate.pressure, 'hPa'),
        ],
      ),
    ];
  },
});

/** Steps of the format: 0.005 °C, 0.0025 %, 1 Pa above 50 000 Pa, 1 mV above 1600 mV, 2 dBm above -40 dBm. */
function rawV2(
  { temperature, humidity, pressure }: { temperature: number; humidity: number; pressure: number },
  mac: string,
  tick: number,
): string {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt8(5, 0);
  bytes.writeInt16BE(Math.round(temperature / 0.005), 1);
  bytes.writeUInt16BE(Math.round(humidity / 0.0025), 3);
  bytes.writeUInt16BE(Math.round(pressure * 100) - 50_000, 5);
  // At rest on its back: 1 g downwards.
  bytes.writeInt16BE(1000, 11);
  bytes.writeUInt16BE(((2980 - 1600) << 5) | 22, 13);
  bytes.writeUInt8(1, 15);
  bytes.writeUInt16BE(tick % 65_535, 16);
  bytes.write(mac, 18, 'hex');
  return `0201061BFF9904${bytes.toString('hex').toUpperCase()}`;
}

/** The Things Stack: an uplink that the server has decoded. */
export const thingsStack: Model = (me) => ({
  announce: () => [],
  at: (tick) => {
    const { temperature, humidity, battery } = climateAt(me, tick);
    const device = `soil-${me.mac.slice(-4).toLowerCase()}`;
    const path = 'uplink_message.decoded_payload';
    const raw = Buffer.from([Math.round(temperature * 2), Math.round(humidity), battery]);
    return [
      json(
        `v3/farm@tenant/devices/${device}/up`,
        {
          end_device_ids: {
            device_id: device,
            application_ids: { application_id: 'farm' },
            dev_eui: eui(me),
          },
          received_at: timeAt(tick).toISOString(),
          uplink_message: {
            f_port: 2,
            f_cnt: tick,
            frm_payload: raw.toString('base64'),
            decoded_payload: { temperature, humidity, battery },
          },
        },
        [
          truth(`${path}.temperature`, 'temperature', temperature, '°C'),
          truth(`${path}.humidity`, 'humidity', humidity, '%'),
          truth(`${path}.battery`, 'battery', battery, '%'),
        ],
      ),
    ];
  },
});

/** ChirpStack 4: an uplink with its decoded object. */
export const chirpStack: Model = (me) => ({
  announce: () => [],
  at: (tick) => {
    const { temperature, pressure } = climateAt(me, tick);
    const devEui = eui(me).toLowerCase();
    return [
      json(
        `application/7b1f4c2e-0000-4000-8000-000000000001/device/${devEui}/event/up`,
        {
          time: timeAt(tick).toISOString(),
          deviceInfo: { applicationName: 'roof', deviceName: me.room, devEui },
          fCnt: tick,
          fPort: 1,
          object: { temperature, pressure },
        },
        [
          truth('object.temperature', 'temperature', temperature, '°C'),
          truth('object.pressure', 'pressure', pressure, 'hPa'),
        ],
      ),
    ];
  },
});

/** AWS IoT device shadow: what a thing has reported. */
export const awsShadow: Model = (me) => ({
  announce: () => [],
  at: (tick) => {
    const { temperature, illuminance } = climateAt(me, tick);
    const path = 'state.reported';
    return [
      json(
        `$aws/things/thing-${me.index}/shadow/update`,
        { state: { reported: { temperature, illuminance } } },
        [
          truth(`${path}.temperature`, 'temperature', temperature, '°C'),
          truth(`${path}.illuminance`, 'illuminance', illuminance, 'lx'),
        ],
      ),
    ];
  },
});
