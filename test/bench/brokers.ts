import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMosquitto, startMosquittoLab } from '../../brokers/mosquitto';
import { drain, FAST } from './drain';
import { measured, print } from './measure';
import { timeOf } from './peers';

/** Enough to see its pace. */
const SAMPLE = '127.2.0.0/25';
const SAMPLE_SIZE = 128;

/** 4,096 open endpoints of one mosquitto, beside a bare TCP connect to each as the limit. */
export async function brokers(): Promise<void> {
  if (!(await findMosquitto())) return console.log('Many brokers: skipped, mosquitto is not installed');
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const lab = await startMosquittoLab({
    host: '0.0.0.0',
    plainPort: 0,
    tlsPort: 0,
    directory: folder,
    sensors: false,
  });
  try {
    const { port } = lab.insecure;
    let endpoints = 0;
    const cost = await measured(async () => {
      endpoints = await drain('127.2.0.0/20', {
        ...FAST,
        ports: `${port}/tcp`,
        auth: { authorisation: false },
        tlsOptions: { depth: 'certificate' },
      });
    });
    const bare = await measured(() => connectAll(port));
    const rate = Math.round((endpoints * 1000) / cost.ms);
    // Its script subscribes, which ours does not here; it is told to listen for no longer than a moment.
    const script = ['--script', 'mqtt-subscribe', '--script-args', 'mqtt-subscribe.listen-time=100ms'];
    const nmapMs = await timeOf('nmap', ['-n', '-Pn', '-T5', '-p', `${port}`, ...script, SAMPLE]);
    const nmapRate =
      nmapMs && `nmap --script mqtt-subscribe ${Math.round((SAMPLE_SIZE * 1000) / nmapMs)} endpoints/s`;
    print(
      `Full probe of ${endpoints} open endpoints`,
      cost,
      `${rate} endpoints/s; bare TCP connects ${bare.ms} ms`,
      nmapRate || 'nmap is not installed',
    );
  } finally {
    await lab.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function connectAll(port: number): Promise<void> {
  for (let block = 0; block < 16; block++) {
    await Promise.all(Array.from({ length: 256 }, (_, i) => connectOnce(`127.2.${block}.${i}`, port)));
  }
}

function connectOnce(host: string, port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => socket.destroy());
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
  });
}
