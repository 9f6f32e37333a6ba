import { DHT, n, PIR, type Sample, s } from './sample';
import { sparkplugPayload } from './sparkplug';

const time = '2025-12-09T01:22:13';
const position = { latitude: 48.262451, longitude: 11.668912, altitude: 480 };

/** What homes send besides: several sensors in a message, status answers, events, and less common programs. */
export const MORE: readonly Sample[] = [
  s(
    'tele/greenhouse/SENSOR',
    {
      Time: time,
      BME280: { Temperature: 24.1, Humidity: 63.2, DewPoint: 16.7, Pressure: 1008.4 },
      BH1750: { Illuminance: 11_250 },
      DS18B20: { Id: '0316A2791234', Temperature: 19.8 },
      PressureUnit: 'hPa',
      TempUnit: 'C',
    },
    DHT,
    '24.1°C, 19.8°C, 63.2%, 11250 lx, 1008.4 hPa',
  ),
  s(
    'stat/plug2/STATUS10',
    { StatusSNS: { Time: time, ENERGY: { Total: 7.214, Power: 12, Voltage: 231, Current: 0.06 } } },
    'Power Meter',
    '12 W, 7.214 kWh, 231 V, 0.06 A',
  ),
  n(
    'stat/plug2/STATUS6',
    {
      StatusMQT: {
        MqttHost: '10.0.0.9',
        MqttPort: 1883,
        MqttClient: 'DVES_AB12CD',
        MqttUser: 'tasmota_usr',
        MqttCount: 1,
      },
    },
    'network',
    'credentials',
  ),
  s(
    'tele/zbbridge/SENSOR',
    {
      ZbReceived: {
        '0x4773': {
          Device: '0x4773',
          Name: 'Hall',
          Temperature: 21.3,
          Humidity: 44.7,
          Endpoint: 1,
          LinkQuality: 70,
        },
      },
    },
    DHT,
    '21.3°C, 44.7%',
  ),
  s(
    'tele/air2/SENSOR',
    {
      Time: time,
      SCD40: { CarbonDioxide: 812, eCO2: 805, Temperature: 23.4, Humidity: 41.2, DewPoint: 9.4 },
      TempUnit: 'C',
    },
    DHT,
    '23.4°C, 41.2%, 812 ppm, 805 ppm',
  ),
  s(
    'tasmota/discovery/AABBCC112233/sensors',
    {
      sn: { Time: time, AM2301: { Temperature: 20.1, Humidity: 50.5, DewPoint: 9.5 }, TempUnit: 'C' },
      ver: 1,
    },
    DHT,
    '20.1°C, 50.5%',
  ),
  n('stat/lamp/STATUS', { Status: { Module: 1, DeviceName: 'Lamp', Topic: 'lamp', Power: 1, SaveData: 1 } }),
  n('stat/lamp/STATUS0', {
    Status: { Power: 1 },
    StatusPRM: { Baudrate: 115200, Uptime: '1T02:03:04' },
    StatusLOG: { SSId: ['home', ''] },
  }),
  n(
    'ecowitt/raw',
    'PASSKEY=0123456789ABCDEF0123456789ABCDEF&stationtype=GW1100A_V2.1.4&tempinf=70.2',
    'token',
  ),
  n('tele/remote/RESULT', { IrReceived: { Protocol: 'NEC', Bits: 32, Data: '0x00FF30CF', Repeat: 0 } }),
  n('zigbee2mqtt/bridge/info', {
    version: '1.40.2',
    coordinator: { ieee_address: '0x00124b0024c2aabb', type: 'ZStack3x0', meta: { revision: 20230507 } },
    network: { channel: 11, pan_id: 6754, extended_pan_id: '0xdddddddddddddddd' },
    permit_join: false,
    config: {
      mqtt: {
        base_topic: 'zigbee2mqtt',
        server: 'mqtt://core-mosquitto:1883',
        user: 'addons',
        password: '********',
      },
    },
  }),
  s(
    'zigbee2mqtt/trv_bath',
    {
      local_temperature: 20.5,
      current_heating_setpoint: 22,
      system_mode: 'heat',
      running_state: 'idle',
      battery: 81,
      linkquality: 99,
    },
    'Temperature Sensor',
    '20.5°C, 81% battery',
  ),
  n('zigbee2mqtt/remote_bed', { action: 'single', linkquality: 120 }),
  n(
    'zigbee2mqtt/lock_front/set',
    { pin_code: { user: 1, user_type: 'unrestricted', user_enabled: true, pin_code: '4321' } },
    'alarm-code',
  ),
  s('zigbee2mqtt/mmwave', { presence: true, illuminance_lux: 41, linkquality: 66 }, PIR, 'Motion, 41 lx'),
  n(
    'frigate/reviews',
    {
      type: 'update',
      before: { camera: 'door', severity: 'alert', data: { objects: ['person'], sub_labels: [] } },
      after: {
        camera: 'door',
        severity: 'alert',
        data: { objects: ['person'], sub_labels: ['Alice'], zones: ['porch'] },
      },
    },
    'person',
  ),
  n(
    'frigate/tracked_object_update',
    { type: 'face', id: '1607.2-x', name: 'John', score: 0.95, camera: 'door' },
    'person',
  ),
  n(
    'frigate/tracked_object_update',
    { type: 'lpr', id: '1607.3-y', name: null, plate: '123 ABC', score: 0.9 },
    'plate',
  ),
  n('frigate/events', {
    type: 'new',
    before: {
      id: '1.2-b',
      camera: 'yard',
      label: 'dog',
      sub_label: null,
      score: 0.7,
      box: [424, 500, 536, 712],
    },
    after: {
      id: '1.2-b',
      camera: 'yard',
      label: 'dog',
      sub_label: null,
      score: 0.8,
      box: [424, 500, 536, 712],
      has_snapshot: true,
    },
  }),
  s(
    'user_1/rpc',
    {
      id: 1,
      src: 'shellyplus1pm-a8',
      dst: 'user_1',
      result: {
        ble: {},
        cloud: { connected: true },
        'switch:0': {
          id: 0,
          output: true,
          apower: 61.4,
          voltage: 229.9,
          current: 0.28,
          aenergy: { total: 91.2 },
          temperature: { tC: 41.2, tF: 106.2 },
        },
        wifi: { sta_ip: '192.168.33.20', status: 'got ip', ssid: 'home', rssi: -55 },
      },
    },
    'Power Meter',
    '61.4 W, 91.2 Wh, 229.9 V, 0.28 A, On',
    'network',
  ),
  n('shellyplus2pm-b7/events/rpc', {
    src: 'shellyplus2pm-b7',
    dst: 'shellyplus2pm-b7/events',
    method: 'NotifyEvent',
    params: {
      ts: 1700000000.2,
      events: [{ component: 'input:0', id: 0, event: 'single_push', ts: 1700000000.2 }],
    },
  }),
  s(
    'shellyhtg3-c6/status/devicepower:0',
    { id: 0, battery: { V: 5.86, percent: 87 }, external: { present: false } },
    'Battery Sensor',
    '87% battery',
  ),
  n(
    'shellyplus1-d5/rpc',
    {
      id: 2,
      src: 'user_1',
      method: 'MQTT.SetConfig',
      params: { config: { enable: true, server: '10.0.0.2:1883', user: 'shelly', pass: 'M0squit0-pw' } },
    },
    'network',
    'credentials',
  ),
  n('shellyplus1-d5/rpc/answer', {
    id: 3,
    src: 'shellyplus1-d5',
    result: { sta: { ssid: 'home', is_open: false, enable: true, ipv4mode: 'dhcp' } },
  }),
  s(
    'spBv1.0/Mill/NBIRTH/Gate7',
    sparkplugPayload(
      { name: 'bdSeq', int: 3 },
      { name: 'Sensors/Temperature', alias: 11, float: 55.5, unit: '°C' },
      { name: 'Sensors/Humidity', alias: 12, float: 20.5, unit: '%' },
    ),
    DHT,
    '55.5°C, 20.5%',
  ),
  s(
    'spBv1.0/Mill/NDATA/Gate7',
    sparkplugPayload({ alias: 12, float: 21.5 }, { alias: 11, float: 56 }),
    DHT,
    '56°C, 21.5%',
  ),
  s(
    'spBv1.0/Mill/NBIRTH/Gate9',
    sparkplugPayload(
      { name: 'Temperature', alias: 1, float: 20.5, unit: '°C' },
      { name: 'Properties/Hardware Make', string: 'Acme' },
      { name: 'Config/wifi_password', string: 'M1llPassw0rd' },
    ),
    'Temperature Sensor',
    '20.5°C',
    'wifi-key',
  ),
  n('spBv1.0/Mill/NDATA/Gate8', sparkplugPayload({ alias: 11, float: 56 })),
  s(
    'application/9/device/a84041ffff1234ab/event/up',
    {
      deduplicationId: '3ac7e3c4-4401-4b8d-9386-a5c902f9202d',
      deviceInfo: {
        tenantName: 'T',
        applicationName: 'A',
        deviceProfileName: 'LHT65',
        deviceName: 'cellar',
        devEui: 'a84041ffff1234ab',
      },
      devAddr: '00189440',
      fPort: 2,
      data: 'y8gHHwGbAQhQf/8=',
      object: { TempC_SHT: 18.35, Hum_SHT: 41.1, BatV: 3.016 },
      rxInfo: [{ gatewayId: '0016c001f153a14c', rssi: -48, snr: 9, location: position }],
    },
    DHT,
    '18.35°C, 41.1%, 3.016 V',
    'location',
  ),
  s(
    'v3/farm@ttn/devices/well/up',
    {
      end_device_ids: { device_id: 'well', dev_eui: '70B3D57ED0059999' },
      uplink_message: {
        f_port: 1,
        frm_payload: 'AWcA6QJoWg==',
        decoded_payload: { temperature_1: 23.3, relative_humidity_2: 45 },
        rx_metadata: [
          {
            gateway_ids: { gateway_id: 'gw' },
            rssi: -80,
            location: { ...position, source: 'SOURCE_REGISTRY' },
          },
        ],
      },
    },
    DHT,
    '23.3°C, 45%',
    'location',
  ),
  s(
    'ruuvi/C8:25:2D:8E:9C:2C/F4:1F:0C:28:CB:D9',
    {
      gw_mac: 'C8:25:2D:8E:9C:2C',
      rssi: -63,
      gwts: 1700000001,
      data: '02010611FF990403291A1ECE1EFC18F94202CA0B53',
      coords: '',
    },
    DHT,
    '26.3°C, 20.5%, 1027.66 hPa, 2.899 V',
  ),
  n(
    'owntracks/jane/phone/waypoints',
    {
      _type: 'waypoints',
      waypoints: [
        { _type: 'waypoint', desc: 'Home', lat: 52.51631, lon: 13.37777, rad: 50, tst: 1700000000 },
      ],
    },
    'location',
  ),
  n(
    'owntracks/jane/phone/cmd',
    {
      _type: 'cmd',
      action: 'setConfiguration',
      configuration: { _type: 'configuration', host: 'mqtt.lan', password: 'S3tByC0mmand' },
    },
    'credentials',
  ),
  n('owntracks/jane/watch', { _type: 'encrypted', data: 'uK0Xxf2aLZqs1bY3gHhVnApK0Xxf2aLZqs1bY3gHhVnA' }),
  n('owntracks/jane/phone/step', {
    _type: 'steps',
    tst: 1700000000,
    steps: 5121,
    from: 1699990000,
    to: 1700000000,
  }),
  n(
    'valetudo/robby/MapData/map-data-hass',
    Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(600, 3)]),
    'location',
  ),
  n('valetudo/robby/MapData/segments', { 16: 'Kitchen', 17: 'Bath' }),
  s(
    'zwave/Kitchen/49/0/Air_temperature',
    { time: 1700000000000, value: 21.5 },
    'Temperature Sensor',
    '21.5°C',
  ),
  n(
    'zwave/_CLIENTS/ZWAVE_GATEWAY-home/api/getConfig',
    {
      zwave: {
        securityKeys: {
          S0_Legacy: '0A1B2C3D4E5F60718293A4B5C6D7E8F9',
          S2_AccessControl: '1B2C3D4E5F60718293A4B5C6D7E8F90A',
        },
      },
    },
    'encryption-key',
    'encryption-key',
  ),
  s('rtl_433/pi/devices/Nexus-TH/1/44/temperature_C', '5.4', 'Temperature Sensor', '5.4°C'),
  n(
    'msh/EU_868/2/json/LongFast/!a1b2c3d4',
    {
      from: 2712847316,
      type: 'position',
      payload: { latitude_i: 525163100, longitude_i: 133777700, altitude: 34 },
    },
    'location',
  ),
  s(
    'msh/EU_868/2/json/LongFast/!a1b2c3d5',
    {
      from: 2712847317,
      type: 'telemetry',
      payload: { temperature: 21.3, relative_humidity: 44.1, barometric_pressure: 1009.2 },
    },
    DHT,
    '21.3°C, 44.1%, 1009.2 hPa',
  ),
  n('teslamate/cars/1/latitude', '37.492489', 'location'),
  n('teslamate/cars/1/longitude', '-121.944633', 'location'),
  n('homeassistant/device_tracker/jane_phone/latitude', '52.51631', 'location'),
  s('homeassistant/sensor/kitchen_temperature/state', '21.5', 'Temperature Sensor', '21.5°C'),
  s('solar_assistant/inverter_1/pv_power/state', '1520', 'Power Meter', '1520 W'),
  s('N/c0619ab2d3f4/battery/288/Soc', { value: 87.5 }, 'Battery Sensor', '87.5% battery'),
  s(
    'espresense/devices/iphone:jane/kitchen',
    { id: 'iphone:jane', name: 'Jane', rssi: -71, distance: 2.31 },
    'Distance Sensor',
    '2.31 m, -71 dBm',
    'presence',
  ),
  n('octoPrint/temperature/tool0', { _timestamp: 1700000000, actual: 210.3, target: 210 }),
  n('wled/kitchen/g', '128'),
  n('shellyplus1-d5/rpc', { id: 4, src: 'user_1', method: 'Shelly.GetStatus' }),
  n('map/view/latitude', '52.5'),
  s(
    'v3/farm@ttn/devices/roof/up',
    { uplink_message: { decoded_payload: { luminosity_1: 640, barometric_pressure_0: 1004.1 } } },
    'Light Sensor',
    '640 lx, 1004.1 hPa',
  ),
  s(
    'tele/meter/SENSOR',
    { Time: time, SML: { total_in: 12345.6, power: 432, volt_p1: 231.2 } },
    'Power Meter',
    '432 W',
  ),
  n('livingroom/debug', '[D][sensor:093]: Sensor boot sent state 3 with 0 decimals'),
  n('livingroom/debug', '[C][wifi:415]: WiFi: Local MAC AA:BB:CC:DD:EE:FF, SSID home, password set'),
];
