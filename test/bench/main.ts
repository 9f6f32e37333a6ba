import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../brokers/cli';
import { startEmbeddedLab } from '../../brokers/embedded';
import { findMosquitto, startMosquittoLab } from '../../brokers/mosquitto';
import { type ScanOptions, scan } from '../../lib';
import { type Cost, measured, median } from './measure';
import { timeOf } from './peers';

/** As fast as it goes: politeness is not what is measured. */
const FAST: ScanOptions = { window: 1000, rate: 1_000_000, listen: false };

async function drain(targets: string | string[], options: ScanOptions): Promise<number> {
  let count = 0;
  for await (const _ of scan(targets, options)) count++;
  return count;
}

function print(what: string, { ms, peakRssMb, loopDelayP99Ms }: Cost, peer = ''): void {
  const cost = `${ms} ms, RSS ${peakRssMb} MB, loop delay p99 ${loopDelayP99Ms} ms`;
  console.log(`${what}\n    ${cost}${peer && `\n    ${peer}`}`);
}

/** 131,072 ports behind which nothing listens, beside nmap on the same ones. */
async function nothingListens(): Promise<void> {
  const cost = await measured(async () => {
    await drain('127.1.0.0/16', { ...FAST, ports: '1, 2' });
  });
  const nmap = [
    '-n',
    '-Pn',
    '-sT',
    '-T5',
    '--min-rate',
    '20000',
    '--max-retries',
    '0',
    '-p',
    '1,2',
    '127.1.0.0/16',
  ];
  const peerMs = await timeOf('nmap', nmap);
  const ratio = peerMs && `nmap ${peerMs} ms, ${(cost.ms / peerMs).toFixed(2)} times its time`;
  print('Discovery, 127.1.0.0/16 on two ports, nothing listening', cost, ratio || 'nmap is not installed');
}

/** 4,096 open endpoints of one mosquitto, beside a bare TCP connect to each as the limit. */
async function manyBrokers(): Promise<void> {
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
    print(
      `Full probe of ${endpoints} open endpoints`,
      cost,
      `${rate} endpoints/s; bare TCP connects ${bare.ms} ms`,
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

/** Everything but listening, on the lab's two brokers. */
async function labAudit(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  const lab = await startEmbeddedLab({ plainPort: 0, tlsPort: 0, directory: folder });
  try {
    const targets = [`127.0.0.1:${lab.insecure.port}`, `127.0.0.1:${lab.secure.port}`];
    const options = { listen: false, tls: { ca: lab.ca }, credentials: lab.credentials } as const;
    const times: number[] = [];
    for (let i = 0; i < 15; i++) {
      times.push((await measured(async () => void (await drain(targets, options)))).ms);
    }
    console.log(`Audit of the lab without listening\n    median ${median(times)} ms of ${times.length} runs`);
  } finally {
    await lab.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

runCommand(async () => {
  await labAudit();
  await manyBrokers();
  await nothingListens();
});
