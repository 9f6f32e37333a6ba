import type { StrictnessResult, StrictnessVerdict } from '../model';
import {
  type ConnectOptions,
  encodeConnect,
  isLoginRefused,
  PacketType,
  PINGREQ,
  randomClientId,
} from '../wire';
import type { Asker } from './asker';
import type { Attempt } from './attempt';
import type { Heard } from './conversation';
import type { Entrance } from './identify';
import { MALFORMED_CONNECTS } from './odd-connects';
import { answerText, type Vector } from './vector';

/**
 * Sends packets that break the protocol, each on a connection of its own, and tells what the broker makes of
 * them. Brokers have died of malformed packets, so this is for those who asked for it.
 */
export async function checkStrictness(
  asker: Asker,
  vector: Vector,
  entrance: Entrance | undefined,
): Promise<StrictnessResult> {
  const name = await asker.ask({ protocolVersion: 4, bytes: MALFORMED_CONNECTS.unknownProtocolName() });
  const flag = await asker.ask({ protocolVersion: 4, bytes: MALFORMED_CONNECTS.reservedConnectFlag() });
  vector.set('unknown protocol name', answerText(name));
  vector.set('reserved CONNECT flag', answerText(flag));
  const packetBeforeConnect = await packetFirst(asker);
  const secondConnect = entrance && (await connectTwice(asker, vector, entrance));
  return {
    unknownProtocolName: connectVerdict(name),
    reservedConnectFlag: connectVerdict(flag),
    packetBeforeConnect,
    ...(secondConnect && { secondConnect }),
  };
}

/** "Bad authentication method" (5.0 §2.4). */
const BAD_METHOD = 0x8c;

/** A refused login means that the packet itself was taken. */
function connectVerdict(result: Attempt): StrictnessVerdict {
  if (result.kind === 'mqtt') {
    const { code } = result.connack;
    return code === 0 || isLoginRefused(code) || code === BAD_METHOD ? 'accepted' : 'refused';
  }
  if (result.kind !== 'not-mqtt') return 'unreachable';
  const answer = answerText(result);
  return answer === 'silent' ? 'ignored' : answer === 'garbage' ? 'refused' : 'closed';
}

async function packetFirst(asker: Asker): Promise<StrictnessVerdict> {
  const talk = await asker.converse();
  if (!talk) return 'unreachable';
  try {
    talk.send(PINGREQ);
    const heard = await talk.next(performance.now() + asker.patienceMs, asker.context.signal);
    return verdictOf(heard, PacketType.PINGRESP);
  } finally {
    talk.drop();
  }
}

async function connectTwice(
  asker: Asker,
  vector: Vector,
  entrance: Entrance,
): Promise<StrictnessVerdict | undefined> {
  const talk = await asker.converse();
  if (!talk) return 'unreachable';
  const { signal } = asker.context;
  const connect: ConnectOptions = { ...entrance, clientId: randomClientId() };
  try {
    talk.send(encodeConnect(connect));
    const first = await talk.next(performance.now() + asker.patienceMs, signal);
    if (typeof first === 'string' || !isAcceptance(first)) return undefined;
    talk.send(encodeConnect(connect));
    const second = await talk.next(performance.now() + asker.patienceMs, signal);
    const isTaken = typeof second !== 'string' && isAcceptance(second);
    vector.set('second CONNECT', typeof second === 'string' ? second : isTaken ? '3:0' : 'refused');
    return isTaken ? 'accepted' : verdictOf(second);
  } finally {
    talk.leave();
  }
}

/** CONNACK with the code of success in its second byte (3.1.1 §3.2.2.3, 5.0 §3.2.2.2). */
function isAcceptance({ type, bytes, bodyAt }: Exclude<Heard, string>): boolean {
  return type === PacketType.CONNACK && bytes[bodyAt + 1] === 0;
}

function verdictOf(heard: Heard, success?: number): StrictnessVerdict {
  if (heard === 'silent') return 'ignored';
  if (heard === 'closed') return 'closed';
  if (heard === 'garbage') return 'refused';
  return heard.type === success ? 'accepted' : 'refused';
}
