import { connect } from 'node:net';
import { type Packet, parser } from 'mqtt-packet';
import { startScripted } from '../support/scripted-server';
import type { RunningBroker } from './row';

/** A broker behind a recorder: whatever the client sends is passed on and kept. */
export interface Recorder {
  readonly target: string;
  /** Packets from the client, in the order in which they came. */
  readonly sent: readonly Packet[];
  /** The most connections that were open at the same time. */
  readonly mostOpen: () => number;
  stop(): Promise<void>;
}

export async function recorded(broker: RunningBroker): Promise<Recorder> {
  const { hostname, port } = new URL(broker.target);
  const sent: Packet[] = [];
  let [open, mostOpen] = [0, 0];
  const server = await startScripted((client) => {
    open++;
    // A connection that ended in the same round of the event loop is told of after the one that followed it.
    setImmediate(() => {
      mostOpen = Math.max(mostOpen, open);
    });
    const onward = connect(Number(port), hostname);
    onward.on('error', () => client.destroy());
    onward.pipe(client);
    const codec = parser();
    codec.on('packet', (packet: Packet) => sent.push(packet));
    codec.on('error', () => undefined);
    client.on('data', (bytes) => {
      onward.write(bytes);
      codec.parse(bytes);
    });
    // What the client has ended is over for it, although the broker behind may take its time to end it too.
    let isOpen = true;
    const note = (): void => {
      if (isOpen) open--;
      isOpen = false;
    };
    client.on('end', () => {
      onward.end();
      note();
    });
    client.on('close', () => {
      onward.destroy();
      note();
    });
  });
  return {
    target: `mqtt://127.0.0.1:${server.port}`,
    sent,
    mostOpen: () => mostOpen,
    stop: async () => {
      await server.stop();
      await broker.stop();
    },
  };
}
