import { DHT, n, PIR, type Sample, s } from './sample';
import { sparkplugPayload } from './sparkplug';

export const SHELLY: readonly Sample[] = [
  n(
    'shellies/announce',
    {
      id: 'shellyht-F3A1B2',
      model: 'SHHT-1',
      mac: 'E0980600F3A1',
      ip: '192.168.33.12',
      new_fw: false,
      fw_ver: '20230913-112531/v1.14.0',
    },
    'network',
  ),
  n('shellies/shellyht-F3A1B2/online', 'true'),
  s('shellies/shellyht-F3A1B2/sensor/temperature', '21.12', 'Temperature Sensor', '21.12°C'),
  s('shellies/shellyht-F3A1B2/sensor/humidity', '47.5', 'Humidity Sensor', '47.5%'),
  s('shellies/shellyht-F3A1B2/sensor/battery', '88', 'Battery Sensor', '88% battery'),
  s('shellies/shellyflood-1/sensor/flood', 'false', 'Leak Sensor', 'No leak'),
  s('shellies/shellymotion-1/sensor/motion', 'true', PIR, 'Motion'),
  s('shellies/shellydw2-1/sensor/state', 'open', 'Contact Sensor', 'Open'),
  s('shellies/shellydw2-1/sensor/lux', '120', 'Light Sensor', '120 lx'),
  s('shellies/shelly1pm-1/relay/0', 'on', 'Switch', 'On'),
  s('shellies/shelly1pm-1/relay/0/power', '45.20', 'Power Meter', '45.2 W'),
  s('shellies/shelly1pm-1/relay/0/energy', '123456', 'Energy Meter', '123456 Wmin'),
  s('shellies/shelly1pm-1/temperature', '51.3', 'Temperature Sensor', '51.3°C'),
  s('shellies/shellyem-1/emeter/0/voltage', '231.4', 'Voltage Sensor', '231.4 V'),
  s('shellies/shellyem-1/emeter/0/power', '-412.7', 'Power Meter', '-412.7 W'),
  s('shellies/shellyem-1/emeter/0/total', '90211.4', 'Energy Meter', '90211.4 Wh'),
  s('shellies/shellyem-1/emeter/0/pf', '0.93', 'Power Meter', 'power factor 0.93'),
  s('shellies/shelly25-1/roller/0/pos', '100', 'Cover', '100% position'),
  s('shellies/shellyix3-1/input/0', '1', 'Switch', 'On'),
  n('shellies/shelly1pm-1/command', 'announce'),
  n('shellies/shelly1pm-1/sensor/temperature', '999'),
  s(
    'shellyplus1pm-a8/status/switch:0',
    {
      id: 0,
      source: 'init',
      output: true,
      apower: 8.9,
      voltage: 237.5,
      freq: 50,
      current: 0.035,
      aenergy: { total: 6.532 },
      temperature: { tC: 23.5, tF: 74.4 },
    },
    'Power Meter',
    '8.9 W, 6.532 Wh, 237.5 V, 0.035 A, 50 Hz, On',
  ),
  s('shellyplusht-1/status/temperature:0', { id: 0, tC: 21.9, tF: 71.4 }, 'Temperature Sensor', '21.9°C'),
  s('shellyplusht-1/status/humidity:0', { id: 0, rh: 52.3 }, 'Humidity Sensor', '52.3%'),
  s(
    'shellyplusht-1/status/devicepower:0',
    { id: 0, battery: { V: 5.4, percent: 77 }, external: { present: false } },
    'Battery Sensor',
    '77% battery',
  ),
  s(
    'shellyplusht-1/events/rpc',
    {
      src: 'shellyplusht-1',
      dst: 'shellyplusht-1/events',
      method: 'NotifyFullStatus',
      params: {
        ts: 1700000000.5,
        'temperature:0': { id: 0, tC: 20.4, tF: 68.7 },
        'humidity:0': { id: 0, rh: 60 },
      },
    },
    DHT,
    '20.4°C, 60%',
  ),
  s(
    'shellypro3em-1/status/em:0',
    { id: 0, a_current: 1.2, a_voltage: 229.8, a_act_power: 250.1, total_act_power: 250.1 },
    'Power Meter',
    '250.1 W, 250.1 W, 229.8 V, 1.2 A',
  ),
  s('shellysmoke-1/status/smoke:0', { id: 0, alarm: false, mute: false }, 'Smoke Detector', 'No smoke'),
  n(
    'shellyplus1pm-a8/status/wifi',
    { sta_ip: '192.168.33.20', status: 'got ip', ssid: 'home', rssi: -55 },
    'network',
  ),
  n('shellyplus1pm-a8/online', 'true'),
  n(
    'shellyplus1pm-a8/rpc',
    {
      id: 1,
      src: 'user_1',
      method: 'Wifi.SetConfig',
      params: { config: { sta: { ssid: 'home', pass: 'Correct-Horse-9', enable: true } } },
    },
    'wifi-key',
  ),
];

