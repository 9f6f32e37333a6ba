import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as tlsConnect } from 'node:tls';
import { removeFolder, temporaryFolder } from '../test/support/temporary-folders';
import { PortInUseError } from './errors';
import type { Lab, LabOptions } from './lab-types';
import { listen } from './listener';
import { accepts } from './ports';
import { collect, dial } from './test-client';

const PIR = 'sensors/faris/pir_insecure';
const DHT = 'sensors/faris/dht_secure';
const LDR = 'sensors/faris/ldr_secure';

/** What every kind of lab must do; called inside a `describe`. */
export function describeLab(start: (options: LabOptions) => Promise<Lab>): void {
  let directory = '';
  let lab: Lab;
  let stopLab = (): Promise<void> => Promise.resolve();
  const begin = (more: LabOptions = {}): Promise<Lab> =>
    start({ plainPort: 0, tlsPort: 0, directory, intervalMs: 100, ...more });

  before(async () => {
    directory = await temporaryFolder('lab-test');
    lab = await begin();
    stopLab = () => lab.stop();
  });
  after(async () => {
    // Runs also where the suite was skipped and nothing was started.
    await stopLab();
    if (directory !== '') await removeFolder(directory);
  });

  it('says where it is', async () => {
    assert.equal(lab.insecure.url, `mqtt://127.0.0.1:${lab.insecure.port}`);
    assert.equal(lab.secure.url, `mqtts://127.0.0.1:${lab.secure.port}`);
    assert.equal(await readFile(lab.caPath, 'utf8'), lab.ca);
  });

  it('lets anyone read motion from the insecure broker', async () => {
    const client = await dial(lab.insecure.url);
    const seen = await collect(client, '#', (topics) => topics.has(PIR));
    assert.deepEqual([...seen.keys()], [PIR]);
    assert.match(seen.get(PIR) ?? '', /^\{"pir":[01]\}$/);
    await client.endAsync();
  });

  it('gives its login temperature, humidity and light over verified TLS', async () => {
    const client = await dial(lab.secure.url, { ca: lab.ca, ...lab.credentials });
    const seen = await collect(client, '#', (topics) => topics.has(DHT) && topics.has(LDR));
    assert.deepEqual([...seen.keys()].sort(), [DHT, LDR]);
    assert.match(seen.get(DHT) ?? '', /^\{"temp_c":\d\d\.\d,"hum_pct":\d\d\.\d\}$/);
    assert.match(seen.get(LDR) ?? '', /^\{"ldr_pct":\d{1,3}\.\d,"ldr_raw":\d{1,4}\}$/);
    await client.endAsync();
  });

  it('keeps the newest reading as a retained message', async () => {
    const client = await dial(lab.insecure.url);
    const retained = new Promise<boolean>((resolve) => {
      client.once('message', (_topic, _payload, packet) => resolve(packet.retain));
    });
    await client.subscribeAsync(PIR);
    assert.equal(await retained, true);
    await client.endAsync();
  });

  it('refuses strangers, wrong passwords and wrong names on the secure broker', async () => {
    const { ca, credentials, secure } = lab;
    const refused = ({ code }: { code?: unknown }): boolean => code === 4 || code === 5;
    const { username, password } = credentials;
    await assert.rejects(dial(secure.url, { ca }), refused);
    await assert.rejects(dial(secure.url, { ca, username }), refused);
    await assert.rejects(dial(secure.url, { ca, username, password: `${password}x` }), refused);
    await assert.rejects(dial(secure.url, { ca, username: 'constructor', password }), refused);
  });

  it('is not believed without its CA', async () => {
    await assert.rejects(dial(lab.secure.url, lab.credentials), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  });

  it('refuses TLS older than 1.2', async () => {
    // Security level 0 lets this side offer the old version at all.
    const version = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const { host, port } = lab.secure;
    const answer = await new Promise<string>((resolve) => {
      const socket = tlsConnect({ host, port, ca: lab.ca, ...version }, () => resolve('connected'));
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
    });
    assert.match(answer, /PROTOCOL_VERSION|ECONNRESET/);
  });

  it('neither takes nor gives topics outside sensors/# on the secure broker', async () => {
    const options = { ca: lab.ca, ...lab.credentials };
    const reader = await dial(lab.secure.url, options);
    const seen = collect(reader, '#', (topics) => topics.has('sensors/test'));
    const intruder = await dial(lab.secure.url, options);
    intruder.publish('private/door', 'open', { retain: true });
    const writer = await dial(lab.secure.url, options);
    await writer.publishAsync('sensors/test', 'fine', { qos: 1 });
    assert.deepEqual(
      [...(await seen).keys()].filter((topic) => !topic.startsWith('sensors/')),
      [],
    );
    intruder.end(true);
    await writer.endAsync();
    await reader.endAsync();
  });

  it("keeps the broker's own topics from the login of the secure broker", async () => {
    const options = { ca: lab.ca, ...lab.credentials };
    const reader = await dial(lab.secure.url, options);
    const seen: string[] = [];
    reader.on('message', (topic) => seen.push(topic));
    await reader.subscribeAsync('$SYS/#');
    // A client that comes and goes is what the embedded broker would tell in $SYS.
    await (await dial(lab.secure.url, options)).endAsync();
    await delay(100);
    assert.deepEqual(seen, []);
    await reader.endAsync();
  });

  it("lets no client steer the broker through the broker's own topics", async () => {
    const victim = await dial(lab.insecure.url, { clientId: 'victim' });
    const intruder = await dial(lab.insecure.url);
    intruder.publish('$SYS/another/new/clients', 'victim');
    await delay(100);
    assert.equal(victim.connected, true);
    intruder.end(true);
    await victim.endAsync();
  });

  it('starts again with the same certificates, and stops without leaving anything', async () => {
    const handles = openHandles();
    const second = await begin({ credentials: { username: 'someone', password: 'p\u00e4ss word' } });
    assert.equal(second.ca, lab.ca);
    const reader = await dial(second.secure.url, { ca: second.ca, ...second.credentials });
    await collect(reader, 'sensors/#', (topics) => topics.has(DHT));
    // An idle connection that never says a word must not hold the lab up either.
    const silent = tlsConnect({ host: second.secure.host, port: second.secure.port, ca: lab.ca });
    silent.on('error', () => undefined);
    await second.stop();
    await second.stop();
    silent.destroy();
    reader.end(true);
    assert.equal(await accepts(second.insecure.host, second.insecure.port), false);
    assert.equal(await accepts(second.secure.host, second.secure.port), false);
    await delay(50);
    assert.equal(openHandles(), handles);
  });

  it('names a port that is taken, and leaves the other one free', async () => {
    const blocker = await listen(createServer(), '127.0.0.1', 0, '');
    const other = await listen(createServer(), '127.0.0.1', 0, '');
    await other.close();
    await assert.rejects(begin({ plainPort: other.port, tlsPort: blocker.port }), (error) => {
      assert.ok(error instanceof PortInUseError);
      assert.equal(error.code, 'EADDRINUSE');
      assert.equal(error.port, blocker.port);
      assert.match(error.message, new RegExp(`Port ${blocker.port} .* LAB_TLS_PORT`));
      return true;
    });
    assert.equal(await accepts('127.0.0.1', other.port), false);
    await blocker.close();
  });
}

/** Sockets, servers and child processes that keep this process alive. */
function openHandles(): number {
  return process.getActiveResourcesInfo().filter((type) => !/Timeout|Immediate|FSReq/.test(type)).length;
}
