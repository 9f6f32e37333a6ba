import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type Lab, startEmbeddedLab } from '../../../brokers/embedded';
import { dial } from '../../../brokers/test-client';
import { removeFolder, temporaryFolder } from '../../../test/support/temporary-folders';
import { climateAt } from './climate';
import type { FleetMessage, Truth } from './device';
import { FAULTS, parseFaults } from './faults';
import { type Fleet, startFleet } from './fleet';
import { identityOf } from './identity';
import { MODELS, type ModelName } from './models';
import { type Member, planFleet } from './plan';

const DAY_TICKS = 8640;
const NAMES = Object.keys(MODELS) as ModelName[];

/** Ranges in which values are believable. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  temperature: [15, 40],
  humidity: [20, 100],
  pressure: [980, 1040],
  illuminance: [0, 21_000],
  motion: [0, 1],
  carbon_dioxide: [350, 2500],
  power: [0, 500],
  voltage: [220, 250],
  current: [0, 3],
  battery: [1, 100],
  signal_strength: [-100, -40],
  latitude: [3, 3.3],
  longitude: [101.5, 101.9],
};

describe('simulated fleet', () => {
  it('has a device of each convention', () => {
    const fleet = planFleet({ size: NAMES.length, seed: 1, dollar: true });
    assert.deepEqual(new Set(fleet.map(({ model }) => model)), new Set(NAMES));
    // Most brokers keep topics that begin with $ for themselves.
    for (const { at } of planFleet({ size: 40, seed: 1 })) {
      assert.ok(at(0).every(({ topic }) => !topic.startsWith('$')));
    }
  });

  it('says the same for the same seed, and something else for another', () => {
    const words = (seed: number) =>
      planFleet({ size: 40, seed }).map(({ announcements, at }) => [announcements, at(7)]);
    assert.deepEqual(words(3), words(3));
    assert.notDeepEqual(words(3), words(4));
  });

  it('has no two devices with the same address or topic', () => {
    const fleet = planFleet({ size: 500, seed: 1 });
    assert.equal(new Set(fleet.map(({ me }) => me.mac)).size, 500);
    const topics = fleet.flatMap(({ at }) => at(0).map(({ topic }) => topic));
    assert.equal(new Set(topics).size, topics.length);
  });

  for (const name of NAMES) {
    it(`${name} tells what it measures, within what is believable`, () => {
      const device = MODELS[name](identityOf(5, NAMES.indexOf(name)));
      for (const tick of [0, 1, 2000, 4320, 8639]) {
        const messages = device.at(tick);
        assert.ok(messages.some(({ truths }) => truths.length > 0));
        for (const message of messages) for (const truth of message.truths) check(name, message, truth);
      }
    });
  }

  it('follows the day: cool and dark before dawn, warm and bright after noon', () => {
    const me = identityOf(1, 0);
    const at = (hour: number) => climateAt(me, (hour * DAY_TICKS) / 24);
    assert.ok(at(5).temperature + 4 < at(15).temperature);
    assert.ok(at(3).illuminance < 10 && at(12).illuminance > 10_000);
    assert.ok(at(15).humidity < at(5).humidity);
    const motions = (from: number) =>
      Array.from({ length: 360 }, (_, tick) => climateAt(me, (from * DAY_TICKS) / 24 + tick)).filter(
        ({ motion }) => motion,
      ).length;
    assert.ok(motions(19) > motions(3));
    assert.ok(at(23).energy > at(1).energy);
  });

  it("has the customer's device follow the day too", () => {
    const device = MODELS.esp32(identityOf(1, 0));
    const at = (hour: number, sensor: string) =>
      String(device.at((hour * DAY_TICKS) / 24).find(({ topic }) => topic.endsWith(sensor))?.payload);
    assert.match(at(3, '/dht'), /^\{"temp_c":\d\d\.\d,"hum_pct":\d\d\.\d\}$/);
    assert.ok(JSON.parse(at(3, '/ldr')).ldr_pct < 10);
    assert.ok(JSON.parse(at(12, '/ldr')).ldr_pct > 90);
    assert.match(at(19, '/pir'), /^\{"pir":[01]\}$/);
  });

  it('keeps one list of the devices of a Zigbee2MQTT bridge', () => {
    const fleet = planFleet({ size: 64, seed: 1 });
    const lists = fleet.flatMap(({ announcements }) =>
      announcements.filter(({ topic }) => topic === 'zigbee2mqtt/bridge/devices'),
    );
    assert.ok(lists.length > 2);
    for (const { payload } of lists) assert.equal(JSON.parse(String(payload)).length, lists.length);
  });
});

/** A JSON payload holds the value at the path; a bare one is the value; some are neither. */
function check(name: ModelName, { payload }: FleetMessage, { path, quantity, value }: Truth): void {
  const range = RANGES[quantity];
  if (range && typeof value === 'number') {
    assert.ok(value >= range[0] && value <= range[1], `${quantity} ${value}`);
  }
  if (name === 'sparkplug') {
    assert.ok(Buffer.isBuffer(payload) && payload.length > 20);
    return;
  }
  if (name === 'ruuvi') {
    assert.match(JSON.parse(String(payload)).data, /^0201061BFF990405[0-9A-F]{46}$/);
    return;
  }
  if (path === '') {
    assert.ok(typeof value !== 'number' || Number(payload) === value);
    return;
  }
  const found = path
    .split('.')
    .reduce<unknown>((object, key) => (object as Record<string, unknown>)[key], JSON.parse(String(payload)));
  assert.equal(found, value, path);
}

