import assert from 'node:assert/strict';
import { templateOf } from './value-template';

/** What programs write into their discovery. */
const TABLE: readonly (readonly [template: string | undefined, key: string, factor: number | undefined])[] = [
  [undefined, '', 1],
  ['{{ value }}', '', 1],
  ['{{ value_json.temperature }}', 'temperature', 1],
  ['{{value_json.temperature_C|float|round(1)}}', 'temperature_C', 1],
  ["{{ value_json['ENERGY']['Power'] }}", 'ENERGY.Power', 1],
  ['{{ value_json["DS18B20-1"].Temperature }}', 'DS18B20-1.Temperature', 1],
  ['{{ value_json.values[1].v }}', 'values.1.v', 1],
  ['{{ value_json[0].t | is_defined }}', '0.t', 1],
  ['{{ "%.1f"|format(value_json.t) }}', 't', 1],
  ["{{ '%0.2f' | format(value_json.t | float / 10) }}", 't', 0.1],
  ['{{ value | float / 10 }}', '', 0.1],
  ['{{ float(value_json.t) / 100 }}', 't', 0.01],
  ['{{ (value_json.power | float * 0.001) | round(2) }}', 'power', 0.001],
  ['{{ value_json.v | multiply(0.1) | round(1, default=0) }}', 'v', 0.1],
  ['{{ value_json.t if value_json.t is defined else 0 }}', 't', 1],
  ['{% if value_json.t is defined %}{{ value_json.t }}{% endif %}', 't', 1],
  ['{{ value_json.c * 9 / 5 + 32 }}', 'c', undefined],
  ['{{ value_json.t - 2 }}', 't', undefined],
  ['{{ float(value_json.battery_ok) * 99 + 1 }}', 'battery_ok', undefined],
  ['{{ value_json.raw | log }}', 'raw', undefined],
  ["{{ 'ON' if value_json.x else 'OFF' }}", 'x', undefined],
  [`{{ value_json.t }}${' '.repeat(300)}`, '', undefined],
  ['{{'.repeat(140), '', undefined],
  ["{{ states('sensor.t') }}", '', undefined],
];

describe('templates of Home Assistant', () => {
  for (const [template, key, factor] of TABLE) {
    it(`${template?.slice(0, 60)} reads ${key || 'the payload'} times ${factor ?? 'something unknown'}`, () => {
      const found = templateOf(template);
      assert.equal(found.key, key);
      assert.equal(found.factor?.toFixed(9), factor?.toFixed(9));
    });
  }
});
