import assert from 'node:assert/strict';
import { dial } from '../brokers/test-client';
import type { TopicReport } from '../lib/model';
import { DEFAULT_LISTEN, listenStage } from '../lib/scan';
import { publish } from './hostile/packets';
import { broker, floodOf, floods, suback } from './hostile/scripts';
import { Flow, profile, sink } from './support/flow';
import { type RunningMosquitto, startMosquitto } from './support/mosquitto';
import { startScripted } from './support/scripted-server';
import { loopbackContext } from './support/stage-context';
import { orSkip, UnavailableError } from './support/unavailable';
import { floodBeside } from './traffic/beside';
import { openReport } from './traffic/measure';
import { CUSTOMER, ESPHOME, HOME_ASSISTANT, TASMOTA, ZIGBEE2MQTT } from './traffic-corpus/homes';
import {
  LORAWAN,
  OPEN_MQTT_GATEWAY,
  OWNTRACKS,
  RUUVI,
  SHELLY,
  SPARKPLUG,
} from './traffic-corpus/shelly-and-more';

const FLEETS = [
  ...[...CUSTOMER, ...TASMOTA, ...ZIGBEE2MQTT, ...HOME_ASSISTANT, ...ESPHOME, ...SHELLY],
  ...[...SPARKPLUG, ...OWNTRACKS, ...RUUVI, ...OPEN_MQTT_GATEWAY, ...LORAWAN],
].filter(({ topic, payload }) => !topic.startsWith('$') && payload.length > 0);

describe('listening to real traffic', function () {
  this.timeout(60_000);
  let mosquitto: RunningMosquitto;

  before(async function () {
    mosquitto = await orSkip(this, () => startMosquitto({ config: 'allow_anonymous true' }));
  });
  after(() => mosquitto?.stop());

  it('recognises fleets of all conventions through mosquitto and the node, secrets redacted', async () => {
    const client = await dial(mosquitto.target);
    for (const { topic, payload } of FLEETS)
      await client.publishAsync(topic, payload, { retain: true, qos: 1 });
    const node = {
      id: 'stage',
      type: 'topic-sniffer',
      profile: 'profile',
      listen: '2',
      wires: [['out'], ['second']],
    };
    const flow = await Flow.load([profile(), node, sink('out'), sink('second')]);
    try {
      flow.send('stage', { payload: `127.0.0.1:${mosquitto.port}` });
      await flow.until('second');
      await client.publishAsync('sensors/faris/pir_insecure', '{"pir":0}', { qos: 1 });
      const { payload } = await flow.until('out');
      const { traffic } = payload;
      const byTopic = new Map<string, TopicReport>(
        traffic.topics.map((one: TopicReport) => [one.topic, one]),
      );
      const wrong = FLEETS.flatMap(({ topic, sensor, classes }) => {
        if (topic === 'sensors/faris/pir_insecure') return [];
        const report = byTopic.get(topic);
        const found = report?.sensor && `${report.sensor.type}: ${report.sensor.text}`;
        const kinds = (report?.sensitive ?? []).map((one) => one.class);
        const isRight = found === sensor?.join(': ') && kinds.sort().join() === [...classes].sort().join();
        return isRight ? [] : [`${topic}: ${found} ${kinds}`];
      });
      assert.ok(wrong.length <= 0.03 * FLEETS.length, wrong.join('\n'));
      const pir = byTopic.get('sensors/faris/pir_insecure');
      assert.deepEqual([pir?.sensor?.text, pir?.retained, pir?.live], ['No motion', true, 1]);
      assert.ok(traffic.devices.some((one: { model?: string }) => one.model === 'WSDCGQ11LM'));
      assert.ok(traffic.controls.some((one: { kind: string }) => one.kind === 'ot-command'));
      assert.ok(traffic.publishers.some((one: { online?: boolean }) => one.online === false));
      assert.equal(typeof traffic.clients.connected, 'number');
      const everything = flow.everything(['stage']);
      for (const secret of ['Sommer2024!', 'mq-tt-s3cret', 'Correct-Horse-9', 'tr4ckm3now', '13.37777']) {
        assert.ok(!everything.includes(secret), `${secret} is handed on`);
      }
      // Four digits stand in ports, hashes and times by chance; as a number of their own they do not.
      const at = everything.search(/(?<![\w.])4711(?![\w.])/);
      assert.equal(at, -1, `a code is handed on: ${everything.slice(Math.max(0, at - 60), at + 60)}`);
    } finally {
      await flow.unload();
      await client.endAsync();
    }
  });

  it('loses nothing of a flood that mosquitto_sub receives', async function () {
    const beside = await orSkip(this, async () => {
      const result = await floodBeside(mosquitto.port, 20_000, 6000, false);
      if (!result.mosquittoSub?.messages) throw new UnavailableError('mosquitto_sub is not installed');
      return result;
    });
    const fleet = beside.ours.traffic.topics.filter(({ topic }) => topic.startsWith('fleet/'));
    const live = fleet.reduce((sum, topic) => sum + topic.messages, 0);
    // mosquitto_sub has counted what is retained, too.
    const others = beside.ours.traffic.topics.length - fleet.length;
    assert.ok(live + others >= (beside.mosquittoSub?.messages ?? Number.NaN), `${live}`);
  });
});

