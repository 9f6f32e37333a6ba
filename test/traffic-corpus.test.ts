import assert from 'node:assert/strict';
import { Recogniser } from '../lib/traffic/recogniser';
import { Redactor } from '../lib/traffic/sensitive';
import { TopicLog } from '../lib/traffic/topic-log';
import { topicReport } from '../lib/traffic/topic-report';
import { CAMPUS, CAMPUS_HARMLESS } from './traffic-corpus/campus';
import { FIELD_DEVICES } from './traffic-corpus/field-devices';
import { FIELD_HARMLESS } from './traffic-corpus/field-harmless';
import { FIELD_HOMES } from './traffic-corpus/field-homes';
import { FIELD_PLANTS } from './traffic-corpus/field-plants';
import { FIELD_SECRETS } from './traffic-corpus/field-secrets';
import { CUSTOMER, ESPHOME, HOME_ASSISTANT, TASMOTA, ZIGBEE2MQTT } from './traffic-corpus/homes';
import { MORE } from './traffic-corpus/more-homes';
import { HARMLESS, PLAIN, SENSITIVE } from './traffic-corpus/plain';
import { n, type Sample } from './traffic-corpus/sample';
import {
  FRIGATE,
  HOMIE,
  LORAWAN,
  OPEN_MQTT_GATEWAY,
  OWNTRACKS,
  RUUVI,
  SHELLY,
  SPARKPLUG,
  VALETUDO,
} from './traffic-corpus/shelly-and-more';

const SCENES: Readonly<Record<string, readonly Sample[]>> = {
  customer: CUSTOMER,
  Tasmota: TASMOTA,
  Zigbee2MQTT: ZIGBEE2MQTT,
  'Home Assistant discovery': HOME_ASSISTANT,
  ESPHome: ESPHOME,
  Shelly: SHELLY,
  'Sparkplug B': SPARKPLUG,
  Homie: HOMIE,
  Frigate: FRIGATE,
  OwnTracks: OWNTRACKS,
  Valetudo: VALETUDO,
  OpenMQTTGateway: OPEN_MQTT_GATEWAY,
  Ruuvi: RUUVI,
  LoRaWAN: LORAWAN,
  'more homes': MORE,
  'no convention': PLAIN,
  sensitive: SENSITIVE,
  'homes in the field': FIELD_HOMES,
  'devices in the field': FIELD_DEVICES,
  'plants in the field': FIELD_PLANTS,
  'secrets in the field': FIELD_SECRETS,
  campus: CAMPUS,
};
const GOAL = 0.97;
const SHOWN = 4096;

/** Everything that one message says, as comparable texts. */
function recognised(samples: readonly Sample[]): { found: string[][]; secrets: string[] } {
  // A message of each topic; the same topic again is another home.
  const logs = [newLog()];
  const places = samples.map(({ topic, payload }) => {
    const known = logs.find(({ topics }) => !topics.has(topic));
    const log = known ?? newLog();
    if (!known) logs.push(log);
    log.topics.add(topic);
    const bytes = Buffer.concat([Buffer.from(topic), payload]);
    const at = Buffer.byteLength(topic);
    const entry = log.log.note(bytes, 0, at, at, bytes.length, false, 0);
    assert.ok(entry);
    return { log, entry };
  });
  for (const { recogniser } of logs) while (recogniser.work(0));
  const reports = places.map(({ log, entry }) => topicReport(entry, log.recogniser, SHOWN));
  return {
    found: reports.map(({ sensor, sensitive = [] }) => [
      ...(sensor ? [`${sensor.type}: ${sensor.text}`] : []),
      ...sensitive.map((one) => one.class),
    ]),
    secrets: reports.map((report) => JSON.stringify(report)),
  };
}

function newLog() {
  const log = new TopicLog({ maxTopics: 1000, maxPayload: SHOWN });
  return { log, recogniser: new Recogniser(log, new Redactor('salt')), topics: new Set<string>() };
}

interface Score {
  right: number;
  wrong: number;
  missing: number;
  readonly misses: string[];
}

function compare(score: Score, topic: string, expected: readonly string[], found: readonly string[]): void {
  const left = [...found];
  for (const one of expected) {
    const at = left.indexOf(one);
    if (at >= 0) {
      left.splice(at, 1);
      score.right++;
    } else {
      score.missing++;
      score.misses.push(`${topic}: missing ${one}`);
    }
  }
  score.wrong += left.length;
  for (const one of left) score.misses.push(`${topic}: unexpected ${one}`);
}

