/**
 * Publishes as fast as a broker takes it, in a process of its own. Arguments: port, number of messages; a line on
 * standard input starts it. Prints `ready`, and `done` when all are handed over.
 */
import { connect } from 'node:net';
import { encodeConnect } from '../../lib/wire';
import { publish } from '../hostile/packets';

const TOPICS = 1000;
const [port = '0', count = '0'] = process.argv.slice(2);
const chunk = Buffer.concat(
  Array.from({ length: TOPICS }, (_, i) =>
    publish(`fleet/device${i}/dht`, `{"temp_c":2${i % 10}.5,"hum_pct":${40 + (i % 50)}}`),
  ),
);
const socket = connect({ host: '127.0.0.1', port: Number(port) });
socket.write(encodeConnect({ protocolVersion: 4, clientId: 'flooder' }));
socket.once('data', () => process.stdout.write('ready\n'));
process.stdin.once('data', () => {
  let left = Math.ceil(Number(count) / TOPICS);
  const write = (): void => {
    while (left > 0) {
      left--;
      if (!socket.write(chunk)) return;
    }
    socket.off('drain', write);
    socket.end(Buffer.from([0xe0, 0]), () => process.stdout.write('done\n'));
  };
  socket.on('drain', write);
  write();
});
process.stdin.on('end', () => process.exit()).resume();
