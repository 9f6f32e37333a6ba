import { costOf } from './compiled';
import { FAST } from './drain';
import { print } from './measure';
import { timeOf } from './peers';

const TARGETS = '127.1.0.0/16';
const PORTS = '1,2';
const NMAP = ['-n', '-Pn', '-sT', '-T5', '--min-rate', '20000', '--max-retries', '0', '-p', PORTS, TARGETS];

/** 131,072 ports behind which nothing listens, beside nmap on the same ones. */
export async function sweep(): Promise<void> {
  const cost = await costOf({ targets: TARGETS, options: { ...FAST, ports: PORTS } });
  const peerMs = await timeOf('nmap', NMAP);
  const ratio = peerMs && `nmap ${peerMs} ms, ${(cost.ms / peerMs).toFixed(2)} times its time`;
  print(`Discovery, ${TARGETS} on two ports, nothing listening`, cost, ratio || 'nmap is not installed');
}