describe('the end of listening', function () {
  this.timeout(20_000);
  const flood = broker(floods(publish('a/b', '{"temp_c":21.5}')));
  const newTopics = broker((socket) => {
    let n = 0;
    floodOf(socket, () =>
      Buffer.concat(Array.from({ length: 500 }, () => publish(`t/${n++}`, 'x'.repeat(500)))),
    );
  });
  const cases: readonly (readonly [string, typeof flood, object])[] = [
    ['time', flood, { listenMs: 500, maxMessages: 1e9 }],
    ['messages', flood, { listenMs: 15_000, maxMessages: 12_345 }],
    ['bytes', flood, { listenMs: 15_000, maxMessages: 1e9, maxBytes: 100_000 }],
    ['topics', newTopics, { listenMs: 15_000, maxMessages: 1e9, maxTopics: 300 }],
    [
      'refused',
      broker(() => undefined, { suback: (subscribe, level) => suback(subscribe, level, 0x80) }),
      { listenMs: 15_000 },
    ],
    [
      'disconnected',
      broker((socket) => socket.end(publish('last', '1')), { onSubscribe: true }),
      { listenMs: 15_000 },
    ],
  ];
  for (const [endedBy, script, options] of cases) {
    it(`is told: ${endedBy}`, async () => {
      const server = await startScripted(script);
      try {
        const stage = listenStage({ ...DEFAULT_LISTEN, ...options });
        const { traffic } = await stage(openReport(server.port), loopbackContext());
        assert.equal(traffic?.endedBy, endedBy);
        if (endedBy === 'messages') assert.equal(traffic?.messages, 12_345);
        if (endedBy === 'bytes') assert.ok((traffic?.bytes ?? 0) < 100_100);
        if (endedBy === 'topics')
          assert.deepEqual([traffic?.topics.length, traffic?.capped?.[0]], [300, 'topics']);
        if (endedBy === 'disconnected') assert.equal(traffic?.topics[0]?.topic, 'last');
      } finally {
        await server.stop();
      }
    });
  }

  it('is not brought about by one filter of several that is refused', async () => {
    let filters = 0;
    const manners = {
      suback: (subscribe: never, level: number) => suback(subscribe, level, filters++ === 0 ? 0x80 : 0),
    };
    const server = await startScripted(broker(() => undefined, manners as never));
    try {
      const { traffic } = await listenStage({ ...DEFAULT_LISTEN, listenMs: 300 })(
        openReport(server.port),
        loopbackContext(),
      );
      assert.equal(traffic?.endedBy, 'time');
      assert.deepEqual(
        traffic?.filters.map(({ granted }) => granted),
        [false, true],
      );
    } finally {
      await server.stop();
    }
  });
});
