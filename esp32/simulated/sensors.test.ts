import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { startEmbeddedLab } from '../../brokers/embedded';
import type { Lab } from '../../brokers/lab-types';
import { collect, dial } from '../../brokers/test-client';
import { removeFolder, temporaryFolder } from '../../test/support/temporary-folders';
import { securePublications, TOPICS } from './payloads';
import { type Sensors, startSensors } from './sensors';

describe('simulated sensors', () => {
  let directory = '';
  const running: (Lab | Sensors)[] = [];
  const keep = <T extends Lab | Sensors>(started: T): T => {
    running.unshift(started);
    return started;
  };
  const begin = async (plainPort = 0, tlsPort = 0): Promise<Lab> =>
    keep(await startEmbeddedLab({ plainPort, tlsPort, directory, sensors: false }));
  const sense = (lab: Lab, ca: string, intervalMs: number): Sensors =>
    keep(
      startSensors({
        insecureUrl: lab.insecure.url,
        secureUrl: lab.secure.url,
        ca,
        credentials: lab.credentials,
        intervalMs,
        seed: 5,
      }),
    );
  const read = async (lab: Lab): Promise<Map<string, string>> => {
    const client = await dial(lab.secure.url, { ca: lab.ca, ...lab.credentials });
    const seen = await collect(client, '#', (topics) => topics.has(TOPICS.dht) && topics.has(TOPICS.ldr));
    await client.endAsync();
    return seen;
  };

  before(async () => {
    directory = await temporaryFolder('sensors');
  });
  afterEach(async () => {
    for (const started of running.splice(0)) await started.stop();
  });
  after(() => removeFolder(directory));

  it('publish the readings of their seed at once', async () => {
    const lab = await begin();
    sense(lab, lab.ca, 60_000);
    const seen = await read(lab);
    for (const { topic, payload } of securePublications(5, 0)) assert.equal(seen.get(topic), payload);
  });

  it('come back after the broker was away', async () => {
    const first = await begin();
    sense(first, first.ca, 60_000);
    await read(first);
    await first.stop();
    const second = await begin(first.insecure.port, first.secure.port);
    // A new broker has no retained messages: what is read was published after the restart.
    assert.ok((await read(second)).has(TOPICS.dht));
  });

  it('give nothing to a server they cannot verify', async () => {
    const lab = await begin();
    const other = await temporaryFolder('sensors-other');
    const stranger = keep(
      await startEmbeddedLab({ plainPort: 0, tlsPort: 0, directory: other, sensors: false }),
    );
    sense(lab, stranger.ca, 50);
    const client = await dial(lab.secure.url, { ca: lab.ca, ...lab.credentials });
    let messages = 0;
    client.on('message', () => {
      messages += 1;
    });
    await client.subscribeAsync('#');
    await delay(300);
    assert.equal(messages, 0);
    await client.endAsync();
    await removeFolder(other);
  });

  it('stop while no broker is there', async () => {
    const lab = await begin();
    const sensors = sense(lab, lab.ca, 50);
    await lab.stop();
    await sensors.stop();
  });
});
