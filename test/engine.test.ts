import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import { type Packet, parser } from 'mqtt-packet';
import { type CertificateRequest, createCertificate, type IssuedCertificate } from '../brokers/certificates';
import { startEmbeddedLab } from '../brokers/embedded';
import type { Lab, LabOptions } from '../brokers/lab-types';
import { findMosquitto, startMosquittoLab } from '../brokers/mosquitto';
import { type EndpointReport, type ScanOptions, type ScanSummary, scan } from '../lib';
import { until } from './support/scan-bench';
import { startScripted } from './support/scripted-server';
import { removeFolder, temporaryFolder } from './support/temporary-folders';
import { orSkip, UnavailableError } from './support/unavailable';

const FAST: ScanOptions = { connectTimeoutMs: 500, phaseTimeoutMs: 1500, listen: { listenMs: 800 } };

async function run(
  targets: string | string[],
  options: ScanOptions = {},
): Promise<{ reports: EndpointReport[]; summary: ScanSummary }> {
  const reports: EndpointReport[] = [];
  const results = scan(targets, { ...FAST, ...options });
  for (;;) {
    const next = await results.next();
    if (next.done) return { reports: reports.sort((a, b) => a.port - b.port), summary: next.value };
    reports.push(next.value);
  }
}

const targetsOf = ({ insecure, secure }: Lab): string[] => [
  `127.0.0.1:${insecure.port}`,
  `127.0.0.1:${secure.port}`,
];

const LABS: readonly (readonly [string, (options: LabOptions) => Promise<Lab>])[] = [
  ['embedded', startEmbeddedLab],
  ['mosquitto', startMosquittoLab],
];

for (const [kind, start] of LABS) {
  describe(`scan() of the ${kind} lab`, function () {
    this.timeout(30_000);
    let lab: Lab;
    let folder: string;

    before(async function () {
      if (kind === 'mosquitto') await orSkip(this, mosquitto);
      folder = await temporaryFolder('engine');
      lab = await start({ plainPort: 0, tlsPort: 0, directory: folder, intervalMs: 200 });
    });

    after(async () => {
      await lab?.stop();
      if (folder) await removeFolder(folder);
    });

    const find = (reports: EndpointReport[], transport: string): EndpointReport => {
      const found = reports.find((report) => report.transport === transport);
      assert.ok(found, `no ${transport} endpoint`);
      return found;
    };

    const sensors = ({ traffic }: EndpointReport) =>
      (traffic?.topics ?? [])
        .flatMap(({ topic, sensor }) => (sensor ? [`${topic} ${sensor.type}`] : []))
        .sort();

    it('with its login: three sensors, CRITICAL and LOW', async () => {
      const { reports, summary } = await run(targetsOf(lab), {
        credentials: lab.credentials,
        tls: { ca: lab.ca },
      });
      const plain = find(reports, 'tcp');
      const secure = find(reports, 'tls');
      assert.deepEqual([plain.outcome, plain.risk?.level], ['open', 'CRITICAL']);
      assert.deepEqual([secure.outcome, secure.risk?.level], ['open', 'LOW'], JSON.stringify(secure.risk));
      assert.deepEqual(sensors(plain), ['sensors/faris/pir_insecure PIR (Motion Sensor)']);
      assert.deepEqual(sensors(secure), [
        'sensors/faris/dht_secure DHT (Temp & Hum)',
        'sensors/faris/ldr_secure LDR (Light Sensor)',
      ]);
      assert.equal(secure.auth?.anonymous.verdict, 'refused');
      assert.equal(secure.tls?.trusted, true);
      const { endpointsScanned, openPorts, openBrokers, authFailures, risk } = summary;
      assert.deepEqual(
        [endpointsScanned, openPorts, openBrokers, authFailures, summary.sensors],
        [2, 2, 2, 0, 3],
      );
      assert.deepEqual(risk, { CRITICAL: 1, HIGH: 0, MEDIUM: 0, LOW: 1, OK: 0 });
      assert.ok(!JSON.stringify([reports, summary]).includes(lab.credentials.password));
    });

    it('without: the secure broker is Auth Failed and MEDIUM', async () => {
      const { reports, summary } = await run(targetsOf(lab), { tls: { ca: lab.ca } });
      const secure = find(reports, 'tls');
      assert.deepEqual(
        [secure.outcome, secure.risk?.level],
        ['auth-failed', 'MEDIUM'],
        JSON.stringify(secure.risk),
      );
      assert.deepEqual([summary.openBrokers, summary.authFailures, summary.sensors], [1, 1, 1]);
    });

    it('without the CA: the certificate is not trusted', async () => {
      const { reports } = await run(targetsOf(lab), { credentials: lab.credentials });
      const secure = find(reports, 'tls');
      assert.equal(secure.tls?.trusted, false);
      assert.ok(secure.risk?.findings.some(({ id }) => id === 'TLS-CERT-UNTRUSTED'));
    });

    it('with a wrong login: refused, and said so', async () => {
      const { reports } = await run(targetsOf(lab), {
        credentials: { username: 'labuser', password: 'wrong' },
      });
      assert.equal(find(reports, 'tls').auth?.credentials.verdict, 'refused');
    });

    it('by name, with every address of the name an endpoint', async () => {
      const { reports } = await run('lab.test', {
        ports: String(lab.insecure.port),
        scope: 'loopback',
        resolve: () => Promise.resolve(['127.0.0.1', '127.0.0.2']),
        reportClosed: 'always',
      });
      assert.deepEqual(reports.map(({ target, address }) => `${target} ${address}`).sort(), [
        'lab.test 127.0.0.1',
        'lab.test 127.0.0.2',
      ]);
    });

    it('publishes nothing and leaves with DISCONNECT', async () => {
      const sent: string[] = [];
      const recorder = await startScripted((socket) => relay(socket, lab.insecure.port, sent));
      try {
        await run(`127.0.0.1:${recorder.port}`);
      } finally {
        await recorder.stop();
      }
      // PINGREQ is sent or not, as the answers come.
      const others = new Set(sent.filter((name) => name !== 'pingreq'));
      assert.deepEqual([...others].sort(), ['connect', 'disconnect', 'subscribe']);
    });

    it('publishes only to a topic of its own when the write test is on', async () => {
      const sent: string[] = [];
      const recorder = await startScripted((socket) => relay(socket, lab.insecure.port, sent));
      try {
        const { reports } = await run(`127.0.0.1:${recorder.port}`, { auth: { writeTest: true } });
        assert.equal(reports[0]?.auth?.authorisation[0]?.write, 'proven');
      } finally {
        await recorder.stop();
      }
      const published = sent.filter((line) => line.startsWith('publish'));
      assert.equal(published.length, 1);
      assert.match(published[0] ?? '', /^publish mqttscan\/[0-9a-f]{16} qos=0 retain=false$/);
    });
  });
}