export const SPARKPLUG: readonly Sample[] = [
  n('spBv1.0/STATE/scada1', { online: true, timestamp: 1700000000000 }),
  s(
    'spBv1.0/Plant/DBIRTH/Edge1/Oven',
    sparkplugPayload(
      { name: 'Temperature', alias: 1, double: 81.5, unit: '°C' },
      { name: 'Inputs/Pressure', alias: 2, float: 1002.5, unit: 'hPa' },
      { name: 'Properties/Hardware Make', string: 'Acme' },
      { name: 'Properties/Hardware Model', string: 'OV-9' },
    ),
    'Temperature Sensor',
    '81.5°C, 1002.5 hPa',
  ),
  s(
    'spBv1.0/Plant/DDATA/Edge1/Oven',
    sparkplugPayload({ alias: 1, double: 83.25 }),
    'Temperature Sensor',
    '83.25°C',
  ),
  s(
    'spBv1.0/Plant/DBIRTH/Edge1/Pump',
    sparkplugPayload(
      { name: 'Motor/Power', alias: 7, float: 4.5, unit: 'kW' },
      { name: 'Flow', alias: 8, double: 12.5, unit: 'L/min' },
    ),
    'Power Meter',
    '4.5 kW, 12.5 L/min',
  ),
  s(
    'spBv1.0/Plant/DDATA/Edge1/Pump',
    sparkplugPayload({ alias: 7, float: 4.75 }, { alias: 8, double: 13 }),
    'Power Meter',
    '4.75 kW, 13 L/min',
  ),
  s(
    'spBv1.0/Plant/DDATA/Edge2/Cold',
    sparkplugPayload({ name: 'Temperature', int: -18 }),
    'Temperature Sensor',
    '-18°C',
  ),
  s(
    'spBv1.0/Plant/NBIRTH/Edge1',
    sparkplugPayload(
      { name: 'bdSeq', int: 0 },
      { name: 'Node Control/Rebirth', boolean: false },
      { name: 'Voltage', double: 24.1, unit: 'V' },
    ),
    'Voltage Sensor',
    '24.1 V',
  ),
  n('spBv1.0/Plant/NDEATH/Edge3', sparkplugPayload({ name: 'bdSeq', int: 0 })),
  n('spBv1.0/Plant/NCMD/Edge1', sparkplugPayload({ name: 'Node Control/Rebirth', boolean: true })),
  n('spBv1.0/Plant/DCMD/Edge1/Pump', sparkplugPayload({ name: 'Setpoint', double: 40 })),
  n('spBv1.0/Plant/DDATA/Edge1/Odd', sparkplugPayload({ name: 'Recipe', string: 'A7' })),
  n('spBv1.0/Plant/DDATA/Edge1/Broken', Buffer.from('ffffffffff', 'hex')),
];

