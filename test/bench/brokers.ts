import { connect } from 'node:net';
import { findMosquitto, startMosquittoLab } from '../../brokers/mosquitto';
import { removeFolder, temporaryFolder } from '../support/temporary-folders';
import { costOf } from './compiled';
import { FAST } from './drain';
import { measured, print } from './measure';
import { timeOf } from './peers';

const TARGETS = '127.2.0.0/20';
const ENDPOINTS = 4096;
/** All of them are one broker, whose queue of new connections holds a hundred; what is more waits for a second. */
const AT_ONCE = 64;
/** Enough to see its pace. */
const SAMPLE = '127.2.0.0/25';
const SAMPLE_SIZE = 128;

/** 4,096 open endpoints of one mosquitto, beside a bare TCP connect to each as the limit. */
export async function brokers(): Promise<void> {
  if (!(await findMosquitto())) return console.log('Many brokers: skipped, mosquitto is not installed');
  const folder = await temporaryFolder('bench');
  const lab = await startMosquittoLab({
    host: '0.0.0.0',
    plainPort: 0,
    tlsPort: 0,
    directory: folder,
    sensors: false,
  });
  try {
    const { port } = lab.insecure;
    const options = { ...FAST, window: AT_ONCE, ports: `${port}/tcp` };
    const probe = await costOf({ targets: TARGETS, options, probeOnly: true });
    const access = await costOf({
      targets: TARGETS,
      options: { ...options, auth: { authorisation: false }, tlsOptions: { depth: 'certificate' } },
    });
    const bare = await measured(() => connectAll(port));
    // Its script subscribes, which a probe does not; it is told to listen for no longer than a moment.
    const script = ['--script', 'mqtt-subscribe', '--script-args', 'mqtt-subscribe.listen-time=100ms'];
    const nmapMs = await timeOf('nmap', ['-n', '-Pn', '-T5', '-p', `${port}`, ...script, SAMPLE]);
    print(
      `Full probe of ${probe.count} open endpoints, with version and product`,
      probe,
      `${rateOf(probe.count, probe.ms)}; with the tests of the login ${rateOf(access.count, access.ms)}`,
      `bare TCP connects ${rateOf(ENDPOINTS, bare.ms)}`,
      nmapMs === undefined
        ? 'nmap is not installed'
        : `nmap --script mqtt-subscribe ${rateOf(SAMPLE_SIZE, nmapMs)}`,
    );
  } finally {
    await lab.stop();
    await removeFolder(folder);
  }
}

const rateOf = (count: number, ms: number): string => `${Math.round((count * 1000) / ms)} endpoints/s`;

async function connectAll(port: number): Promise<void> {
  let next = 0;
  const connectInTurn = async (): Promise<void> => {
    for (let i = next++; i < ENDPOINTS; i = next++) await connectOnce(`127.2.${i >> 8}.${i & 255}`, port);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, connectInTurn));
}

function connectOnce(host: string, port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => socket.destroy());
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
  });
}