describe('recognition, on messages as devices send them', () => {
  const harmless = [...HARMLESS, ...FIELD_HARMLESS, ...CAMPUS_HARMLESS];
  const total: Score = { right: 0, wrong: 0, missing: 0, misses: [] };
  const count = Object.values(SCENES).reduce((sum, scene) => sum + scene.length, 0);

  for (const [name, scene] of Object.entries(SCENES)) {
    it(`${name}: ${scene.length} messages`, () => {
      const { found } = recognised(scene);
      const score: Score = { right: 0, wrong: 0, missing: 0, misses: [] };
      scene.forEach(({ topic, sensor, classes }, i) => {
        const expected = [...(sensor ? [`${sensor[0]}: ${sensor[1]}`] : []), ...classes];
        compare(score, topic, expected, found[i] ?? []);
      });
      total.right += score.right;
      total.wrong += score.wrong;
      total.missing += score.missing;
      total.misses.push(...score.misses);
      // Each convention for itself may not fall far behind.
      assert.ok(score.wrong + score.missing <= Math.max(1, 0.1 * scene.length), score.misses.join('\n'));
    });
  }

  it(`is precise and complete over all ${count} messages`, () => {
    const precision = total.right / (total.right + total.wrong);
    const recall = total.right / (total.right + total.missing);
    console.log(
      `      precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)} over ${count} messages`,
    );
    for (const miss of total.misses) console.log(`      ${miss}`);
    assert.ok(count >= 250, `${count} messages`);
    assert.ok(precision >= GOAL && recall >= GOAL);
  });

  it(`finds nothing sensitive in ${harmless.length} harmless messages`, () => {
    assert.ok(harmless.length >= 150);
    const samples = harmless.map(([topic, body]) => n(topic, body));
    const { found } = recognised(samples);
    const classes = new Set(
      SENSITIVE.flatMap((sample) => sample.classes).concat('presence', 'person', 'open-network'),
    );
    const alarms = found.flatMap((all, i) =>
      all.filter((one) => classes.has(one)).map((one) => `${samples[i]?.topic}: ${one}`),
    );
    console.log(`      precision on harmless messages ${(1 - alarms.length / harmless.length).toFixed(3)}`);
    for (const alarm of alarms) console.log(`      ${alarm}`);
    assert.ok(alarms.length <= (1 - GOAL) * harmless.length, alarms.join('\n'));
  });

  it('hands on no secret that it has found', () => {
    const { secrets } = recognised([...SENSITIVE, ...FIELD_SECRETS, ...CAMPUS]);
    const plain = [
      ...[
        'Qw3rty77',
        'ssW0rd',
        'h0neyp0t',
        'Vx81-kk2',
        'hunter22!',
        'changeme123',
        'Geheim!23',
        'sup3rw1f1',
        'lonely-island-7',
      ],
      ...[
        'Tr0ub4dor',
        'xmlPassw0rd',
        '4f9d3c2b1a0e8d7c',
        '9f8e7d6c5b4a39281706',
        'AKIAIOSFODNN7EXAMPLE',
        'MIIEowIBAAK',
      ],
      ...[
        'ghp_abcdefghij',
        '231d39c1d7cc1ab1aee224cd096db932',
        '"4821"',
        '902134',
        '48.13743',
        '11.57549',
        '4807.0380',
      ],
      ...[
        'jane.poe@',
        'kim@',
        '345 6789',
        '491701234567',
        '490154203237518',
        '4111111111111111',
        '1111 1111 1111',
      ],
      ...['1M8GDM9AXKP042788', 'WXY 1234', 'AAAAAAAAAAAAAAAA'],
      // Also where they stand a second time.
      ...['9fjQz81p', 'Cam3ra55', 'guest-Pw-99', 'p%40ss%2Fw0rd'],
      ...['1tUm636uS1yOEcf', '739182', '73915', '556677', 'Listenwert5', 'Regenbogen5'],
      ...['p4ssw0rdXY', '345 6789', '14-5678', 'A12345678'],
    ];
    const all = secrets.join('\n');
    for (const secret of plain) assert.ok(!all.includes(secret), `${secret} is handed on`);
  });
});
