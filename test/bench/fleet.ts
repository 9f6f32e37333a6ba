import { setTimeout as delay } from 'node:timers/promises';
import { startMosquittoLab } from '../../brokers/mosquitto';
import { startFleet } from '../../esp32/simulated/fleet/fleet';
import { removeFolder, temporaryFolder } from '../support/temporary-folders';

const DEVICES = 500;
const SECONDS = 60;
const MB = 1024 * 1024;

/** A fleet of 500 devices for a minute, on Mosquitto: what it costs, and whether it keeps what it takes. */
export async function fleet(): Promise<void> {
  const directory = await temporaryFolder('fleet-bench');
  const lab = await startMosquittoLab({ plainPort: 0, tlsPort: 0, directory, sensors: false });
  const devices = startFleet({ url: lab.insecure.url, size: DEVICES, seed: 1 });
  try {
    while (devices.connected() < DEVICES) await delay(100);
    global.gc?.();
    const heapBefore = process.memoryUsage().heapUsed;
    const sentBefore = devices.sent();
    const cpuBefore = process.cpuUsage();
    await delay(SECONDS * 1000);
    const { user, system } = process.cpuUsage(cpuBefore);
    global.gc?.();
    const grown = (process.memoryUsage().heapUsed - heapBefore) / MB;
    console.log(
      `${DEVICES} devices, ${SECONDS} s: ${devices.sent() - sentBefore} messages, ` +
        `${((user + system) / 1e6 / SECONDS).toFixed(2)} cores, heap ${grown >= 0 ? '+' : ''}${grown.toFixed(1)} MB, ` +
        `RSS ${(process.memoryUsage().rss / MB).toFixed(0)} MB, ${devices.connected()} still connected`,
    );
  } finally {
    await devices.stop();
    await lab.stop();
    await removeFolder(directory);
  }
}
