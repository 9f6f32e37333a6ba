import { type IConnackPacket, type Packet, parser } from 'mqtt-packet';
import { type Connack, type ProtocolVersion, printable } from '../model';
import { connackMeaning } from './answer-codes';
import type { Frame } from './frame-reader';
import { WireError } from './wire-error';

const MAX_USER_PROPERTIES = 16;
/** Two bytes is the form of MQTT 3.1.1 (§3.2.1 there), also when a 3.1.1 broker answers a CONNECT of MQTT 5. */
const V3_BODY_BYTES = 2;

/**
 * Decodes a CONNACK. `asked` is the version of our CONNECT; the answer carries the version in whose form it
 * came, which differs when the broker does not know ours.
 * @throws WireError
 */
export function decodeConnack(frame: Frame, asked: ProtocolVersion): Connack {
  const bodyBytes = frame.bytes.length - frame.bodyAt;
  if (bodyBytes < V3_BODY_BYTES || (bodyBytes > V3_BODY_BYTES && asked !== 5)) {
    throw new WireError('malformed-packet', `a CONNACK has no ${bodyBytes} bytes`);
  }
  const version: ProtocolVersion = asked === 5 && bodyBytes === V3_BODY_BYTES ? 4 : asked;
  const packet = parseOne(frame.bytes, version);
  const code = (version === 5 ? packet.reasonCode : packet.returnCode) ?? -1;
  const properties = version === 5 ? printableProperties(packet) : undefined;
  return {
    protocolVersion: version,
    code,
    meaning: connackMeaning(code, version),
    sessionPresent: packet.sessionPresent,
    ...(properties && { properties }),
  };
}

function parseOne(bytes: Buffer, protocolVersion: ProtocolVersion): IConnackPacket {
  let result: Packet | Error | undefined;
  const codec = parser({ protocolVersion });
  codec.on('packet', (packet: Packet) => {
    result = packet;
  });
  codec.on('error', (error: Error) => {
    result = error;
  });
  codec.parse(bytes);
  if (result instanceof Error) throw new WireError('malformed-packet', printable(result.message));
  if (result?.cmd !== 'connack') throw new WireError('malformed-packet', 'not a CONNACK');
  return result;
}

function printableProperties(packet: IConnackPacket): Connack['properties'] {
  const result: Record<string, string | number | boolean> = {};
  const { userProperties = {}, ...known } = packet.properties ?? {};
  for (const [name, value] of Object.entries(known)) {
    if (typeof value === 'number' || typeof value === 'boolean') result[name] = value;
    else if (typeof value === 'string') result[name] = printable(value);
  }
  for (const [name, value] of Object.entries(userProperties).slice(0, MAX_USER_PROPERTIES)) {
    result[`user:${printable(name)}`] = printable(String(value));
  }
  return Object.keys(result).length > 0 ? result : undefined;
}