export const HOMIE: readonly Sample[] = [
  n('homie/5/wx1/$state', 'ready'),
  n('homie/5/wx1/$description', {
    homie: '5.0',
    name: 'Weather',
    version: 7,
    nodes: {
      out: {
        properties: {
          t: { datatype: 'float', unit: '°C' },
          hum: { name: 'Humidity', datatype: 'float', unit: '%' },
          valve: { datatype: 'boolean', settable: true },
          wind: { name: 'Wind speed', datatype: 'float', unit: 'm/s' },
        },
      },
    },
  }),
  s('homie/5/wx1/out/t', '9.8', 'Temperature Sensor', '9.8°C'),
  s('homie/5/wx1/out/hum', '77', 'Humidity Sensor', '77%'),
  s('homie/5/wx1/out/wind', '4.2', 'Wind Sensor', '4.2 m/s'),
  n('homie/5/wx1/out/valve', 'true'),
  n('homie/old1/$homie', '3.0.1'),
  n('homie/old1/$name', 'Old sensor'),
  n('homie/old1/$localip', '192.168.7.7', 'network'),
  n('homie/old1/$mac', 'DE:AD:BE:EF:00:01'),
  n('homie/old1/$fw/version', '1.2.3'),
  n('homie/old1/$state', 'lost'),
  n('homie/old1/room/temp/$unit', '°F'),
  s('homie/old1/room/temp', '71.6', 'Temperature Sensor', '71.6°F'),
  s('homie/old1/room/humidity', '39', 'Humidity Sensor', '39%'),
  n('homie/old1/relay/on/set', 'true'),
];

const jpeg = Buffer.concat([
  Buffer.from('ffd8ffe000104a46494600010100000100010000ffc00011080168028003012200021101031101', 'hex'),
  Buffer.alloc(6000, 7),
]);
export const FRIGATE: readonly Sample[] = [
  n('frigate/available', 'online'),
  n('frigate/stats', { service: { version: '0.14.1', uptime: 1000 }, cameras: { door: { camera_fps: 5 } } }),
  s('frigate/door/person', '1', 'Camera', 'Motion'),
  s('frigate/door/car', '0', 'Camera', 'No motion'),
  s('frigate/door/motion', 'ON', 'Camera', 'Motion'),
  n('frigate/door/enabled/set', 'ON'),
  n('frigate/door/person/snapshot', jpeg, 'image'),
  n(
    'frigate/events',
    {
      type: 'new',
      after: { id: '1.2-a', camera: 'door', label: 'person', sub_label: ['Alice', 0.93], score: 0.8 },
    },
    'person',
  ),
  n(
    'frigate/events',
    {
      type: 'update',
      after: {
        id: '1.3-b',
        camera: 'gate',
        label: 'car',
        sub_label: null,
        recognized_license_plate: 'KL1234AB',
      },
    },
    'plate',
  ),
  n('frigate/door/audio/transcription', 'the key is under the mat', 'person'),
  n('frigate/reviews', { type: 'end', before: { camera: 'door', severity: 'alert' } }),
];

export const OWNTRACKS: readonly Sample[] = [
  s(
    'owntracks/jane/phone',
    {
      _type: 'location',
      tid: 'JP',
      lat: 52.51631,
      lon: 13.37777,
      acc: 12,
      batt: 81,
      vel: 0,
      alt: 41,
      tst: 1700000000,
      SSID: 'home',
    },
    'Location Tracker',
    '0 km/h, 81% battery',
    'network',
    'location',
  ),
  s(
    'owntracks/john/phone',
    { _type: 'location', tid: 'JD', lat: 3.139003, lon: 101.686855, batt: 40, vel: 62, tst: 1700000000 },
    'Location Tracker',
    '62 km/h, 40% battery',
    'location',
  ),
  n(
    'owntracks/jane/phone/event',
    { _type: 'transition', event: 'enter', desc: 'Home', lat: 52.51641, lon: 13.37797, tst: 1700000000 },
    'location',
  ),
  n('owntracks/jane/phone/info', { _type: 'card', name: 'Jane Poe', tid: 'JP' }, 'person'),
  n(
    'owntracks/jane/phone/dump',
    {
      _type: 'configuration',
      host: 'mqtt.home',
      username: 'jane',
      password: 'tr4ckm3now',
      encryptionKey: 'fourty-two-sheep',
    },
    'credentials',
    'encryption-key',
  ),
  n('owntracks/jane/tablet', { _type: 'encrypted', data: 'pK0Xxf2aLZqs1bY3gHhVnA==' }),
  n('owntracks/jane/phone/status', { _type: 'lwt', tst: 1700000000 }),
  n('owntracks/jane/phone/cmd', { _type: 'cmd', action: 'reportLocation' }),
];

