import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { Gate } from '../../lib/net';
import { UnavailableError } from '../support/unavailable';
import { make } from '../tls-zoo/certificates';
import { inspected } from '../tls-zoo/inspected';
import { startTlsMosquitto } from '../tls-zoo/servers';
import { measured, median, print } from './measure';
import { timeOf } from './peers';

const RUNS = 7;
const LISTENERS = 256;

/** Full inspection of one mosquitto TLS listener beside the programs that people use, and of 256 listeners at once. */
export async function tls(): Promise<void> {
  try {
    const made = await make({ name: 'broker', names: ['127.0.0.1'], key: 'rsa-2048' });
    const broker = await startTlsMosquitto(made, '0.0.0.0');
    try {
      await besidePeers(broker.port);
      await manyListeners(broker.port);
    } finally {
      await broker.stop();
    }
  } catch (thrown) {
    if (!(thrown instanceof UnavailableError)) throw thrown;
    console.log(`TLS: skipped, ${thrown.message}`);
  }
}

async function besidePeers(port: number): Promise<void> {
  const counter = await countingFront(port);
  try {
    const times: number[] = [];
    for (let i = 0; i < RUNS; i++) times.push((await measured(async () => void (await inspected(port)))).ms);
    const ours = median(times);
    const { connections, cipherSuites } = await inspected(port);
    const lines = [
      `median ${ours} ms of ${RUNS} runs, ${connections} connections, ${cipherSuites.length} suites`,
    ];
    const peers: readonly (readonly [string, (at: number) => string[]])[] = [
      ['sslscan', (at) => [`127.0.0.1:${at}`]],
      ['nmap', (at) => ['-n', '-Pn', '-p', String(at), '--script', 'ssl-enum-ciphers,ssl-cert', '127.0.0.1']],
      [
        'testssl',
        (at) => ['--quiet', '--warnings', 'off', '-n', 'none', '-p', '-E', '-S', `127.0.0.1:${at}`],
      ],
    ];
    for (const [program, args] of peers) {
      const ms = await timeOf(program, args(port));
      if (ms === undefined) {
        lines.push(`${program} is not installed`);
        continue;
      }
      counter.reset();
      // Its connections are counted in a second run, which may be slower for it.
      if (program !== 'testssl') await timeOf(program, args(counter.port));
      const count = program === 'testssl' ? '' : `, ${counter.count()} connections`;
      lines.push(`${program} ${ms} ms${count}: ours takes ${(ours / ms).toFixed(3)} of its time`);
    }
    console.log(['Full TLS inspection of one mosquitto listener', ...lines].join('\n    '));
  } finally {
    counter.stop();
  }
}

/** One broker under 256 addresses, which is all one to us. */
async function manyListeners(port: number): Promise<void> {
  const gate = new Gate({ window: 500, rate: 1_000_000 });
  let suites = 0;
  const cost = await measured(async () => {
    const addresses = Array.from({ length: LISTENERS }, (_, i) => `127.3.0.${i}`);
    const how = { gate, phaseTimeoutMs: 60_000 };
    const results = await Promise.all(addresses.map((address) => inspected(port, { address, ...how })));
    suites = results.reduce((sum, { cipherSuites }) => sum + cipherSuites.length, 0);
  });
  print(`Full TLS inspection of ${LISTENERS} listeners at once, ${suites} suites found`, cost);
}

/** Passes connections on to a port, and counts them. */
async function countingFront(
  port: number,
): Promise<{ port: number; count(): number; reset(): void; stop(): void }> {
  let count = 0;
  const server = createServer((socket) => {
    count++;
    const back = connect({ host: '127.0.0.1', port });
    socket.on('error', () => back.destroy()).on('close', () => back.destroy());
    back.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.pipe(back).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    count: () => count,
    reset: () => {
      count = 0;
    },
    stop: () => server.close(),
  };
}
