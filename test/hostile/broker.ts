/**
 * The hostile side, in a process of its own: its flooding must not hold the scanner up. Serves every behaviour
 * on a port of its own, prints the ports as one line of JSON, and ends with its standard input.
 */
import { startScripted } from '../support/scripted-server';
import { BEHAVIOURS } from './behaviours';

async function serve(): Promise<void> {
  const ports: Record<string, number> = {};
  for (const [name, { script }] of BEHAVIOURS) {
    // 0.0.0.0 answers on all of 127.0.0.0/8: two hundred targets, one server.
    ports[name] = (await startScripted(script, '0.0.0.0')).port;
  }
  process.stdout.write(`${JSON.stringify(ports)}\n`);
  process.stdin.resume().on('end', () => process.exit());
}

void serve();
