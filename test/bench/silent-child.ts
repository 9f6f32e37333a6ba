import { runCommand } from '../../brokers/cli';
import { drain, FAST } from './drain';
import { measured } from './measure';

/** Scans what the command line names and prints what it cost: for benchmarks in a process of their own. */
runCommand(async () => {
  const [targets = '', ports = '', window = ''] = process.argv.slice(2);
  const cost = await measured(async () => {
    await drain(targets, { ...FAST, ports, window: Number(window) });
  });
  console.log(JSON.stringify(cost));
});
