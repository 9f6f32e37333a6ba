import { climateAt, round, timeAt } from '../climate';
import { bare, json, type Model, truth } from '../device';

const temperature = (path: string, value: number) => truth(path, 'temperature', value, '°C');
const humidity = (path: string, value: number) => truth(path, 'humidity', value, '%');

/** Tasmota: a plug that counts energy, with a BME280. */
export const tasmota: Model = (me) => {
  const name = `tasmota_${me.mac.slice(-6)}`;
  return {
    announce: () => [
      bare(`tele/${name}/LWT`, 'Online', [], true),
      json(
        `tasmota/discovery/${me.mac}/config`,
        { dn: me.room, hn: name, mac: me.mac, md: 'Generic', t: name, ft: '%prefix%/%topic%/', sw: '14.2.0' },
        [],
        true,
      ),
    ],
    at: (tick) => {
      const { temperature: t, humidity: h, pressure, power, voltage, energy } = climateAt(me, tick);
      const current = round(power / voltage, 3);
      const time = timeAt(tick).toISOString().slice(0, 19);
      return [
        json(
          `tele/${name}/SENSOR`,
          {
            Time: time,
            BME280: { Temperature: t, Humidity: h, Pressure: pressure },
            ENERGY: { Total: energy, Power: power, Voltage: voltage, Current: current },
            PressureUnit: 'hPa',
            TempUnit: 'C',
          },
          [
            temperature('BME280.Temperature', t),
            humidity('BME280.Humidity', h),
            truth('BME280.Pressure', 'pressure', pressure, 'hPa'),
            truth('ENERGY.Total', 'energy', energy, 'kWh'),
            truth('ENERGY.Power', 'power', power, 'W'),
            truth('ENERGY.Voltage', 'voltage', voltage, 'V'),
            truth('ENERGY.Current', 'current', current, 'A'),
          ],
        ),
      ];
    },
  };
};

/** Zigbee2MQTT: a climate sensor with a battery. */
export const zigbee2mqtt: Model = (me) => {
  const name = `${me.room}_climate`;
  const ieee = `0x00${me.mac.toLowerCase()}00`;
  const expose = (property: string, unit: string) => ({
    type: 'numeric',
    access: 1,
    name: property,
    property,
    unit,
  });
  return {
    announce: () => [
      json(`zigbee2mqtt/${name}/availability`, { state: 'online' }, [], true),
      json(
        'zigbee2mqtt/bridge/devices',
        [
          {
            ieee_address: ieee,
            type: 'EndDevice',
            friendly_name: name,
            model_id: 'lumi.weather',
            definition: {
              model: 'WSDCGQ11LM',
              vendor: 'Aqara',
              exposes: [expose('temperature', '°C'), expose('humidity', '%'), expose('battery', '%')],
            },
          },
        ],
        [],
        true,
      ),
    ],
    at: (tick) => {
      const { temperature: t, humidity: h, battery } = climateAt(me, tick);
      return [
        json(`zigbee2mqtt/${name}`, { battery, humidity: h, linkquality: 120, temperature: t }, [
          truth('battery', 'battery', battery, '%'),
          humidity('humidity', h),
          temperature('temperature', t),
        ]),
      ];
    },
  };
};

/** Home Assistant discovery: a device of one's own make, that says itself what its values are. */
export const homeAssistant: Model = (me) => {
  const id = `node_${me.mac.slice(-6).toLowerCase()}`;
  const state = `nodes/${id}/state`;
  const config = (object: string, deviceClass: string, unit: string, key: string) =>
    json(
      `homeassistant/sensor/${id}/${object}/config`,
      {
        '~': `nodes/${id}`,
        name: object,
        uniq_id: `${id}_${object}`,
        stat_t: '~/state',
        dev_cla: deviceClass,
        unit_of_meas: unit,
        val_tpl: `{{ value_json.${key} }}`,
        dev: { ids: [id], name: me.room, mf: 'Workshop', mdl: 'Node 2' },
      },
      [],
      true,
    );
  return {
    announce: () => [config('co2', 'carbon_dioxide', 'ppm', 'a'), config('light', 'illuminance', 'lx', 'b')],
    at: (tick) => {
      const { co2, illuminance } = climateAt(me, tick);
      return [
        json(state, { a: co2, b: illuminance }, [
          truth('a', 'carbon_dioxide', co2, 'ppm'),
          truth('b', 'illuminance', illuminance, 'lx'),
        ]),
      ];
    },
  };
};

