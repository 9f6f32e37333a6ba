import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MosquittoMissingError, PortInUseError } from './errors';
import { findMosquitto } from './find-mosquitto';
import type { Lab, LabOptions } from './lab-types';
import { placeAcl, placeConfig } from './mosquitto-config';
import { type MosquittoProcess, runMosquitto } from './mosquitto-process';
import { type BrokerSetup, openLab, type RunningBrokers } from './open-lab';
import { passwordLine } from './passwords';
import { claimPort } from './ports';

export { findMosquitto } from './find-mosquitto';

/** The same lab on the installed Mosquitto, with the very configuration files the containers use. */
export function startMosquittoLab(options: LabOptions = {}): Promise<Lab> {
  return openLab(options, startBrokers);
}

async function startBrokers(setup: BrokerSetup): Promise<RunningBrokers> {
  const program = await findMosquitto();
  if (program === undefined) throw new MosquittoMissingError();
  const plainPort = await claimPort(setup.host, setup.plainPort, 'LAB_PLAIN_PORT');
  const tlsPort = await claimPort(setup.host, setup.tlsPort, 'LAB_TLS_PORT');
  // Both were free when asked one after the other; a listener of ours would have noticed.
  if (plainPort === tlsPort) throw new PortInUseError(tlsPort, setup.host, 'LAB_TLS_PORT');

  // Only its owner may enter (mkdtemp): it holds the password file.
  const directory = await mkdtemp(join(tmpdir(), 'mqtt-scanner-lab-'));
  const running: MosquittoProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((process) => process.stop()));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await writeSecureFiles(directory, setup);
    for (const [name, port] of [['insecure', plainPort] as const, ['secure', tlsPort] as const]) {
      const configPath = await writeConfig(directory, name, port, setup);
      running.push(await runMosquitto(program, configPath, setup.host, port));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { plainPort, tlsPort, stop };
}

async function writeSecureFiles(directory: string, { credentials }: BrokerSetup): Promise<void> {
  const acl = await readFile(join(__dirname, 'secure', 'acl'), 'utf8');
  await writeFile(join(directory, 'acl'), placeAcl(acl, credentials.username), { mode: 0o600 });
  await writeFile(join(directory, 'passwords'), await passwordLine(credentials), { mode: 0o600 });
}

async function writeConfig(
  directory: string,
  name: 'insecure' | 'secure',
  port: number,
  { host, certificates }: BrokerSetup,
): Promise<string> {
  const text = await readFile(join(__dirname, name, 'mosquitto.conf'), 'utf8');
  const path = join(directory, `${name}.conf`);
  const dataDirectory = join(directory, `${name}-data`);
  await mkdir(dataDirectory, { mode: 0o700 });
  const { certPath, keyPath, caPath } = certificates;
  const placed = placeConfig(text, {
    host,
    port,
    configDirectory: directory,
    dataDirectory,
    certificates: { 'ca.crt': caPath, 'server.crt': certPath, 'server.key': keyPath },
  });
  await writeFile(path, placed, { mode: 0o600 });
  return path;
}