async function mosquitto(): Promise<void> {
  if (!(await findMosquitto())) throw new UnavailableError('mosquitto is not installed');
}

/** Passes bytes on to a broker and notes which packets the client sends. */
function relay(client: Socket, port: number, sent: string[]): void {
  const broker = connect(port, '127.0.0.1');
  broker.on('error', () => client.destroy());
  broker.pipe(client);
  const codec = parser({ protocolVersion: 4 });
  codec.on('packet', (packet: Packet) => {
    sent.push(
      packet.cmd === 'publish'
        ? `publish ${packet.topic} qos=${packet.qos} retain=${packet.retain}`
        : packet.cmd,
    );
  });
  client.on('data', (bytes) => {
    codec.parse(bytes);
    broker.write(bytes);
  });
  client.on('end', () => broker.end());
}

describe('scan()', function () {
  this.timeout(30_000);

  it('ends within a second of a stop, with what was done', async () => {
    const silent = await startScripted(() => undefined, '0.0.0.0');
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 300);
    const startedAt = Date.now();
    const { summary } = await run('127.0.0.0/24', {
      ports: String(silent.port),
      phaseTimeoutMs: 60_000,
      signal: controller.signal,
    });
    await silent.stop();
    assert.ok(Date.now() - startedAt < 1300);
    assert.equal(summary.stopped, true);
    assert.equal(summary.endpointsScanned + (summary.notReached ?? 0), 256);
  });

  it('reports what accepted a connection in a large scan, also when it has gone since', async () => {
    // Bound to one address: the sweep of the /23 finds it, and it takes one connection in its life.
    const shy = await startScripted(() => void shy.stop(), '127.0.18.5');
    const { reports, summary } = await run('127.0.18.0/23', { ports: String(shy.port) });
    assert.deepEqual(
      reports.map(({ address, outcome }) => [address, outcome]),
      [['127.0.18.5', 'closed']],
    );
    assert.equal(summary.endpointsScanned, 512);
  });

  it('ends its connections when the reader leaves early', async () => {
    const silent = await startScripted(
      (socket) => socket.once('data', () => socket.write('HTTP/1.1 400\r\n')),
      '0.0.0.0',
    );
    for await (const _ of scan('127.0.0.0/24', { ...FAST, ports: String(silent.port) })) break;
    await until(() => silent.open() === 0, 'its connections end');
    await silent.stop();
  });

  it('does not keep a reader who leaves early waiting for what is under way', async () => {
    const silent = await startScripted(() => undefined);
    const quick = await startScripted((socket) => socket.once('data', () => socket.end('HTTP/1.1 400\r\n')));
    const targets = [`127.0.0.1:${quick.port}`, `mqtt://127.0.0.1:${silent.port}`];
    const seen: string[] = [];
    const startedAt = Date.now();
    for await (const { url } of scan(targets, { ...FAST, phaseTimeoutMs: 10_000 })) {
      seen.push(url);
      break;
    }
    assert.ok(Date.now() - startedAt < 5000);
    assert.deepEqual(seen, [`mqtt://127.0.0.1:${quick.port}`]);
    await until(() => silent.open() === 0, 'its connections end');
    await Promise.all([silent.stop(), quick.stop()]);
  });

  it('ends in time when a broker goes away during the write test', async () => {
    const leaving = await startScripted((socket) => {
      socket.once('data', () => {
        socket.write(Buffer.from([0x20, 2, 0, 0]));
        socket.once('data', () => socket.resetAndDestroy());
      });
    });
    try {
      const startedAt = Date.now();
      const { reports } = await run(`127.0.0.1:${leaving.port}`, {
        phaseTimeoutMs: 500,
        auth: { writeTest: true },
      });
      assert.equal(reports[0]?.auth?.authorisation[0]?.write, 'inconclusive');
      assert.ok(Date.now() - startedAt < 8000);
    } finally {
      await leaving.stop();
    }
  });

  it('resolves the good names beside many bad ones', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `m${i}.invalid`);
    const reports: EndpointReport[] = [];
    const results = scan([...names, 'good.test'], {
      ...FAST,
      ports: '1',
      resolve: (name) =>
        name === 'good.test' ? Promise.resolve(['127.0.0.1']) : Promise.reject(new Error('ENOTFOUND')),
    });
    await assert.rejects(
      async () => {
        for await (const report of results) reports.push(report);
      },
      { code: 'NAME_NOT_RESOLVED' },
    );
    assert.deepEqual(
      reports.map(({ target }) => target),
      ['good.test'],
    );
  });

  it('tells progress up to the end', async () => {
    const states: string[] = [];
    const { summary } = await run('127.0.0.0/28', {
      ports: '1',
      onProgress: ({ state, percent }) => states.push(`${state} ${percent}`),
    });
    assert.equal(states.at(-1), 'done 100');
    assert.equal(summary.endpointsScanned, 16);
  });

  it('visits a /19 on two ports and reports nothing where nothing is', async () => {
    const { reports, summary } = await run('127.1.0.0/19', { ports: '1, 2', rate: 100_000, window: 1000 });
    assert.equal(reports.length, 0);
    assert.equal(summary.endpointsScanned, 16_384);
  });
});