export const VALETUDO: readonly Sample[] = [
  s('valetudo/robby/BatteryStateAttribute/level', '87', 'Robot Vacuum', '87% battery'),
  n('valetudo/robby/StatusStateAttribute/status', 'docked'),
  n('valetudo/robby/$state', 'ready'),
  n(
    'valetudo/robby/MapData/map-data',
    Buffer.concat([Buffer.from('789c', 'hex'), Buffer.alloc(900, 0x5a)]),
    'location',
  ),
  n('valetudo/robby/WifiConfigurationCapability/ips', '192.168.5.9,fe80::1', 'network'),
  n('valetudo/robby/WifiConfigurationCapability/ssid', 'home', 'network'),
  n('valetudo/robby/FanSpeedControlCapability/preset/set', 'max'),
  n('valetudo/robby/CurrentStatisticsCapability/area', '2510000'),
];

export const OPEN_MQTT_GATEWAY: readonly Sample[] = [
  s(
    'home/OMG_1/BTtoMQTT/A4C138123456',
    {
      id: 'A4:C1:38:12:34:56',
      name: 'ATC_123456',
      rssi: -68,
      brand: 'Xiaomi',
      model: 'TH Sensor',
      model_id: 'LYWSD03MMC',
      type: 'THB',
      tempc: 22.3,
      tempf: 72.14,
      hum: 51,
      batt: 77,
      volt: 2.951,
    },
    DHT,
    '22.3°C, 51%, 2.951 V, 77% battery, -68 dBm',
  ),
  s(
    'home/OMG_1/BTtoMQTT/C47C8D6A1B2C',
    {
      id: 'C4:7C:8D:6A:1B:2C',
      rssi: -80,
      brand: 'Mi',
      model: 'MiFlora',
      tempc: 19.1,
      moi: 21,
      lux: 1530,
      fer: 340,
    },
    'Temperature Sensor',
    '19.1°C, 1530 lx, 21% soil moisture, 340 µS/cm, -80 dBm',
  ),
  s(
    'home/OMG_1/BTtoMQTT/5F1122334455',
    { id: '5F:11:22:33:44:55', mac_type: 1, rssi: -71 },
    'Signal Sensor',
    '-71 dBm',
    'presence',
  ),
  s(
    'home/OMG_1/RTL_433toMQTT/Nexus-TH/1/44',
    { model: 'Nexus-TH', id: 44, channel: 1, battery_ok: 1, temperature_C: 5.4, humidity: 83 },
    DHT,
    '5.4°C, 83%',
  ),
  n(
    'home/OMG_1/SYStoMQTT',
    {
      uptime: 1234,
      version: 'v1.8.0',
      env: 'esp32-ble',
      freemem: 119000,
      mqttport: '1883',
      mac: 'AA:BB:CC:00:00:01',
      ip: '192.168.1.77',
    },
    'network',
  ),
  n('home/OMG_1/BTtoMQTT/LWT', 'online'),
  n('home/OMG_1/commands/MQTTtoBT/config', { interval: 55555 }),
  n('home/OMG_1/433toMQTT', { value: 5393, protocol: 1, length: 24, delay: 350 }),
];

const ruuvi = (hex: string) => ({
  gw_mac: 'C8:25:2D:8E:9C:2C',
  rssi: -40,
  aoa: [],
  gwts: '1700000001',
  ts: '1700000000',
  data: `0201061BFF9904${hex}`,
  coords: '',
});
export const RUUVI: readonly Sample[] = [
  s(
    'ruuvi/C8:25:2D:8E:9C:2C/F4:1F:0C:28:CB:D6',
    ruuvi('0512FC5394C37C0004FFFC040CAC364200CDCBB8334C884F'),
    DHT,
    '24.3°C, 53.49%, 1000.44 hPa, 2.977 V',
  ),
  s(
    'ruuvi/C8:25:2D:8E:9C:2C/F4:1F:0C:28:CB:D7',
    ruuvi('05F448FFFFFFFF0004FFFC040CAC364200CDCBB8334C884F'),
    'Temperature Sensor',
    '-15°C, 2.977 V',
  ),
  n('ruuvi/C8:25:2D:8E:9C:2C/gw_status', { state: 'online' }),
  n('ruuvi/C8:25:2D:8E:9C:2C/F4:1F:0C:28:CB:D8', ruuvi('0580008001000100')),
];