/** ESPHome: bare values, whose names say what they are. */
export const espHome: Model = (me) => {
  const name = `esphome-${me.room}`;
  return {
    announce: () => [bare(`${name}/status`, 'online', [], true)],
    at: (tick) => {
      const { temperature: t, motion } = climateAt(me, tick);
      return [
        bare(`${name}/sensor/room_temperature/state`, t, [temperature('', t)], true),
        bare(
          `${name}/binary_sensor/motion/state`,
          motion ? 'ON' : 'OFF',
          [truth('', 'motion', motion)],
          true,
        ),
      ];
    },
  };
};

/** Shelly of the first generation: a relay that measures power, in Wmin. */
export const shelly1: Model = (me) => {
  const id = `shelly1pm-${me.mac}`;
  const prefix = `shellies/${id}`;
  return {
    announce: () => [
      json('shellies/announce', { id, model: 'SHSW-PM', mac: me.mac, ip: '192.0.2.10', fw_ver: '1.14.0' }),
      bare(`${prefix}/online`, 'true', [], true),
    ],
    at: (tick) => {
      const { power, energy, temperature: t } = climateAt(me, tick);
      return [
        bare(`${prefix}/relay/0`, 'on'),
        bare(`${prefix}/relay/0/power`, power, [truth('', 'power', power, 'W')]),
        bare(`${prefix}/relay/0/energy`, Math.round(energy * 60_000), [
          truth('', 'energy', Math.round(energy * 60_000), 'Wmin'),
        ]),
        bare(`${prefix}/temperature`, t, [temperature('', t)]),
      ];
    },
  };
};

/** Shelly of the second generation: notifications of a switch. */
export const shelly2: Model = (me) => {
  const id = `shellyplus1pm-${me.mac.toLowerCase()}`;
  return {
    announce: () => [bare(`${id}/online`, 'true', [], true)],
    at: (tick) => {
      const { power, voltage, temperature: t } = climateAt(me, tick);
      const path = 'params.switch:0';
      return [
        json(
          `${id}/events/rpc`,
          {
            src: id,
            dst: `${id}/events`,
            method: 'NotifyStatus',
            params: {
              ts: timeAt(tick).getTime() / 1000,
              'switch:0': { id: 0, output: true, apower: power, voltage, temperature: { tC: t } },
            },
          },
          [
            truth(`${path}.apower`, 'power', power, 'W'),
            truth(`${path}.voltage`, 'voltage', voltage, 'V'),
            temperature(`${path}.temperature.tC`, t),
          ],
        ),
      ];
    },
  };
};

/** OpenMQTTGateway: a gateway that passes on what thermometers say over Bluetooth. */
export const openMqttGateway: Model = (me) => ({
  announce: () => [bare('home/OMG_ESP32/LWT', 'online', [], true)],
  at: (tick) => {
    const { temperature: t, humidity: h, battery, signal } = climateAt(me, tick);
    const id = (me.mac.match(/../g) ?? []).join(':');
    return [
      json(
        `home/OMG_ESP32/BTtoMQTT/${me.mac}`,
        { id, rssi: signal, brand: 'Xiaomi', model: 'LYWSD03MMC', tempc: t, hum: h, batt: battery },
        [
          truth('rssi', 'signal_strength', signal, 'dBm'),
          temperature('tempc', t),
          humidity('hum', h),
          truth('batt', 'battery', battery, '%'),
        ],
      ),
    ];
  },
});
