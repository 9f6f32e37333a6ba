import { generate } from 'mqtt-packet';
import { MAX_TEXT_CHARS, type ProtocolVersion, printable, printablePayload } from '../model';
import type { RawConnect } from '../wire';
import {
  type ConnectOptions,
  decodeConnack,
  encodeConnect,
  type Frame,
  PacketType,
  PINGREQ,
  WireError,
} from '../wire';
import type { Conversation } from './conversation';
import { Cursor } from './cursor';
import { nameAndVersionIn, type Told, versionIn } from './told';

/** What a broker says of itself under `$SYS`. */
export interface SysVersion {
  /** The code of CONNACK; absent when none came. */
  readonly code?: number;
  readonly told?: Told;
  /** A text that names no product. */
  readonly unclear?: string;
}

/** Retained messages follow the SUBSCRIBE at once; brokers without `$SYS` cost this much. */
const LISTEN_MS = 300;
const PACKET_ID = 1;

const VERSION_TOPIC = '$SYS/broker/version';
/** mochi-mqtt tells a bare number where mosquitto tells its name, and has topics that mosquitto does not. */
const MOCHI_TOPICS: ReadonlySet<string> = new Set(['$SYS/broker/started', '$SYS/broker/system/threads']);
const EMQX_TOPIC = /^\$SYS\/brokers\/[^/]+\/version$/;
const FILTERS: readonly string[] = [VERSION_TOPIC, '$SYS/brokers/+/version', ...MOCHI_TOPICS];

/**
 * Logs in and reads the version topics.
 * @param timeoutMs wall-clock limit for CONNACK
 * @throws the signal's reason when it is aborted
 */
export async function readSysVersion(
  talk: Conversation,
  connect: ConnectOptions | RawConnect,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<SysVersion> {
  let isLetIn = false;
  try {
    talk.send('bytes' in connect ? connect.bytes : encodeConnect(connect));
    const code = connackCode(await talk.next(performance.now() + timeoutMs, signal), connect.protocolVersion);
    isLetIn = code === 0;
    if (!isLetIn) return code === undefined ? {} : { code };
    talk.send(subscribeBytes(connect.protocolVersion));
    return { code: 0, ...(await listen(talk, connect.protocolVersion, signal)) };
  } finally {
    if (isLetIn) talk.leave();
    else talk.drop();
  }
}

function connackCode(heard: Frame | string, version: ProtocolVersion): number | undefined {
  if (typeof heard === 'string' || heard.type !== PacketType.CONNACK) return undefined;
  try {
    return decodeConnack(heard, version).code;
  } catch (thrown) {
    if (thrown instanceof WireError) return undefined;
    throw thrown;
  }
}

function subscribeBytes(protocolVersion: ProtocolVersion): Buffer {
  return generate(
    {
      cmd: 'subscribe',
      messageId: PACKET_ID,
      subscriptions: FILTERS.map((topic) => ({ topic, qos: 0, nl: false, rap: true, rh: 0 })),
    },
    { protocolVersion },
  );
}

async function listen(
  talk: Conversation,
  version: ProtocolVersion,
  signal: AbortSignal,
): Promise<Pick<SysVersion, 'told' | 'unclear'>> {
  const deadline = performance.now() + LISTEN_MS;
  const texts = new Map<string, string>();
  while (performance.now() < deadline) {
    const heard = await talk.next(deadline, signal);
    if (typeof heard === 'string' || isRefusal(heard)) break;
    // Acknowledges SUBACK at once, behind which Nagle's algorithm may hold the messages back until our system would.
    if (heard.type === PacketType.SUBACK) talk.send(PINGREQ);
    const message = heard.type === PacketType.PUBLISH ? readPublish(heard, version) : undefined;
    if (message && isVersionTopic(message.topic)) texts.set(message.topic, message.text);
    const told = toldBy(texts);
    if (told) return { told };
  }
  const unclear = texts.get(VERSION_TOPIC);
  return unclear === undefined ? {} : { unclear };
}

/** A SUBACK that grants nothing; no message will come. */
function isRefusal({ type, bytes, bodyAt }: Frame): boolean {
  const codes = bytes.subarray(bodyAt).subarray(-FILTERS.length);
  return type === PacketType.SUBACK && codes.every((code) => code >= 0x80);
}

function isVersionTopic(topic: string): boolean {
  return FILTERS.includes(topic) || EMQX_TOPIC.test(topic);
}

/** Topic and payload of a QoS 0 PUBLISH (5.0 §3.3), the payload printable; undefined when it makes no sense. */
function readPublish(
  { bytes, bodyAt, flags }: Frame,
  version: ProtocolVersion,
): { readonly topic: string; readonly text: string } | undefined {
  const qos = (flags >> 1) & 3;
  if (qos !== 0) return undefined;
  const cursor = new Cursor(bytes, bodyAt);
  const topic = cursor.text()?.toString('utf8');
  const propertyBytes = version === 5 ? cursor.varint() : 0;
  if (topic === undefined || propertyBytes === undefined) return undefined;
  const payload = cursor.rest().subarray(propertyBytes);
  return { topic, text: printablePayload(payload, MAX_TEXT_CHARS).trim() };
}

function toldBy(texts: ReadonlyMap<string, string>): Told | undefined {
  for (const [topic, text] of texts) {
    const evidence = `${printable(topic)} says "${text}"`;
    const both = topic === VERSION_TOPIC ? nameAndVersionIn(text) : undefined;
    if (both) return { ...both, evidence };
    const number = versionIn(text);
    if (number === undefined) continue;
    if (EMQX_TOPIC.test(topic)) return { name: 'EMQX', version: number, evidence };
    const mochi = topic === VERSION_TOPIC && [...texts.keys()].find((other) => MOCHI_TOPICS.has(other));
    if (mochi) return { name: 'Mochi MQTT', version: number, evidence: `${evidence}, beside ${mochi}` };
  }
  return undefined;
}
