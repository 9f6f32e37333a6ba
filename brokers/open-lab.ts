import { join } from 'node:path';
import { startSensors } from '../esp32/simulated/sensors';
import { dialHost, namesFor } from './addresses';
import { ensureLabCertificates, type LabCertificates } from './certificates';
import type { Lab, LabCredentials, LabEndpoint, LabOptions } from './lab-types';

/** What a pair of brokers needs to start. */
export interface BrokerSetup {
  readonly host: string;
  readonly plainPort: number;
  readonly tlsPort: number;
  readonly certificates: LabCertificates;
  readonly credentials: LabCredentials;
}

/** A pair of brokers that accepts connections. */
export interface RunningBrokers {
  readonly plainPort: number;
  readonly tlsPort: number;
  stop(): Promise<void>;
}

/** The login of the secure broker unless another is given. It is public, so it protects nothing. */
export const DEFAULT_CREDENTIALS: LabCredentials = { username: 'labuser', password: 'labpass' };

/** Where certificates are kept unless told otherwise; git ignores it. */
const DEFAULT_DIRECTORY = join(__dirname, '..', '.mqtt-scanner', 'lab');

/**
 * Everything about a lab that does not depend on the broker's make: defaults, certificates, simulated
 * devices, and the order in which things end.
 */
export async function openLab(
  options: LabOptions,
  startBrokers: (setup: BrokerSetup) => Promise<RunningBrokers>,
): Promise<Lab> {
  const { host = '127.0.0.1', plainPort = 1883, tlsPort = 8883, directory = DEFAULT_DIRECTORY } = options;
  const credentials = options.credentials ?? DEFAULT_CREDENTIALS;
  const names = [...namesFor(host), ...(options.names ?? [])];
  const certificates = await ensureLabCertificates(directory, { names });
  const brokers = await startBrokers({ host, plainPort, tlsPort, certificates, credentials });

  const insecure = endpoint('mqtt', host, brokers.plainPort);
  const secure = endpoint('mqtts', host, brokers.tlsPort);
  const { ca, caPath } = certificates;
  const sensors =
    options.sensors === false
      ? undefined
      : startSensors({
          insecureUrl: insecure.url,
          secureUrl: secure.url,
          ca,
          credentials,
          ...(options.intervalMs === undefined ? {} : { intervalMs: options.intervalMs }),
          ...(options.seed === undefined ? {} : { seed: options.seed }),
        });

  const end = async (): Promise<void> => {
    // Devices first, or they would try to reconnect to a broker that is going away.
    await sensors?.stop();
    await brokers.stop();
  };
  let ended: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    ended ??= end();
    return ended;
  };
  return { insecure, secure, ca, caPath, credentials, stop };
}

function endpoint(scheme: 'mqtt' | 'mqtts', host: string, port: number): LabEndpoint {
  const dialled = dialHost(host);
  const bracketed = dialled.includes(':') ? `[${dialled}]` : dialled;
  return { host: dialled, port, url: `${scheme}://${bracketed}:${port}` };
}
