/**
 * A scripted broker in a process of its own that floods whoever subscribes, as fast as it is read. Argument: what to
 * send, `same`, `readings` (a thousand sensors) or `new` (a million topics, one in a hundred with 64 KB). Prints its
 * port; ends with its standard input.
 */
import type { Socket } from 'node:net';
import { publish } from '../hostile/packets';
import { broker, floodOf } from '../hostile/scripts';
import { startScripted } from '../support/scripted-server';

const LARGE = Buffer.alloc(65_536, 'x');
const TOPICS = 1000;
const NEW_TOPICS = 1_000_000;
const PER_CHUNK = 1000;

function readings(): Buffer[] {
  return [0, 1, 2, 3].map((round) =>
    Buffer.concat(
      Array.from({ length: TOPICS }, (_, i) =>
        publish(`fleet/device${i}/dht`, `{"temp_c":${20 + round}.${i % 10},"hum_pct":${40 + (i % 50)}.5}`),
      ),
    ),
  );
}

/** Ever new topics; chunks are made while they are sent, as there are too many to keep. */
function newTopics(): () => Buffer {
  let next = 0;
  return () => {
    const packets: Buffer[] = [];
    for (let i = 0; i < PER_CHUNK / 10; i++) {
      const payload = next % 100 === 0 ? LARGE : 'x';
      packets.push(publish(`new/${next++ % NEW_TOPICS}`, payload));
    }
    return Buffer.concat(packets);
  };
}

async function main(): Promise<void> {
  const kind = process.argv[2] ?? 'readings';
  const known =
    kind === 'same' ? [Buffer.concat(Array(1000).fill(publish('a/b', '{"temp_c":21.5}')))] : readings();
  const next = (socket: Socket): void => {
    let n = 0;
    floodOf(socket, kind === 'new' ? newTopics() : () => known[n++ % known.length] ?? LARGE);
  };
  const { port } = await startScripted(broker(next));
  process.stdin.on('end', () => process.exit()).resume();
  process.stdout.write(`${port}\n`);
}

void main();
