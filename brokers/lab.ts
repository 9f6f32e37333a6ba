import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { TOPICS } from '../esp32/simulated/payloads';
import { endRequested, runCommand } from './cli';
import { startEmbeddedLab } from './embedded';
import type { Lab, LabOptions } from './lab-types';
import { startMosquittoLab } from './mosquitto';
import { runRange } from './range/run-range';
import { labOptionsFrom } from './settings';

const USAGE = `Usage: npm run lab -- [--mosquitto] [--no-sensors] [--name <host or address>]...
       npm run lab -- --range

  --mosquitto     use the installed Mosquitto instead of the embedded broker
  --no-sensors    start the brokers without the simulated devices
  --name <name>   a further name or address for the server certificate
  --range         the practice range: many brokers, each with its own mistake

Environment: LAB_HOST, LAB_PLAIN_PORT, LAB_TLS_PORT, LAB_USERNAME, LAB_PASSWORD;
             LAB_RANGE_NETWORK for the range (127.0.20)
`;

runCommand(async () => {
  const { values } = parseArgs({
    options: {
      mosquitto: { type: 'boolean', default: false },
      'no-sensors': { type: 'boolean', default: false },
      name: { type: 'string', multiple: true, default: [] },
      range: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  if (values.range) {
    await runRange(process.env.LAB_RANGE_NETWORK);
    return;
  }
  const sensors = values['no-sensors'] !== true;
  const options: LabOptions = { ...labOptionsFrom(process.env), sensors, names: values.name ?? [] };
  // Asked before anything runs, so that Ctrl-C during the start ends it in order too.
  const end = endRequested();
  const lab = await (values.mosquitto ? startMosquittoLab(options) : startEmbeddedLab(options));
  process.stdout.write(welcome(lab, values.mosquitto ? 'Mosquitto' : 'embedded broker', sensors));
  await end;
  await lab.stop();
  process.stdout.write('Lab stopped.\n');
  // Signal listeners do not keep a process alive: it ends by itself, or something was left running.
});

function welcome({ insecure, secure, caPath, credentials }: Lab, make: string, sensors: boolean): string {
  const ca = relative(process.cwd(), caPath) || caPath;
  const { username, password } = credentials;
  const plain = sensors ? TOPICS.pir : 'no devices';
  const encrypted = sensors ? `${TOPICS.dht}, ${TOPICS.ldr}` : 'no devices';
  return `MQTT lab is running (${make}).

  Insecure  ${insecure.url}   anonymous, no TLS
            ${plain}
  Secure    ${secure.url}  TLS, user ${username}, password ${password}
            ${encrypted}
  CA        ${ca}

Try:  mosquitto_sub -h ${secure.host} -p ${secure.port} --cafile ${shellWord(ca)} -u ${shellWord(username)} -P ${shellWord(password)} -t 'sensors/#' -v
Stop: Ctrl-C
`;
}

/** Quotes what a shell would take apart. */
function shellWord(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
