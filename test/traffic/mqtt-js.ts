/** Bare MQTT.js that listens to everything and counts. Argument: port. Prints `ready`, at the end count and CPU µs. */
import { connect } from 'mqtt';

let count = 0;
let cpu = process.cpuUsage();
const client = connect(`mqtt://127.0.0.1:${process.argv[2]}`);
client.on('message', () => {
  count++;
});
client.on('connect', () =>
  client.subscribe('#', () => {
    cpu = process.cpuUsage();
    process.stdout.write('ready\n');
  }),
);
process.stdin
  .on('end', () => {
    const { user, system } = process.cpuUsage(cpu);
    process.stdout.write(`${count} ${user + system}\n`, () => process.exit());
  })
  .resume();
