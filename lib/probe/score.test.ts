import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nextQuestion } from './fingerprint';
import { candidates, conclude } from './score';
import { SIGNS } from './signs';
import { answerOf, RECORDED, type RecordedBroker, type State } from './testing';
import type { Observation, Vector } from './vector';

const STATES: readonly State[] = ['open', 'locked'];
const PROPERTIES: Readonly<Record<string, string>> = {
  'mosquitto 2.0.11': '22 21',
  'mosquitto 2.1.2': '22 27 21',
  'NanoMQ 0.25.3': '2a 29 28 22 27',
  'ejabberd 23.01': '22 2a 11 13',
};
const MALFORMED: ReadonlySet<Observation> = new Set([
  'unknown protocol name',
  'reserved CONNECT flag',
  'second CONNECT',
]);

/** All that a broker answers to well-formed packets. */
function vectorOf(broker: RecordedBroker, state: State): Vector {
  const vector: Vector = new Map();
  for (const observation of Object.keys(broker.answers) as Observation[]) {
    const answer = answerOf(broker, observation, state);
    if (answer !== undefined && !MALFORMED.has(observation)) vector.set(observation, answer);
  }
  const properties = PROPERTIES[broker.name];
  if (properties !== undefined && state === 'open') vector.set('properties', properties);
  return vector;
}

const isMute = (name: string, state: State): boolean => name.startsWith('NanoMQ') && state === 'locked';

describe('conclude', () => {
  const telling: readonly (readonly [string, Observation, string])[] = [
    ['VerneMQ', 'assigned id', 'anon-Zm9vYmFyYmF6cXV4Zm9vYmFyYmE='],
    ['Moquette', 'response information', '/reqresp/response/mqttscan1'],
    ['AWS IoT Core', 'certificate name', '*.iot.eu-west-1.amazonaws.com'],
    ['Azure IoT Hub', 'certificate name', '*.azure-devices.net'],
  ];
  for (const [name, observation, answer] of telling) {
    it(`names ${name} by its ${observation}, and is less sure of what was only read about`, () => {
      const product = conclude(new Map([[observation, answer]]));
      assert.deepEqual([product?.name, product?.confidence], [name, 0.8]);
      assert.equal(conclude(new Map([[observation, `other ${answer}`]])), undefined);
    });
  }

  it('names nobody by a server header that several have', () => {
    assert.equal(conclude(new Map([['WebSocket server', 'Cowboy']])), undefined);
  });

  for (const broker of RECORDED) {
    const [name = ''] = broker.name.split(' ');
    for (const state of STATES.filter((each) => !isMute(broker.name, each))) {
      it(`names ${broker.name}, ${state}, by its answers`, () => {
        const product = conclude(vectorOf(broker, state));
        assert.equal(product?.name, name, JSON.stringify(candidates(vectorOf(broker, state)).slice(0, 3)));
        assert.equal(product.version, undefined, 'answers prove no exact version');
        assert.ok(product.confidence >= 0.8 && product.confidence < 1);
        assert.ok(product.evidence.length >= 2);
      });

      it(`never takes ${broker.name}, ${state}, for another when answers are missing or differ`, () => {
        const whole = vectorOf(broker, state);
        for (const observation of whole.keys()) {
          for (const other of ['closed', '3:1', '3:0', undefined]) {
            const changed = new Map(whole);
            if (other === undefined) changed.delete(observation);
            else changed.set(observation, other);
            const named = conclude(changed)?.name;
            assert.ok(named === name || named === undefined, `${observation} ${other}: ${named}`);
          }
        }
      });
    }
  }

  for (const line of ['2.0', '2.1']) {
    it(`tells mosquitto ${line} by its answer to level 6, and says that it is a line of versions`, () => {
      const broker = RECORDED.find(({ name }) => name.startsWith(`mosquitto ${line}`));
      assert.ok(broker);
      const vector = vectorOf(broker, 'locked');
      assert.match(conclude(vector)?.evidence.join('\n') ?? '', new RegExp(`mosquitto ${line}\\.x`));
      vector.delete('level 6');
      assert.doesNotMatch(conclude(vector)?.evidence.join('\n') ?? '', /\.x$/m);
    });
  }

  const unknown: readonly (readonly [string, Partial<Record<Observation, string>>])[] = [
    ['nothing', {}],
    ['the first three answers of any MQTT 5 broker', { v4: '3:0', v3: '3:0', v5: '5:0' }],
    [
      'a broker that accepts everything',
      {
        v4: '3:0',
        v3: '3:0',
        v5: '3:0',
        'v5 unknown auth method': '3:0',
        'level 6': '3:0',
        'level 0x84': '3:0',
        'MQTT level 3': '3:0',
        'no id, clean 0': '3:0',
        'id of 1024': '3:0',
      },
    ],
    [
      'a broker that keeps to the standard',
      {
        v4: '3:5',
        v3: '3:1',
        v5: '5:87',
        'v5 unknown auth method': '5:8c',
        'level 6': '5:84',
        'level 0x84': '3:1',
        'MQTT level 3': '3:1',
        'no id, clean 0': '3:2',
        'id of 1024': '3:5',
      },
    ],
    ['a broker that refuses every login by an unknown code', { v4: '3:63', v3: '3:63', v5: '3:63' }],
  ];
  for (const [what, answers] of unknown) {
    it(`names nobody for ${what}`, () => {
      assert.equal(conclude(new Map(Object.entries(answers)) as Vector), undefined);
    });
  }

  const bySource: readonly (readonly [string, Partial<Record<Observation, string>>])[] = [
    [
      'EMQX',
      {
        v5: '5:0',
        properties: '25 27 22 28 29 2a 21',
        'property values': 'receive=32 alias=65535 packet=1048576 shared=1',
      },
    ],
    ['HiveMQ', { v5: '5:0', 'assigned id': 'hmq_aB3dE_1_5f2b8c9d' }],
    ['HiveMQ', { v5: '5:87', 'reason string': 'Not authorized to connect. Authentication failed.' }],
    [
      'RabbitMQ',
      {
        v5: '5:0',
        properties: '24 22 27 2a 11',
        'property values': 'expiry=0 alias=16 qos=1 packet=16777216 shared=0',
      },
    ],
    [
      'Artemis',
      { v5: '5:0', properties: '13 22 27', 'property values': 'keepalive=60 alias=65535 packet=268435455' },
    ],
  ];
  for (const [name, answers] of bySource) {
    it(`is reserved about ${name}, which was read and not seen`, () => {
      const product = conclude(new Map(Object.entries({ v4: '3:0', v3: '3:0', ...answers })) as Vector);
      assert.deepEqual([product?.name, product && product.confidence <= 0.8], [name, true]);
    });
  }

  it('gives a confidence between 0 and 1, whatever the answers are', () => {
    const observations = [...new Set(SIGNS.map(({ observation }) => observation))];
    const answer = fc.constantFrom(
      '3:0',
      '3:1',
      '3:2',
      '3:5',
      '5:0',
      '5:87',
      '5:8c',
      '5:84',
      'closed',
      'silent',
      '',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...observations), answer)), (entries) => {
        const vector: Vector = new Map(entries);
        const product = conclude(vector);
        assert.ok(!product || (product.confidence >= 0.8 && product.confidence <= 0.95));
        const next = nextQuestion(vector);
        assert.ok(next === undefined || !vector.has(next));
      }),
    );
  });
});
