import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { type Lab, startEmbeddedLab } from '../brokers/embedded';
import { Flow, type FlowNode, profile, sink } from './support/flow';
import { startScripted } from './support/scripted-server';
import { removeFolder, temporaryFolder } from './support/temporary-folders';

const STAGES = ['tls-inspect', 'anon-auth-test', 'topic-sniffer'] as const;

describe('stage nodes', () => {
  let lab: Lab;
  let folder: string;
  let flow: Flow | undefined;

  before(async function () {
    this.timeout(20_000);
    folder = await temporaryFolder('stage-nodes');
    lab = await startEmbeddedLab({ plainPort: 0, tlsPort: 0, directory: folder, intervalMs: 200 });
  });

  after(async () => {
    await lab.stop();
    await removeFolder(folder);
  });

  afterEach(async () => {
    await flow?.unload();
    flow = undefined;
  });

  async function load(...nodes: FlowNode[]): Promise<Flow> {
    const tls = { id: 'tls', type: 'tls-config', ca: lab.ca };
    const loaded = await Flow.load([tls, profile({ tls: 'tls' }), ...nodes, sink('out'), sink('second')]);
    flow = loaded;
    return loaded;
  }

  function alone(type: string, settings: object = {}): FlowNode {
    return { id: 'stage', type, profile: 'profile', wires: [['out'], ['second']], ...settings };
  }

  /** The whole pipeline as the example flow has it, up to the classification. */
  function pipeline(
    settings: { readonly sniffer?: object; readonly credentials?: boolean } = {},
  ): FlowNode[] {
    return [
      { id: 'probe', type: 'mqtt-probe', profile: 'profile', ports: '1883', wires: [['inspect'], []] },
      { id: 'inspect', type: 'tls-inspect', profile: 'profile', wires: [['auth']] },
      { id: 'auth', type: 'anon-auth-test', wires: [['sniffer']] },
      {
        id: 'sniffer',
        type: 'topic-sniffer',
        listen: '1',
        wires: [['risk'], ['second']],
        ...settings.sniffer,
      },
      { id: 'risk', type: 'risk-classify', wires: [['out'], ['alerts']] },
      sink('alerts'),
    ];
  }

  const both = (): string => `127.0.0.1:${lab.insecure.port}, 127.0.0.1:${lab.secure.port}`;

  describe('alone, fed with host:port', () => {
    it('tls-inspect tells versions and certificate, trusted by the CA of the profile', async () => {
      const { out } = await runAlone('tls-inspect', `127.0.0.1:${lab.secure.port}`);
      assert.equal(out.payload.transport, 'tls');
      assert.deepEqual(out.payload.tls.versions, ['TLSv1.2', 'TLSv1.3']);
      assert.equal(out.payload.tls.trusted, true);
      assert.equal(out.payload.tls.hostnameMatches, true);
      assert.deepEqual(out.payload.tls.problems, []);
      assert.equal(out.payload.tls.chain.at(-1).selfSigned, true);
      assert.ok(out.payload.tls.certificate.daysLeft > 300);
    });

    it('anon-auth-test tells who is let in, with the login of the message', async () => {
      const { out } = await runAlone('anon-auth-test', {
        targets: `127.0.0.1:${lab.secure.port}`,
        credentials: lab.credentials,
      });
      assert.equal(out.payload.auth.anonymous.verdict, 'refused');
      assert.equal(out.payload.auth.credentials.verdict, 'accepted');
      assert.equal(out.payload.auth.credentials.sentInClear, false);
      assert.equal(out.payload.outcome, 'open');
      assert.ok(!flow?.everything(['stage']).includes(lab.credentials.password));
    });

    it('topic-sniffer hears the sensors and passes readings on while they come', async () => {
      const { out } = await runAlone('topic-sniffer', `127.0.0.1:${lab.insecure.port}`, { listen: '1' });
      const pir = out.payload.traffic.topics.find(({ topic }: { topic: string }) =>
        topic.endsWith('pir_insecure'),
      );
      assert.equal(pir.sensor.type, 'PIR (Motion Sensor)');
      assert.match(pir.payload, /^\{"pir":[01]\}$/);
      assert.equal(pir.retained, true);
      const readings = flow?.of('second') ?? [];
      assert.ok(readings.length >= 2 && readings.length <= 7, `${readings.length} readings in a second`);
      assert.equal(readings[0]?.topic, 'sensors/faris/pir_insecure');
    });

    it('topic-sniffer takes filters and time from where its settings say', async () => {
      const settings = { filters: 'want', filtersType: 'flow', listen: 'patience.s', listenType: 'msg' };
      const loaded = await load(alone('topic-sniffer', settings));
      const target = `127.0.0.1:${lab.insecure.port}`;
      loaded.keep('stage', 'flow', 'want', ['nobody/#', 'sensors/faris/+']);
      loaded.send('stage', { payload: target, patience: { s: 0.4 } });
      const { payload } = await loaded.until('out');
      assert.deepEqual(
        payload.traffic.filters.map(({ filter }: { filter: string }) => filter),
        ['nobody/#', 'sensors/faris/+'],
      );
      const { listenedMs } = payload.traffic;
      // A timer may fire a little before the clock that is read here says so; five seconds would be the default.
      assert.ok(listenedMs >= 380 && listenedMs < 4500, `listened for ${listenedMs} ms`);
      loaded.keep('stage', 'flow', 'want', 7);
      loaded.send('stage', { payload: target, patience: { s: 1 } });
      const { error } = await loaded.until('caught');
      assert.equal(error.code, 'BAD_OPTION');
      assert.match(error.message, /a text or a list of texts/);
    });

    async function runAlone(type: string, payload: unknown, settings: object = {}) {
      const loaded = await load(alone(type, settings));
      loaded.send('stage', { payload, custom: 7 });
      const out = await loaded.until('out');
      assert.equal(out.custom, 7);
      assert.equal(out.topic, out.payload.url);
      await loaded.until('completed');
      return { out };
    }
  });

  for (const type of STAGES) {
    describe(type, () => {
      const cases: readonly (readonly [string, object, unknown, string])[] = [
        ['without a profile', { profile: 'gone' }, '127.0.0.1:1', 'PROFILE_MISSING'],
        ['for a target outside the scope', {}, '8.8.8.8:8883', 'OUT_OF_SCOPE'],
        ['for several targets', {}, '127.0.0.1:1 127.0.0.1:2', 'BAD_INPUT'],
        ['for a whole network', {}, '127.0.0.0/24', 'BAD_INPUT'],
        ['for a number', {}, 42, 'BAD_INPUT'],
        ['for a target that is none', {}, '300.1.1.1', 'BAD_TARGET'],
      ];
      for (const [title, settings, payload, code] of cases) {
        it(`gives ${code} ${title}`, async () => {
          const loaded = await load(alone(type, settings));
          loaded.send('stage', { payload });
          const { error } = await loaded.until('caught');
          assert.equal(error.code, code);
          await delay(20);
          assert.equal(loaded.of('caught').length, 1);
          assert.equal(loaded.of('out').length, 0);
        });
      }

      it('passes a closed endpoint on as it is', async () => {
        const loaded = await load(alone(type));
        loaded.send('stage', { payload: '127.0.0.1:1' });
        const { payload } = await loaded.until('out');
        assert.equal(payload.outcome, 'closed');
        for (const part of ['tls', 'auth', 'traffic']) assert.equal(payload[part], undefined);
      });

      it('ends at once when it is closed, and sends nothing afterwards', async () => {
        const silent = await startScripted(() => undefined);
        const loaded = await load(alone(type), profile({ id: 'slow', phaseTimeout: '30000' }));
        try {
          loaded.send('stage', { payload: `127.0.0.1:${silent.port}` });
          while (silent.open() === 0) await delay(10);
          const closedAt = Date.now();
          await loaded.unload();
          assert.ok(Date.now() - closedAt < 1000);
          await delay(50);
          assert.equal(silent.open(), 0);
          assert.equal(loaded.of('out').length, 0);
        } finally {
          await silent.stop();
          flow = undefined;
        }
      });
    });
  }

  describe('in a row', () => {
    it('give the customer’s verdict on the lab, with its login', async () => {
      const loaded = await load(...pipeline());
      loaded.send('probe', { payload: { targets: both(), credentials: lab.credentials }, custom: 'kept' });
      const { payload: summary } = await loaded.closing('out');
      assert.deepEqual(
        [
          summary.endpointsScanned,
          summary.openPorts,
          summary.openBrokers,
          summary.authFailures,
          summary.sensors,
        ],
        [2, 2, 2, 0, 3],
      );
      assert.deepEqual(summary.risk, { CRITICAL: 1, HIGH: 0, MEDIUM: 0, LOW: 1, OK: 0 });
      const reports = loaded.of('out').slice(0, -1);
      assert.deepEqual(
        reports.map(({ custom }) => custom),
        ['kept', 'kept'],
      );
      assert.deepEqual(reports.map(({ payload }) => `${payload.transport} ${payload.risk.level}`).sort(), [
        'tcp CRITICAL',
        'tls LOW',
      ]);
      for (const { payload } of reports) {
        assert.ok(
          payload.auth.credentials && payload.auth.anonymous,
          'later stages keep what earlier ones found',
        );
        assert.ok(payload.probe && payload.traffic);
      }
      assert.ok(loaded.of('second').some(({ payload }) => payload.type === 'DHT (Temp & Hum)'));
      assert.ok(loaded.of('alerts').some(({ payload }) => payload.finding.id === 'NET-PLAINTEXT'));
      assert.ok(!loaded.everything(['probe', 'auth', 'sniffer', 'risk']).includes(lab.credentials.password));
    });

    it('say MEDIUM and Auth Failed without the login', async () => {
      const loaded = await load(...pipeline());
      loaded.send('probe', { payload: both() });
      const { payload: summary } = await loaded.closing('out');
      assert.deepEqual([summary.openBrokers, summary.authFailures, summary.sensors], [1, 1, 1]);
      assert.deepEqual(summary.risk, { CRITICAL: 1, HIGH: 0, MEDIUM: 1, LOW: 0, OK: 0 });
    });

    it('hold the closing message back until their own work is done', async () => {
      const loaded = await load(...pipeline({ sniffer: { listen: '1' } }));
      loaded.send('probe', { payload: both() });
      const closing = await loaded.closing('out');
      assert.equal(loaded.of('out').at(-1), closing);
      assert.equal(loaded.of('out').length, 3);
      assert.equal(closing.parts.count, 3);
    });

    it('end within a second of a stop, and pass on what is known', async () => {
      const loaded = await load(...pipeline({ sniffer: { listen: '60' } }));
      loaded.send('probe', { payload: both() });
      await loaded.until('second');
      const stoppedAt = Date.now();
      loaded.send('probe', { stop: true });
      // Discovery is over; the scan is still alive in the listening node.
      const closing = await loaded.closing('out', 1500);
      assert.ok(Date.now() - stoppedAt < 1000, `${Date.now() - stoppedAt} ms`);
      assert.equal(closing.payload.stopped, true);
      const open = loaded.of('out').find(({ payload }) => payload.outcome === 'open');
      assert.equal(open?.payload.traffic.endedBy, 'stopped');
      assert.ok(open?.payload.traffic.messages > 0);
    });

    it('give the login of a scan to what it has found, and to nobody else', async () => {
      const received: string[] = [];
      const rogue = await startScripted((socket) =>
        socket.on('data', (bytes) => {
          received.push(bytes.toString('latin1'));
          socket.write(Buffer.from([0x20, 2, 0, 5]));
        }),
      );
      try {
        const loaded = await load(...pipeline(), {
          ...pipeline()[2],
          id: 'alone',
          profile: 'profile',
          wires: [['out']],
        } as FlowNode);
        loaded.send('probe', { payload: { targets: both(), credentials: lab.credentials } });
        const { scan } = await loaded.closing('out');
        const forged = {
          target: 'localhost',
          address: '127.0.0.1',
          port: rogue.port,
          transport: 'tcp',
          url: `mqtt://127.0.0.1:${rogue.port}`,
          outcome: 'auth-failed',
          probe: { versions: [4] },
        };
        loaded.send('alone', { payload: forged, scan });
        await loaded.until('out', ({ payload }) => payload.port === rogue.port);
        assert.ok(received.length > 0);
        assert.ok(!received.join().includes(lab.credentials.password));
      } finally {
        await rogue.stop();
      }
    });

    it('do not believe a name that a message claims for an address', async () => {
      const loaded = await load(profile({ id: 'named', scope: 'localhost' }), {
        ...alone('tls-inspect'),
        profile: 'named',
      });
      const forged = {
        target: 'localhost',
        address: '192.0.2.2',
        port: 8883,
        transport: 'tls',
        url: 'mqtts://192.0.2.2:8883',
        outcome: 'open',
      };
      loaded.send('stage', { payload: forged });
      assert.equal((await loaded.until('caught')).error.code, 'OUT_OF_SCOPE');
      loaded.send('stage', { payload: `localhost:${lab.secure.port}` });
      assert.ok((await loaded.until('out')).payload.tls);
    });

    it('listen as long as the message asks', async () => {
      const loaded = await load(...pipeline({ sniffer: { listen: '60' } }));
      loaded.send('probe', { payload: { targets: `127.0.0.1:${lab.insecure.port}`, listen: 0.5 } });
      const { payload } = await loaded.until('out');
      assert.ok(payload.traffic.listenedMs >= 450 && payload.traffic.listenedMs < 5000);
    });
  });
});
