import { connect, createServer, type Socket } from 'node:net';
import { type Listener, listen } from '../listener';

const CONNECT = 0x10;
/** CONNACK with return code 1, unacceptable protocol version (MQTT 3.1.1 §3.2.2.3). */
const WRONG_VERSION = Buffer.from([0x20, 2, 0, 1]);

/** Stands before a broker and turns clients away that speak an older version of MQTT. */
export function startVersionFront(
  host: string,
  port: number,
  behind: number,
  oldest: number,
): Promise<Listener> {
  const server = createServer((client) => {
    let seen: Buffer = Buffer.alloc(0);
    client.on('error', () => client.destroy());
    const read = (bytes: Buffer): void => {
      seen = Buffer.concat([seen, bytes]);
      const level = levelOf(seen);
      if (level === undefined) return;
      client.off('data', read);
      if (level >= oldest) join(client, seen, connect({ host, port: behind }));
      else client.end(WRONG_VERSION);
    };
    client.on('data', read);
  });
  return listen(server, host, port, 'LAB_RANGE_NETWORK');
}

/** Undefined while too little has come; 0 for what is no CONNECT. */
function levelOf(bytes: Buffer): number | undefined {
  if (bytes.length > 0 && bytes[0] !== CONNECT) return 0;
  // The remaining length has up to four bytes (§1.5.5).
  const lengthBytes = bytes.subarray(1, 5).findIndex((byte) => byte < 0x80) + 1;
  if (lengthBytes === 0) return bytes.length > 5 ? 0 : undefined;
  // Length of the name in two bytes, `MQTT`, level (MQTT 5.0 §3.1.2); MQTT 3.1 has another name.
  const name = 1 + lengthBytes;
  if (bytes[name + 1] !== undefined && bytes[name + 1] !== 4) return 0;
  return bytes[name + 6];
}

function join(client: Socket, first: Buffer, broker: Socket): void {
  broker.on('error', () => client.destroy());
  broker.on('close', () => client.destroy());
  client.on('close', () => broker.destroy());
  broker.write(first);
  client.pipe(broker).pipe(client);
}
