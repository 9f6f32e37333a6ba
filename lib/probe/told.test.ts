import assert from 'node:assert/strict';
import type { Property } from './connack-properties';
import { PropertyId } from './limits';
import { toldByProperties, toldByServerField } from './told';

const user = (name: string, value: string): Property => ({
  id: PropertyId.USER_PROPERTY,
  name: Buffer.from(name),
  value: Buffer.from(value),
});

describe('toldByProperties', () => {
  const table: readonly (readonly [string, readonly Property[], string | undefined])[] = [
    ['name and version in one', [user('server', 'FooMQ/1.2.3')], 'FooMQ 1.2.3'],
    ['a known name in other letters', [user('broker', 'emqx 5.8.4')], 'EMQX 5.8.4'],
    [
      'name and version apart',
      [user('Server-Name', 'FooMQ'), user('server_version', 'v1.2.3')],
      'FooMQ 1.2.3',
    ],
    ['both under the version', [user('version', 'FooMQ version 1.2.3')], 'FooMQ 1.2.3'],
    ['a name alone', [user('server', 'FooMQ')], undefined],
    ['a version alone', [user('version', '1.2.3')], undefined],
    ['other keys', [user('greeting', 'FooMQ/1.2.3')], undefined],
    ['what is no name', [user('server', '<b>FooMQ</b>/1.2.3'), user('version', '1.2.3')], undefined],
    ['what is no version', [user('server', `FooMQ/${'9'.repeat(60)}`)], undefined],
    ['none', [], undefined],
  ];
  for (const [what, properties, expected] of table) {
    it(`${what}: ${expected ?? 'nothing'}`, () => {
      const told = toldByProperties(properties);
      assert.equal(told && `${told.name} ${told.version}`, expected);
      if (told) assert.match(told.evidence, /^CONNACK user propert(?:y|ies) /);
    });
  }
});

describe('toldByServerField', () => {
  for (const [field, expected] of [
    ['HiveMQ/4.28.1', 'HiveMQ 4.28.1'],
    ['NanoMQ/0.25.3 (Linux)', 'NanoMQ 0.25.3'],
    ['nginx/1.22.1', undefined],
    ['Cowboy', undefined],
    ['mosquitto', undefined],
    [undefined, undefined],
  ] as const) {
    it(`${field}: ${expected ?? 'nothing'}`, () => {
      const told = toldByServerField(field);
      assert.equal(told && `${told.name} ${told.version}`, expected);
    });
  }
});