const uplink = (decoded: object, more: object = {}) => ({
  end_device_ids: {
    device_id: 'd1',
    application_ids: { application_id: 'app1' },
    dev_eui: '70B3D57ED0051234',
    join_eui: '0000000000000000',
  },
  uplink_message: {
    f_port: 2,
    f_cnt: 12,
    frm_payload: 'AQIDBA==',
    decoded_payload: decoded,
    rx_metadata: [{ gateway_ids: { gateway_id: 'gw1' }, rssi: -101, snr: 4.5 }],
    ...more,
  },
});
export const LORAWAN: readonly Sample[] = [
  s(
    'v3/app1@ttn/devices/d1/up',
    uplink(
      { temperature: 17.25, humidity: 66, battery: 3.1 },
      { version_ids: { brand_id: 'acme', model_id: 'th1', firmware_version: '1.0' } },
    ),
    DHT,
    '17.25°C, 66%, 3.1 V',
  ),
  s(
    'v3/app1@ttn/devices/d2/up',
    uplink({ soil: { moisture: 28.4, conductivity: 210 } }),
    'Soil Sensor',
    '28.4% soil moisture, 210 µS/cm',
  ),
  s('v3/app1@ttn/devices/d3/up', uplink({ door: 'open' }), 'Contact Sensor', 'Open'),
  s(
    'v3/app1@ttn/devices/d4/up',
    uplink({ distance: 812, unit: 'mm', co2: 455 }),
    'CO2 Sensor',
    '455 ppm, distance 812',
  ),
  n('v3/app1@ttn/devices/d1/join', {
    end_device_ids: { device_id: 'd1', dev_eui: '70B3D57ED0051234' },
    join_accept: { session_key_id: 'AYz0Aw==' },
  }),
  n('v3/app1@ttn/devices/d1/down/queued', {
    end_device_ids: { device_id: 'd1' },
    downlink_queued: { f_port: 1, frm_payload: 'AQ==' },
  }),
  n('v3/app1@ttn/devices/d1/up/log', uplink({})),
  s(
    'application/7/device/0004a30b001c0530/event/up',
    {
      deviceInfo: {
        tenantName: 'T',
        applicationName: 'A',
        deviceProfileName: 'EM300',
        deviceName: 'em-1',
        devEui: '0004a30b001c0530',
      },
      fPort: 85,
      data: 'AQ==',
      object: { temperature: 4.6, humidity: 71.5, battery: 99 },
    },
    DHT,
    '4.6°C, 71.5%, 99% battery',
  ),
  s(
    'application/7/device/0004a30b001c0531/event/up',
    { deviceInfo: { deviceName: 'lux-1' }, object: { illuminance: 640, pir: 1 } },
    PIR,
    'Motion, 640 lx',
  ),
  s(
    'application/7/device/0004a30b001c0530/event/status',
    { deviceInfo: { deviceName: 'em-1' }, margin: 7, externalPowerSource: false, batteryLevel: 75.2 },
    'Battery Sensor',
    '75.2% battery',
  ),
  n('application/7/device/0004a30b001c0530/event/join', {
    deviceInfo: { deviceName: 'em-1' },
    devAddr: '00189440',
  }),
  n('application/7/device/0004a30b001c0530/command/down', {
    devEui: '0004a30b001c0530',
    fPort: 10,
    data: 'AQ==',
  }),
  n('eu868/gateway/0016c001f153a14c/event/stats', { gatewayId: '0016c001f153a14c', rxPacketsReceived: 12 }),
  s(
    '$aws/things/tank7/shadow/update/accepted',
    { state: { reported: { temperature: 12.5, tank_level: 71 } }, version: 3 },
    'Temperature Sensor',
    '12.5°C, 71% fill level',
  ),
  s(
    '$aws/things/tank7/shadow/update/documents',
    { previous: { state: {} }, current: { state: { reported: { temperature: 13, humidity: 40 } } } },
    DHT,
    '13°C, 40%',
  ),
  n('$aws/things/tank7/shadow/update/delta', { state: { valve: 'open' }, version: 4 }),
];
