import type { Socket } from 'node:net';
import { CONNACK, CONNACK_V5, PINGRESP, WRONG_VERSION } from './packets';

/** What a server does with one connection. `connection` counts from 0. */
export type Script = (socket: Socket, connection: number) => void;

/** One packet of the client, whole. */
export interface Received {
  readonly type: number;
  readonly bytes: Buffer;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: packets start with control characters
const CONNECT = /^\x10.{1,4}\x00[\x04\x06]MQ/s;

/** Hands over every packet of an MQTT client. A TLS client, who comes when TCP did not work out, gets no answer. */
export function onPackets(socket: Socket, receive: (packet: Received) => void): void {
  let pending: Buffer = Buffer.alloc(0);
  let isClient = false;
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (let size = packetSize(pending); size > 0 && size <= pending.length; size = packetSize(pending)) {
      const bytes = pending.subarray(0, size);
      isClient ||= CONNECT.test(bytes.toString('latin1'));
      if (!isClient) return void socket.removeAllListeners('data').resume();
      pending = pending.subarray(size);
      receive({ type: (bytes[0] ?? 0) >> 4, bytes });
    }
  });
}

/** 0 while the header is not there. */
function packetSize(bytes: Buffer): number {
  let length = 0;
  for (let i = 1; i < Math.min(bytes.length, 5); i++) {
    const byte = bytes[i] ?? 0;
    length += (byte & 127) * 128 ** (i - 1);
    if (byte < 128) return i + 1 + length;
  }
  return 0;
}

/** The protocol level of a CONNECT: behind its protocol name. */
export function levelOf({ bytes }: Received): number {
  return bytes[4 + bytes.readUInt16BE(2)] ?? 0;
}

/** Answers whatever comes first. */
export function answers(...parts: readonly (Buffer | string)[]): Script {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return (socket) => socket.once('data', () => socket.write(bytes));
}

/** Answers whatever comes first, and then fills the connection with zeros as fast as it takes them. */
export function answersThenFills(bytes: Buffer): Script {
  return (socket) =>
    socket.once('data', () => {
      socket.write(bytes);
      flood(socket, ZEROS);
    });
}

const ZEROS = Buffer.alloc(65_536);

/** Sends byte by byte, from the first moment on; when the bytes are through, from the start again. */
export function drips(bytes: Buffer, everyMs: number): Script {
  return (socket) => {
    let at = 0;
    const timer = setInterval(() => {
      socket.write(bytes.subarray(at, at + 1));
      at = (at + 1) % bytes.length;
    }, everyMs);
    socket.on('close', () => clearInterval(timer));
  };
}

/** Writes as fast as the peer reads, until it goes away. */
export function flood(socket: Socket, packet: Buffer): void {
  const chunk = filledWith(packet);
  floodOf(socket, () => chunk);
}

const filled = new WeakMap<Buffer, Buffer>();

/** 64 KB of a packet, made once: it takes time, and two hundred connections want it at the same moment. */
function filledWith(packet: Buffer): Buffer {
  const known = filled.get(packet);
  if (known) return known;
  const chunk = Buffer.concat(new Array<Buffer>(Math.ceil(65_536 / packet.length)).fill(packet));
  filled.set(packet, chunk);
  return chunk;
}

/** The same with a new chunk each time. */
export function floodOf(socket: Socket, next: () => Buffer): void {
  // One chunk at a time: two hundred connections share this process, and none may starve the others' CONNACK.
  const write = (): void => {
    if (!socket.destroyed && socket.writable && socket.write(next())) setImmediate(write);
  };
  socket.on('drain', write);
  write();
}

export interface BrokerManners {
  /** The only protocol levels that are let in; others are refused with code 1. */
  readonly levels?: readonly number[];
  readonly connack?: Buffer;
  /** Answers SUBSCRIBE; `undefined` sends nothing. */
  readonly suback?: (subscribe: Received, level: number) => Buffer | undefined;
  /** Answers every other packet. */
  readonly others?: (packet: Received, socket: Socket) => void;
  /** Waits for SUBSCRIBE; otherwise it begins once it has let the client in. */
  readonly onSubscribe?: boolean;
}

/** A broker that lets clients in and then does its mischief. */
export function broker(mischief: (socket: Socket) => void, manners: BrokerManners = {}): Script {
  return (socket) => {
    let level = 0;
    let isDone = false;
    const begin = (): void => {
      if (!isDone) mischief(socket);
      isDone = true;
    };
    onPackets(socket, (packet) => {
      if (packet.type === 1) {
        level = levelOf(packet);
        if (manners.levels && !manners.levels.includes(level)) return void socket.end(WRONG_VERSION);
        socket.write(manners.connack ?? (level === 5 ? CONNACK_V5 : CONNACK));
        if (!manners.onSubscribe) begin();
      } else if (packet.type === 8) {
        const answer = (manners.suback ?? suback)(packet, level);
        if (answer) socket.write(answer);
        if (manners.onSubscribe) begin();
      } else if (packet.type === 12) socket.write(PINGRESP);
      else manners.others?.(packet, socket);
    });
  };
}

/** A broker of MQTT 5 only, so that sessions run on MQTT 5. */
export function brokerV5(mischief: (socket: Socket) => void, manners: BrokerManners = {}): Script {
  return broker(mischief, { levels: [5], ...manners });
}

/** A SUBACK for one filter. */
export function suback({ bytes }: Received, level: number, code = 0, idOffset = 0): Buffer {
  const id = (bytes.readUInt16BE(2) + idOffset) & 0xffff;
  const properties = level === 5 ? [0] : [];
  return Buffer.from([0x90, 3 + properties.length, id >> 8, id & 255, ...properties, code]);
}

/** Once connected, sends these packets. */
export function sends(...packets: readonly Buffer[]): (socket: Socket) => void {
  const bytes = Buffer.concat(packets);
  return (socket) => socket.write(bytes);
}

/** Once connected, sends this packet without end. */
export function floods(packet: Buffer): (socket: Socket) => void {
  return (socket) => flood(socket, packet);
}