describe('TLS inspection', function () {
  this.timeout(60_000);
  const DAY = 86_400_000;
  let ca: IssuedCertificate;

  before(async () => {
    ca = await createCertificate(request({ commonName: 'Test CA', ca: true }));
  });

  function request(overrides: Partial<CertificateRequest>): CertificateRequest {
    return {
      commonName: 'broker',
      names: ['127.0.0.1'],
      notBefore: new Date(Date.now() - DAY),
      notAfter: new Date(Date.now() + 300 * DAY),
      ...overrides,
    };
  }

  const cases: readonly (readonly [string, () => Partial<CertificateRequest>, readonly string[]])[] = [
    ['a certificate that holds', () => ({ issuer: ca }), []],
    ['a self-signed one', () => ({}), ['self-signed']],
    ['an expired one', () => ({ issuer: ca, notAfter: new Date(Date.now() - 1000) }), ['expired']],
    ['one of the future', () => ({ issuer: ca, notBefore: new Date(Date.now() + DAY) }), ['not-yet-valid']],
    [
      'one that ends soon',
      () => ({ issuer: ca, notAfter: new Date(Date.now() + 10 * DAY) }),
      ['expires-soon'],
    ],
    ['one for another name', () => ({ issuer: ca, names: ['other.example', '10.9.9.9'] }), ['name-mismatch']],
    [
      'one with the name as common name only',
      () => ({ issuer: ca, commonName: '127.0.0.1', names: [] }),
      ['name-mismatch'],
    ],
    ['a weak key', () => ({ issuer: ca, keyType: 'rsa-1024' as const }), ['weak-key']],
    ['an elliptic curve', () => ({ issuer: ca, keyType: 'ec-p256' as const }), []],
  ];
  for (const [what, overrides, problems] of cases) {
    it(`finds ${problems.join(', ') || 'nothing'} with ${what}`, async () => {
      const { cert, key } = await createCertificate(request(overrides()));
      const server = createServer(
        { cert, key, minVersion: 'TLSv1.2', ciphers: 'DEFAULT:@SECLEVEL=0' },
        (socket) => {
          socket.on('error', () => undefined);
          socket.once('data', () => socket.write(Buffer.from([0x20, 2, 0, 5])));
        },
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      assert.ok(address && typeof address === 'object');
      try {
        const { reports } = await run(`127.0.0.1:${address.port}`, { tls: { ca: ca.cert }, listen: false });
        assert.equal(reports[0]?.transport, 'tls', 'a TLS server on a port that is not known for TLS');
        assert.deepEqual(reports[0]?.tls?.problems, problems, JSON.stringify(reports[0]?.tls));
        assert.equal(reports[0]?.tls?.trusted, !problems.some((p) => /self|expired|not-yet/.test(p)));
      } finally {
        server.close();
      }
    });
  }
});
