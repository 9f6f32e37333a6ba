import type { Socket } from 'node:net';
import { generate, type IConnectPacket, type ISubscribePacket, type Packet, parser } from 'mqtt-packet';
import { startScripted } from '../support/scripted-server';
import type { RunningBroker } from './row';

/** How a broker of MQTT 5 that exists nowhere answers. */
export interface Script {
  /** The reason code of CONNACK, with the properties that come with it. */
  readonly connack: (connect: IConnectPacket, connection: number) => number;
  readonly properties?: (connect: IConnectPacket) => object;
  /** What it does once it has let somebody in; by default nothing. */
  readonly inside?: (socket: Socket, connect: IConnectPacket) => void;
  /** Reason code of SUBACK; 0 unless told. */
  readonly suback?: number;
  /** Answers CONNECT in its own way where it returns true. */
  readonly instead?: (socket: Socket, connect: IConnectPacket) => boolean;
}

export const FIVE = { protocolVersion: 5 } as const;

/** Starts a broker that speaks MQTT 5 alone. */
export async function startFive(script: Script): Promise<RunningBroker> {
  const server = await startScripted((socket, connection) => {
    const codec = parser();
    codec.on('error', () => socket.destroy());
    codec.on('packet', (packet: Packet) => {
      if (packet.cmd === 'connect') connect(socket, packet, connection, script);
      if (packet.cmd === 'subscribe') subscribe(socket, packet, script.suback ?? 0);
      if (packet.cmd === 'disconnect') socket.end();
    });
    socket.on('data', (bytes) => codec.parse(bytes));
  });
  return { target: `mqtt://127.0.0.1:${server.port}`, stop: server.stop };
}

function connect(socket: Socket, packet: IConnectPacket, connection: number, script: Script): void {
  if (script.instead?.(socket, packet)) return;
  if (packet.protocolVersion !== 5) return void socket.end(Buffer.from([0x20, 2, 0, 1]));
  const reasonCode = script.connack(packet, connection);
  const properties = script.properties?.(packet) ?? {};
  socket.write(generate({ cmd: 'connack', reasonCode, sessionPresent: false, properties }, FIVE));
  if (reasonCode === 0) script.inside?.(socket, packet);
  else socket.end();
}

function subscribe(socket: Socket, packet: ISubscribePacket, code: number): void {
  const granted = packet.subscriptions.map(() => code);
  socket.write(generate({ cmd: 'suback', messageId: packet.messageId ?? 0, granted }, FIVE));
}

/** DISCONNECT from the server, which MQTT 5 has. */
export function disconnect(reasonCode: number, reasonString?: string): Buffer {
  const properties = reasonString === undefined ? {} : { properties: { reasonString } };
  return generate({ cmd: 'disconnect', reasonCode, ...properties }, FIVE);
}

/** AUTH that goes on with a method (5.0 §3.15.2.1). */
export function continued(authenticationMethod: string): Buffer {
  return generate({ cmd: 'auth', reasonCode: 0x18, properties: { authenticationMethod } }, FIVE);
}
