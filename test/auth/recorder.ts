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
    mostOpen = Math.max(mostOpen, open);
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
    // Ended by both is over, although the event of closing comes a little later.
    let isOpen = true;
    const note = (): void => {
      if (!isOpen || !(client.destroyed || (client.readableEnded && client.writableEnded))) return;
      isOpen = false;
      open--;
    };
    client.on('end', () => {
      onward.end();
      note();
    });
    onward.on('end', note);
    client.on('close', () => {
      note();
      onward.destroy();
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
