import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startEmbeddedLab } from '../brokers/embedded';
import { findMosquitto } from '../brokers/find-mosquitto';
import type { Lab } from '../brokers/lab-types';
import { startMosquittoLab } from '../brokers/mosquitto';
import { createRangeCa } from '../brokers/range/certificate-kinds';
import { collect, dial } from '../brokers/test-client';
import type { EndpointReport } from '../lib/model';
import { scan } from '../lib/scan';
import {
  buildHostDevice,
  buildHostTests,
  checkBoardPart,
  compileCore,
  type HostDevice,
  needCompiler,
  needOpenSsl,
  startHostDevice,
} from './support/firmware';
import { run } from './support/programs';
import { removeFolder, temporaryFolder } from './support/temporary-folders';
import { orSkip } from './support/unavailable';

const FIRMWARE = join(__dirname, '..', 'esp32', 'firmware');
const PREFIX = 'sensors/faris';

describe('firmware', function () {
  this.timeout(120_000);
  let directory = '';
  let core: string[] = [];

  before(async function () {
    await orSkip(this, needCompiler);
    directory = await temporaryFolder('firmware');
    core = await compileCore(directory);
  });
  after(async () => {
    if (directory !== '') await removeFolder(directory);
  });

  it('compiles for the board, as far as its headers tell', () => checkBoardPart());

  it('passes its own tests, which tell Home Assistant nothing but JSON', async () => {
    const program = await buildHostTests(core, directory);
    const output = await run(program, [], { cwd: directory });
    assert.match(output, /^\d+ tests, 0 failures$/m);
    const discovered = [...output.matchAll(/^DISCOVERY (.*)$/gm)].map(([, json = '']) => JSON.parse(json));
    assert.equal(discovered.length, 3);
    for (const { unique_id, device } of discovered) assert.ok(unique_id && device.identifiers.length === 1);
  });

  it('verifies the broker, and keeps secrets out of git', () => {
    const board = join(FIRMWARE, 'src', 'board');
    const sources = readdirSync(board).map((name) => readFileSync(join(board, name), 'utf8'));
    assert.ok(sources.some((text) => /\.setCACert\(/.test(text)));
    assert.ok(!sources.some((text) => /setInsecure/.test(text)));
    const ignored = readFileSync(join(__dirname, '..', '.gitignore'), 'utf8').split('\n');
    assert.ok(ignored.includes('esp32/firmware/src/board/secrets.h'));
  });

  describe('on this machine', () => {
    let lab: Lab | undefined;
    let device: HostDevice | undefined;
    let program = '';

    before(async function () {
      await orSkip(this, async () => needOpenSsl());
      program = await buildHostDevice(core, directory);
    });
    afterEach(async () => {
      await device?.end('SIGKILL');
      device = undefined;
      await lab?.stop();
      lab = undefined;
    });

    const openLab = async (): Promise<Lab> => {
      const start = (await findMosquitto()) === undefined ? startEmbeddedLab : startMosquittoLab;
      lab = await start({ plainPort: 0, tlsPort: 0, directory: join(directory, 'certs'), sensors: false });
      return lab;
    };
    const start = ({ insecure, secure, credentials }: Lab, ca: string): HostDevice => {
      const ports = ['--plain-port', String(insecure.port), '--tls-port', String(secure.port)];
      const rest = ['--username', credentials.username, '--ca', ca, '--interval', '200'];
      device = startHostDevice(program, [...ports, ...rest], credentials.password);
      return device;
    };
    const plainStatus = (broker: Lab, wanted: string): Promise<void> =>
      waitFor(broker.insecure.url, `${PREFIX}/status_insecure`, wanted);
    const secureStatus = ({ secure, ca, credentials }: Lab, wanted: string): Promise<void> =>
      waitFor(secure.url, `${PREFIX}/status_secure`, wanted, { ca, ...credentials });

    it('shows as three sensors in a scan, and says goodbye', async () => {
      const broker = await openLab();
      const running = start(broker, broker.caPath);
      await plainStatus(broker, 'online');
      await secureStatus(broker, 'online');

      const reports = new Map<string, EndpointReport>();
      const { insecure, secure, credentials, ca } = broker;
      for await (const report of scan([insecure.url, secure.url], {
        credentials,
        tls: { ca },
        listen: { listenMs: 1000 },
      })) {
        reports.set(report.url, report);
      }
      assert.deepEqual(sensorsOf(reports.get(insecure.url)), [
        [`${PREFIX}/pir_insecure`, 'PIR (Motion Sensor)', '{"pir":1}'],
      ]);
      assert.deepEqual(sensorsOf(reports.get(secure.url)), [
        [`${PREFIX}/dht_secure`, 'DHT (Temp & Hum)', '{"temp_c":31.5,"hum_pct":56.0}'],
        [`${PREFIX}/ldr_secure`, 'LDR (Light Sensor)', '{"ldr_pct":62.1,"ldr_raw":2543}'],
      ]);

      assert.equal(await running.end('SIGTERM'), 0, running.log());
      await plainStatus(broker, 'offline');
      await secureStatus(broker, 'offline');
    });

    it('leaves its last will when it dies', async () => {
      const broker = await openLab();
      const running = start(broker, broker.caPath);
      await plainStatus(broker, 'online');
      await secureStatus(broker, 'online');
      await running.end('SIGKILL');
      await plainStatus(broker, 'offline');
      await secureStatus(broker, 'offline');
    });

    it('gives a broker that it cannot verify nothing, and measures on', async () => {
      const broker = await openLab();
      const stranger = join(directory, 'stranger.crt');
      await writeFile(stranger, (await createRangeCa(new Date())).cert);
      const running = start(broker, stranger);
      await plainStatus(broker, 'online');
      const reader = await dial(broker.secure.url, { ca: broker.ca, ...broker.credentials });
      let messages = 0;
      reader.on('message', () => {
        messages += 1;
      });
      await reader.subscribeAsync('#');
      await delay(500);
      await reader.endAsync();
      assert.equal(messages, 0);
      assert.match(running.log(), /\[tls\] no connection \(.*certificate.*\); next try in \d+ ms/);
      assert.doesNotMatch(running.log(), /\[tls\] connected/);
    });

    it('refuses settings it cannot work with', async () => {
      device = startHostDevice(program, ['--ca', join(directory, 'nowhere.crt')], 'x');
      assert.equal(await device.ended, 2, 'it ends by itself');
      assert.match(device.log(), /PEM/);
    });
  });
});

/** Waits until the retained message of a topic is the wanted one. */
async function waitFor(
  url: string,
  topic: string,
  wanted: string,
  login: Parameters<typeof dial>[1] = {},
): Promise<void> {
  const client = await dial(url, login);
  await collect(client, topic, (seen) => seen.get(topic) === wanted);
  await client.endAsync();
}

/** Topic, sensor and payload of those topics that the customer's device measures on. */
function sensorsOf(report: EndpointReport | undefined): (string | undefined)[][] {
  return (report?.traffic?.topics ?? [])
    .filter(({ topic }) => /(dht|ldr|pir)_/.test(topic))
    .map(({ topic, sensor, payload }) => [topic, sensor?.type, payload])
    .sort();
}
