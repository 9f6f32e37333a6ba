import assert from 'node:assert/strict';
import fc from 'fast-check';
import { runs } from '../../../test/support/property-runs';
import { sparkplugPayload } from '../../../test/traffic-corpus/sparkplug';
import type { TopicReport } from '../../model';
import { Recogniser } from '../recogniser';
import { TopicLog } from '../topic-log';
import { topicReport } from '../topic-report';
import { hiddenTopic, Redactor } from '.';

/** What a report says of one message. */
function reported(topic: string, payload: Buffer, maxPayload = 4096): TopicReport {
  const log = new TopicLog({ maxTopics: 10, maxPayload });
  const recogniser = new Recogniser(log, new Redactor('salt'));
  const name = Buffer.from(topic);
  const bytes = Buffer.concat([name, payload]);
  const entry = log.note(bytes, 0, name.length, name.length, bytes.length, true, 0);
  assert.ok(entry);
  while (recogniser.work(0));
  return topicReport(entry, recogniser, maxPayload);
}

/** Any four characters in a row with two capitals among them, which nothing but the secrets of this test has. */
function pieces(secret: string): Set<string> {
  const all = Array.from({ length: Math.max(0, secret.length - 3) }, (_, i) => secret.slice(i, i + 4));
  return new Set(all.filter((piece) => (piece.match(/[G-Z]/g) ?? []).length >= 2));
}

