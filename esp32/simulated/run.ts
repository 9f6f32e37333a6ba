import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { dialHost } from '../../brokers/addresses';
import { endRequested, runCommand } from '../../brokers/cli';
import { DEFAULT_CREDENTIALS } from '../../brokers/open-lab';
import { labOptionsFrom } from '../../brokers/settings';
import { parseFaults } from './fleet/faults';
import { runFleet } from './fleet/run-fleet';
import { TOPICS } from './payloads';
import { startSensors } from './sensors';

const USAGE = `Usage: npm run lab:sensors -- [--ca <file>]
       npm run lab:sensors -- --fleet <devices> [--seed <number>] [--interval <seconds>]
                              [--faults drop-out,stuck,garbage] [--fault-share <0 to 1>]

  --ca <file>    the CA that vouches for the secure broker
  --fleet <n>    instead of the three sensors, n devices of many makes, on the broker without TLS
  --seed         same seed, same fleet and same readings (1)
  --interval     seconds between two readings of a device (10)
  --faults       devices that are gone now and then, stuck on a value, or send garbage
  --fault-share  share of the devices that have a fault (0.1)

Environment: LAB_HOST, LAB_PLAIN_PORT, LAB_TLS_PORT, LAB_USERNAME, LAB_PASSWORD
`;

/** Where `npm run lab:certs` leaves the CA of the containers. */
const CONTAINER_CA = join(__dirname, '..', '..', 'brokers', 'secure', 'certs', 'ca.crt');

// The devices alone, for brokers that run elsewhere: in containers, or on another machine.
runCommand(async () => {
  const { values } = parseArgs({
    options: {
      ca: { type: 'string', default: CONTAINER_CA },
      fleet: { type: 'string' },
      seed: { type: 'string', default: '1' },
      interval: { type: 'string', default: '10' },
      faults: { type: 'string', default: '' },
      'fault-share': { type: 'string', default: '0.1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  if (values.fleet !== undefined) {
    await runFleet({
      url: plainUrl(),
      size: whole('--fleet', values.fleet, 1, 5000),
      seed: whole('--seed', values.seed ?? '', 0, 2 ** 31 - 1),
      intervalMs: 1000 * whole('--interval', values.interval ?? '', 1, 3600),
      faults: { faults: parseFaults(values.faults ?? ''), share: share(values['fault-share'] ?? '') },
    });
    return;
  }
  const {
    host = '127.0.0.1',
    plainPort,
    tlsPort,
    credentials = DEFAULT_CREDENTIALS,
  } = labOptionsFrom(process.env);
  const ca = await readCa(values.ca ?? CONTAINER_CA);
  const end = endRequested();
  const insecureUrl = `mqtt://${bracketed(host)}:${plainPort}`;
  const secureUrl = `mqtts://${bracketed(host)}:${tlsPort}`;
  const sensors = startSensors({
    insecureUrl,
    secureUrl,
    ca,
    credentials,
    onTrouble: (url, reason) => process.stderr.write(`${url}: ${reason}; trying again\n`),
  });
  process.stdout.write(`Simulated devices publish every 3 s:
  ${insecureUrl}   ${TOPICS.pir}
  ${secureUrl}  ${TOPICS.dht}, ${TOPICS.ldr}
Stop: Ctrl-C
`);
  await end;
  await sensors.stop();
});

async function readCa(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    throw new Error(
      `The CA certificate ${relative(process.cwd(), path)} cannot be read. Run npm run lab:certs, or name another with --ca.`,
    );
  }
}

function plainUrl(): string {
  const { host = '127.0.0.1', plainPort } = labOptionsFrom(process.env);
  return `mqtt://${bracketed(host)}:${plainPort}`;
}

function bracketed(host: string): string {
  const dialled = dialHost(host);
  return dialled.includes(':') ? `[${dialled}]` : dialled;
}

function whole(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new Error(`${option} is "${text}"; it must be a whole number from ${least} to ${most}.`);
}

function share(text: string): number {
  const value = Number(text);
  if (/^[\d.]+$/.test(text) && value >= 0 && value <= 1) return value;
  throw new Error(`--fault-share is "${text}"; it must be a number from 0 to 1.`);
}