describe('faults of a fleet', () => {
  const TICKS = Array.from({ length: 120 }, (_, tick) => tick);
  const sick = (fault: (typeof FAULTS)[number]): Member[] =>
    planFleet({ size: 60, seed: 1, faults: { faults: [fault], share: 0.5 } });
  const differs = (member: Member, tick: number): boolean => {
    const sound = MODELS[member.model](member.me).at(tick);
    return JSON.stringify(sound) !== JSON.stringify(member.at(tick));
  };

  for (const fault of FAULTS) {
    it(`${fault} shows on the share that was asked for, now and then`, () => {
      const members = sick(fault);
      const ill = members.filter((member) => member.fault === fault);
      assert.ok(ill.length > 15 && ill.length < 45, String(ill.length));
      const [well] = members.filter((member) => member.fault === undefined);
      assert.ok(well);
      assert.ok(!TICKS.some((tick) => differs(well, tick)));
      const [one] = ill;
      assert.ok(one);
      const shown = TICKS.filter((tick) => differs(one, tick)).length;
      assert.ok(shown > 10 && shown < TICKS.length - 10, String(shown));
    });
  }

  it('are named, and nothing else is', () => {
    assert.deepEqual(parseFaults('stuck, garbage'), ['stuck', 'garbage']);
    assert.deepEqual(parseFaults(''), []);
    assert.throws(() => parseFaults('stuk'), /"stuk" is no fault; there are drop-out/);
  });
});

describe('startFleet', () => {
  let directory = '';
  let lab: Lab | undefined;
  let fleet: Fleet | undefined;

  before(async () => {
    directory = await temporaryFolder('fleet');
    lab = await startEmbeddedLab({ plainPort: 0, tlsPort: 0, directory, sensors: false });
  });
  after(async () => {
    await fleet?.stop();
    await lab?.stop();
    await removeFolder(directory);
  });

  it('connects all devices, announces them and publishes what the plan says', async () => {
    assert.ok(lab);
    const reader = await dial(lab.insecure.url);
    const seen = new Map<string, string>();
    reader.on('message', (topic, payload) => seen.set(topic, payload.toString('latin1')));
    await reader.subscribeAsync('#');
    fleet = startFleet({ url: lab.insecure.url, size: 64, seed: 2, intervalMs: 400 });
    const wanted = fleet.members.flatMap(({ announcements, at }) =>
      [...announcements, ...at(0)].map(({ topic }) => topic),
    );
    while (!wanted.every((topic) => seen.has(topic))) await delay(20);
    assert.equal(fleet.connected(), 64);
    assert.ok(fleet.sent() >= wanted.length);
    await fleet.stop();
    assert.equal(fleet.connected(), 0);
    await reader.endAsync();
  });
});
