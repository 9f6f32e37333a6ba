import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What a network may do to a connection. */
export type Fault =
  /** Passes every chunk on after so many milliseconds. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** Passes single bytes on, each in a segment of its own. */
  | { readonly kind: 'split' }
  /** Single bytes, with a pause between them. */
  | { readonly kind: 'slow'; readonly msPerByte: number }
  /** Holds what comes for so many milliseconds and passes it on in one piece. */
  | { readonly kind: 'coalesce'; readonly ms: number }
  /** Loses everything after byte n, counted over both directions, and stays open. */
  | { readonly kind: 'drop'; readonly after: number }
  /** Resets both sides after byte n, counted over both directions. */
  | { readonly kind: 'reset'; readonly after: number };

export interface FaultProxy {
  readonly port: number;
  stop(): Promise<void>;
}

/** Stands between a client and a server on this machine and does to their bytes what the fault says. */
export async function startFaultProxy(targetPort: number, fault: Fault): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect({ host: '127.0.0.1', port: targetPort, noDelay: true });
    client.setNoDelay(true);
    const faulty = new FaultyLink(client, upstream, fault);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      faulty.pass(from, to);
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** One connection of a client, and ours to the server. */
class FaultyLink {
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #fault: Fault;
  /** Bytes passed on so far, both directions together. */
  #passed = 0;

  constructor(client: Socket, upstream: Socket, fault: Fault) {
    this.#client = client;
    this.#upstream = upstream;
    this.#fault = fault;
  }

  /** Passes on everything of one direction, in order, and its end behind it. */
  pass(from: Socket, to: Socket): void {
    let last = Promise.resolve();
    const inTurn = (work: () => Promise<void> | void): void => {
      last = last.then(work).catch(() => undefined);
    };
    let held: Buffer[] = [];
    from.on('data', (chunk: Buffer) => {
      if (this.#fault.kind !== 'coalesce') return inTurn(() => this.#send(chunk, to));
      held.push(chunk);
      const { ms } = this.#fault;
      if (held.length > 1) return;
      inTurn(async () => {
        await delay(ms);
        const all = Buffer.concat(held);
        held = [];
        to.write(all);
      });
    });
    from.on('end', () => inTurn(() => void to.end()));
    // A reset of one side is one of the other.
    from.on('close', (hadError) => hadError && to.destroy());
  }

  async #send(chunk: Buffer, to: Socket): Promise<void> {
    const fault = this.#fault;
    switch (fault.kind) {
      case 'delay':
        await delay(fault.ms);
        to.write(chunk);
        return;
      case 'split':
      case 'slow':
        for (const byte of chunk) {
          if (to.destroyed) return;
          to.write(Buffer.of(byte));
          await delay(fault.kind === 'slow' ? fault.msPerByte : 0);
        }
        return;
      case 'drop':
      case 'reset':
        this.#sendUpTo(fault.after, chunk, to, fault.kind === 'reset');
        return;
      case 'coalesce':
        to.write(chunk);
    }
  }

  #sendUpTo(limit: number, chunk: Buffer, to: Socket, resets: boolean): void {
    const part = chunk.subarray(0, Math.max(0, limit - this.#passed));
    this.#passed += chunk.length;
    if (part.length > 0) to.write(part);
    if (!resets || this.#passed < limit) return;
    this.#client.resetAndDestroy();
    this.#upstream.resetAndDestroy();
  }
}