function assertHidden(report: TopicReport, secret: string): void {
  const { topic, payload, sensitive = [] } = report;
  const shown = [topic, payload, ...sensitive.flatMap(({ path, sample }) => [path, sample])];
  const written = [secret, JSON.stringify(secret).slice(1, -1)];
  for (const text of shown)
    for (const piece of written.flatMap((one) => [...pieces(one)]))
      assert.ok(!text.includes(piece), `${piece} of ${secret} is shown in ${text}`);
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const inCode = (text: string): string => text.replaceAll(/[\\;,":]/g, '\\$&');

/** A map of one text, its length in a byte of its own (RFC 8949 §3.1). */
const cborMap = (name: string, value: string): Buffer =>
  Buffer.concat([Buffer.from([0xa1, 0x60 + name.length]), Buffer.from(name), sized(0x78, value)]);
const msgpackMap = (name: string, value: string): Buffer =>
  Buffer.concat([Buffer.from([0x81, 0xa0 + name.length]), Buffer.from(name), sized(0xd9, value)]);
const sized = (head: number, value: string): Buffer =>
  Buffer.concat([Buffer.from([head, Buffer.byteLength(value)]), Buffer.from(value)]);

type Place = (secret: string) => Buffer;
/** Where any text may be a secret. */
const ANYWHERE: Readonly<Record<string, Place>> = {
  'a member': (secret) => json({ user: 'jo', password: secret, on: true }),
  'a member deep inside': (secret) => json({ a: [{ b: { wifi: { ssid: 'x', psk: secret } } }] }),
  'a network’s key': (secret) => json({ ssid: 'x', key: secret }),
  'a list': (secret) => json({ passwords: ['********', secret] }),
  'JSON in JSON': (secret) => json({ body: JSON.stringify({ password: secret }) }),
  'JSON in JSON in JSON': (secret) => json([JSON.stringify({ a: JSON.stringify({ password: secret }) })]),
  'JSON as a text': (secret) => json(JSON.stringify({ password: secret })),
  'UTF-16': (secret) => Buffer.from(`\ufeff${JSON.stringify({ password: secret })}`, 'utf16le'),
  'UTF-16, big-endian': (secret) =>
    Buffer.from(`\ufeff${JSON.stringify({ password: secret })}`, 'utf16le').swap16(),
  'a code for phones': (secret) => Buffer.from(`WIFI:S:x;T:WPA;P:${inCode(secret)};;`),
  'a code for phones in JSON': (secret) => json({ qr: `WIFI:T:WPA;P:${inCode(secret)};S:x;;` }),
  'a text in quotation marks': (secret) => Buffer.from(`login: password=${JSON.stringify(secret)}, ok`),
  'a log in JSON': (secret) => json({ log: `login: password: ${JSON.stringify(secret)}, ok` }),
  settings: (secret) => json([{ name: 'mqtt_password', value: secret }]),
  CBOR: (secret) => cborMap('password', secret),
  'two members': (secret) => json({ password: secret, comment: `it is ${secret} here` }),
  'a member’s name': (secret) => json({ [secret]: { password: secret } }),
};
/** Where white space, quotation marks and angle brackets end it. */
const IN_A_WORD: Readonly<Record<string, Place>> = {
  'credentials of some name': (secret) => json({ credentials: { bridge: secret } }),
  'an assignment': (secret) => Buffer.from(`boot ssid=x password=${secret}`),
  'an assignment with something behind it': (secret) => Buffer.from(`boot password=${secret} host=x`),
  'an assignment in JSON': (secret) => json({ log: `boot password=${secret}` }),
  'an assignment with NUL': (secret) => Buffer.from(`password=\0${secret}`),
  'a key of something': (secret) => json({ encryption: { key: secret } }),
  'a block of YAML': (secret) => Buffer.from(`ota:\n  password: >-\n    ${secret}\n  port: 8266\n`),
  'a command line': (secret) => Buffer.from(`mosquitto_pub -h x -u jo -P ${secret} -t a`),
  MessagePack: (secret) => msgpackMap('password', secret),
  'an element': (secret) => Buffer.from(`<a><password>${secret}</password></a>`),
  'an address': (secret) => Buffer.from(`http://10.0.0.1/x?token=${secret}`),
};

const secrets = (alphabet: string): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...alphabet), { minLength: 8, maxLength: 40 })
    .map((list) => `7${list.join('')}7`)
    // What has a separator this early is `token=,next=…`, and links are looked at as such.
    .filter((text) => pieces(text).size > 0 && !/[&;,]/.test(text.slice(0, 9)) && !text.includes('://'));
const WORD = 'GHJKLMNQRTUVWXYZ777!#$%&()*+-./:;=?@^_~|,';

describe('a secret that was found', () => {
  for (const [places, alphabet] of [
    [ANYWHERE, `${WORD}"'\\<>{}[] \t\u0001Äß€😀`],
    [IN_A_WORD, WORD],
  ] as const) {
    for (const [title, place] of Object.entries(places)) {
      it(`as ${title} is shown nowhere, and no four characters of it`, () => {
        fc.assert(
          fc.property(secrets(alphabet), (secret) => {
            const report = reported('a/b', place(secret));
            assert.ok(report.sensitive && report.sensitive.length > 0, 'nothing was found');
            assert.equal(report.redacted, true);
            assertHidden(report, secret);
          }),
          runs(150),
        );
      });
    }
  }

  it('in a link is not shown where its password stands again, as written or as meant, in escapes, or very often', () => {
    fc.assert(
      fc.property(secrets('GHJKLMNQRTUVWXYZ7-_!'), (secret) => {
        const escapes = [...secret].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
        const written = secret.replaceAll('!', '%21');
        const text = `{"u":"mqtt://jo:${written}@h.lan","a":"is ${secret}","b":"${escapes.join('')}"}`;
        const report = reported('a/b', Buffer.from(text));
        assertHidden(report, secret);
        assert.ok(!report.payload.includes('\\u00'));
        const often = `password=${secret} ${`again ${secret} `.repeat(300)}`;
        assertHidden(reported('a/b', Buffer.from(often), 65_536), secret);
      }),
      runs(100),
    );
  });

  it('is not shown by the evidence of a reading, live or in the report, nor by the bytes of a topic', () => {
    const secret = 'KLMNOPQR7TUVWXYZ';
    const token = `ghp_${'A1'.repeat(18)}`;
    const log = new TopicLog({ maxTopics: 10, maxPayload: 4096 });
    const recogniser = new Recogniser(log, new Redactor('salt'));
    const messages: readonly (readonly [Buffer, Buffer])[] = [
      [Buffer.from(`homeassistant/sensor/${token}/config`), json({ dev_cla: 'temperature', stat_t: 'a/b' })],
      [Buffer.from('a/b'), Buffer.from('21')],
      [Buffer.from(`c/${secret}/d`), json({ [secret]: { temperature: 21 }, password: secret })],
      [Buffer.concat([Buffer.from(`e/${token}/`), Buffer.from([0xff])]), Buffer.from('1')],
    ];
    const entries = messages.map(([name, payload]) => {
      const entry = log.note(
        Buffer.concat([name, payload]),
        0,
        name.length,
        name.length,
        name.length + payload.length,
        false,
        0,
      );
      assert.ok(entry);
      return entry;
    });
    const live = entries.map((entry) => [recogniser.sensorOf(entry), recogniser.topicText(entry)]);
    assert.ok(live.filter(([sensor]) => sensor !== undefined).length >= 2);
    while (recogniser.work(0));
    const told = [live, recogniser.summary(), entries.map((entry) => topicReport(entry, recogniser, 4096))];
    assert.doesNotMatch(JSON.stringify(told), /A1A1|KLMN/);
  });

  it('as a metric of Sparkplug is shown nowhere', () => {
    fc.assert(
      fc.property(secrets(WORD), (secret) => {
        const payload = sparkplugPayload(
          { name: 'Config/password', string: secret },
          { name: 'T', float: 20 },
        );
        const report = reported('spBv1.0/g/DDATA/e/d', payload);
        assert.equal(report.sensitive?.[0]?.class, 'credentials');
        assertHidden(report, secret);
      }),
      runs(100),
    );
  });

  it('is not shown in the topic either', () => {
    fc.assert(
      fc.property(secrets('GHJKLMNQRTUVWXYZ7-_'), (secret) => {
        assertHidden(reported(`a/${secret}/b`, json({ password: secret })), secret);
      }),
      runs(100),
    );
  });

  it('is not shown by its beginning where the payload was cut', () => {
    const texts = [
      (secret: string) => JSON.stringify({ user: 'jo', password: secret }),
      (secret: string) => `ok password=${secret}`,
      (secret: string) => `mqtt://jo:${secret}@broker.lan`,
      (secret: string) => JSON.stringify({ a: `ghp_${secret}` }),
      (secret: string) => cborMap('password', secret),
    ];
    for (const text of texts) {
      fc.assert(
        fc.property(secrets('GHJKLMNQRTUVWXYZ7'), fc.nat(60), (body, keep) => {
          const secret = body.repeat(5).slice(0, 36);
          const whole = text(secret);
          const bytes = typeof whole === 'string' ? Buffer.from(whole) : whole;
          assertHidden(reported('a/b', bytes, Math.max(1, bytes.length - keep)), secret);
        }),
        runs(150),
      );
    }
  });

  it('is not shown where there are more of them than are listed', () => {
    const many = Array.from({ length: 200 }, (_, i) => `GHJKQ${i}XZ`);
    const payloads = [
      json(Object.fromEntries(many.map((secret, i) => [`password${i}`, secret]))),
      json(many.map((secret) => JSON.stringify({ password: secret }))),
      Buffer.from(many.map((secret) => `password=${secret}`).join(' ')),
      json([...Array.from({ length: 3000 }, () => 0), { password: 'GHJKQXZ' }]),
    ];
    for (const payload of payloads) {
      const report = reported('a/b', payload, 65_536);
      assert.doesNotMatch(JSON.stringify(report), /GHJKQ/);
      assert.equal(report.redacted, true);
    }
  });

  const MANY: Readonly<Record<string, (i: number) => string>> = {
    'codes of alarms': (i) => `alarm code=${7_351_000 + i}`,
    'codes that are sent to phones': (i) => `OTP ${7_351_000 + i}`,
    addresses: (i) => `p.${7_351_000 + i}@acme.io`,
    attributes: (i) => `<add key="MqttPassword" value="${7_351_000 + i}"/>`,
    'keys of networks': (i) => `ssid x\nkey=${70_351_000 + i}`,
    'codes of networks': (i) => `WIFI:T:WPA;S:n;P:${70_351_000 + i};;`,
    'tokens behind what looks like one': (i) =>
      i < 60 ? 'eyJtest' : `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.${7_351_000 + i}`,
    commands: (i) => `Password1 ${70_351_000 + i};`,
  };
  for (const [what, one] of Object.entries(MANY)) {
    it(`is not shown where there are very many ${what}`, () => {
      for (const count of [20, 25, 70, 400]) {
        const all = Array.from({ length: count }, (_, i) => one(i));
        const { topic, payload } = reported('cmnd/x/Backlog', Buffer.from(all.join('\n')), 65_536);
        assert.doesNotMatch(topic + payload, /\d*351\d\d\d/, `${count} ${what}`);
      }
    });
  }

  it('is not shown where there are very many positions', () => {
    const all = Array.from({ length: 60 }, (_, i) => ({ lat: 3.7351 + i / 1e6, lon: 101.5 }));
    assert.doesNotMatch(reported('a/b', json(all), 65_536).payload, /7351/);
    const members = Array.from({ length: 300 }, (_, i) => [`k${i}`, i]);
    const last = Object.fromEntries([...members, ['location', '3.7351,101.5123']]);
    assert.doesNotMatch(reported('a/b', json(last), 65_536).payload, /7351/);
  });

  it('does not make a payload redacted where it stands behind what is shown', () => {
    const exposes = Array.from({ length: 1200 }, (_, i) => ({ name: `t${i}`, unit: '°C' }));
    const report = reported('zigbee2mqtt/bridge/devices', json([{ exposes }, { password: 'GHJ-77-XYZ' }]));
    assert.deepEqual([report.redacted, report.truncated], [undefined, true]);
    assert.doesNotMatch(report.payload, /redacted|GHJ/);
  });

  it('leaves the names of devices in their topics, which are the names of users too', () => {
    const report = reported(
      'home/kitchen1/config',
      json({ mqtt_user: 'kitchen1', mqtt_password: 'GHJ-77-XYZ' }),
    );
    assert.equal(report.topic, 'home/kitchen1/config');
  });

  it('is hidden in what is told of devices, publishers and controls', () => {
    const secret = `ghp_${'A1'.repeat(18)}`;
    const messages: readonly (readonly [string, Buffer])[] = [
      [`${secret}/sensor/x/temperature`, Buffer.from('21.5')],
      [`owntracks/${secret}/phone`, json({ _type: 'location', lat: 48.13743, lon: 11.57549, batt: 50 })],
      [`tele/${secret}/LWT`, Buffer.from('Online')],
      [`cmnd/${secret}/POWER`, Buffer.from('ON')],
      [
        'homeassistant/lock/x/config',
        json({
          name: 'Lock',
          cmd_t: `${secret}/set`,
          stat_t: `${secret}/s`,
          dev: {
            ids: secret,
            name: secret,
            mf: secret,
            mdl: secret,
            sw: secret,
            cu: `http://u:${secret}@10.0.0.2/`,
          },
        }),
      ],
      ['a/b', json({ [secret]: { temperature: 21 } })],
    ];
    const log = new TopicLog({ maxTopics: 10, maxPayload: 4096 });
    const recogniser = new Recogniser(log, new Redactor('salt'));
    const entries = messages.map(([topic, payload]) => {
      const bytes = Buffer.concat([Buffer.from(topic), payload]);
      const at = Buffer.byteLength(topic);
      const entry = log.note(bytes, 0, at, at, bytes.length, false, 0);
      assert.ok(entry);
      // As readings are passed on while messages come.
      assert.doesNotMatch(recogniser.topicText(entry), /A1A1/);
      return entry;
    });
    while (recogniser.work(0));
    const summary = recogniser.summary();
    assert.ok(summary.devices && summary.controls && summary.publishers);
    const all = JSON.stringify([summary, entries.map((entry) => topicReport(entry, recogniser, 4096))]);
    assert.doesNotMatch(all, /A1A1/);
    assert.ok(summary.devices.some(({ address }) => address === '10.0.0.2'));
  });

  it('is hidden in topics that are shown elsewhere', () => {
    assert.equal(hiddenTopic('home/kitchen/temperature'), undefined);
    assert.equal(hiddenTopic(`a/ghp_${'A1'.repeat(18)}/b`), 'a/[redacted]/b');
  });

  it('has a sample that names its hash for what it is, which differs between installations', () => {
    const [one, other] = ['salt', 'pepper'].map((salt) => new Redactor(salt).sample('correct horse'));
    assert.match(one ?? '', /^co…se \(13 characters, salted hash [0-9a-f]{8}\)$/);
    assert.notEqual(one, other);
    assert.match(new Redactor('salt').sample('4711'), /^… \(4 characters, /);
  });
});
