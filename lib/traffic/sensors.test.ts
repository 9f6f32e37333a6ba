import assert from 'node:assert/strict';
import fc from 'fast-check';
import { recogniseSensor } from './testing';

describe('recogniseSensor', () => {
  const known: readonly (readonly [string, string, string, string, string])[] = [
    [
      'sensors/faris/dht_secure',
      '{"temp_c":31.5,"hum_pct":56.0}',
      'DHT (Temp & Hum)',
      '31.5°C, 56%',
      '31.5C; 56%',
    ],
    [
      'sensors/faris/ldr_secure',
      '{"ldr_pct":62.1,"ldr_raw":2543}',
      'LDR (Light Sensor)',
      '62.1% light',
      '62.1% light',
    ],
    ['sensors/faris/pir_insecure', '{"pir":1}', 'PIR (Motion Sensor)', 'Motion', 'Motion'],
    ['sensors/faris/pir_insecure', '{"pir":0}', 'PIR (Motion Sensor)', 'No motion', 'No motion'],
    [
      'tele/x/SENSOR',
      '{"AM2301":{"Temperature":-3.1,"Humidity":80}}',
      'DHT (Temp & Hum)',
      '-3.1°C, 80%',
      '-3.1C; 80%',
    ],
    ['home/kitchen/temperature', '21.4', 'Temperature Sensor', '21.4°C', '21.4C'],
    [
      'zigbee2mqtt/hall',
      '{"occupancy":true,"battery":87}',
      'PIR (Motion Sensor)',
      'Motion, 87% battery',
      'Motion; 87% battery',
    ],
    ['home/attic/temperature', '21.299999999999997', 'Temperature Sensor', '21.3°C', '21.3C'],
    ['x/py', '{"humidity":55.300000000000004}', 'Humidity Sensor', '55.3%', '55.3%'],
    ['shellies/a/sensor/lux', '310', 'Light Sensor', '310 lx', '310 lx'],
    ['x/co2', '612', 'CO2 Sensor', '612 ppm', '612 ppm'],
    ['x', '{"temp_c":20,"temp_f":68}', 'Temperature Sensor', '20°C', '20C'],
  ];
  for (const [topic, payload, type, text, summary] of known) {
    it(`${topic} ${payload} is ${type}: ${text}`, () => {
      const sensor = recogniseSensor(topic, payload);
      assert.deepEqual([sensor?.type, sensor?.text, sensor?.summary], [type, text, summary]);
    });
  }

  const unknown: readonly (readonly [string, string])[] = [
    ['a/b', 'hello'],
    ['a/temperature', 'warm'],
    ['a/temperature', '999'],
    ['a/b', '{"temp_c":4000}'],
    ['a/b', '{"hum_pct":-1}'],
    ['a/b', '{"pir":17}'],
    ['a/b', '{"temp_c":null}'],
    ['a/b', '{"constructor":1,"__proto__":{"temp_c":20}}'.replace('temp_c', 'x')],
    ['a/b', '['.repeat(9000)],
    ['a/b', ''],
    ['a/b', `{"temp_c":20,"x":"${'y'.repeat(20_000)}"}`],
  ];
  for (const [topic, payload] of unknown) {
    it(`${topic} ${payload.slice(0, 40)} is no sensor`, () => {
      assert.equal(recogniseSensor(topic, payload), undefined);
    });
  }

  it('never throws, whatever is sent', () => {
    fc.assert(
      fc.property(fc.string(), fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (topic, payload) => {
        recogniseSensor(topic, payload);
      }),
    );
  });
});
