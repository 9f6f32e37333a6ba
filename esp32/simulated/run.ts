import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { dialHost } from '../../brokers/addresses';
import { endRequested, runCommand } from '../../brokers/cli';
import { DEFAULT_CREDENTIALS } from '../../brokers/open-lab';
import { labOptionsFrom } from '../../brokers/settings';
import { TOPICS } from './payloads';
import { startSensors } from './sensors';

/** Where `npm run lab:certs` leaves the CA of the containers. */
const CONTAINER_CA = join(__dirname, '..', '..', 'brokers', 'secure', 'certs', 'ca.crt');

// The devices alone, for brokers that run elsewhere: in containers, or on another machine.
runCommand(async () => {
  const { values } = parseArgs({ options: { ca: { type: 'string', default: CONTAINER_CA } } });
  const {
    host = '127.0.0.1',
    plainPort,
    tlsPort,
    credentials = DEFAULT_CREDENTIALS,
  } = labOptionsFrom(process.env);
  const ca = await readCa(values.ca ?? CONTAINER_CA);
  const dialled = dialHost(host);
  const bracketed = dialled.includes(':') ? `[${dialled}]` : dialled;
  const end = endRequested();
  const [insecureUrl, secureUrl] = [`mqtt://${bracketed}:${plainPort}`, `mqtts://${bracketed}:${tlsPort}`];
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
