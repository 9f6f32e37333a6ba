import type { ProtocolVersion } from '../model';
import { type Attempt, type Below, CLOSED, SILENT } from './attempt';
import type { Property } from './connack-properties';
import { numberOf, PropertyId, textOf } from './limits';
import type { OddConnect } from './odd-connects';

/** What was asked, or looked at, in an order that is the same in all fingerprints. */
export type Observation =
  | `v${3 | 4 | 5}`
  | OddConnect
  | 'properties'
  | 'property values'
  | 'assigned id'
  | 'reason string'
  | 'response information'
  | 'WebSocket header fields'
  | 'WebSocket server'
  | 'certificate name'
  | '$SYS/broker/version'
  | 'unknown protocol name'
  | 'reserved CONNECT flag'
  | 'second CONNECT';

/** The raw answers of a broker as short text; what the signs of products are matched with. */
export type Vector = Map<Observation, string>;

export const versionKey = (version: ProtocolVersion): Observation => `v${version}`;

/**
 * An answer in a few characters: the form of the CONNACK (`3` for MQTT 3.1 and 3.1.1, `5` for MQTT 5) and its
 * code in hexadecimal, or what came in its place.
 */
export function answerText(result: Attempt): string {
  switch (result.kind) {
    case 'mqtt':
      return `${result.connack.protocolVersion === 5 ? 5 : 3}:${result.connack.code.toString(16)}`;
    case 'not-mqtt':
      return result.service === CLOSED ? 'closed' : result.service === SILENT ? 'silent' : 'garbage';
    case 'no-connection':
    case 'tls-failed':
      return 'no connection';
  }
}

/** Notes what the layers below MQTT tell about the product. */
export function observeBelow(vector: Vector, { webSocket, certificateName }: Below): void {
  if (webSocket) vector.set('WebSocket header fields', webSocket.headerFields);
  if (webSocket?.server !== undefined) vector.set('WebSocket server', webSocket.server);
  if (certificateName !== undefined) vector.set('certificate name', certificateName);
}

/** Notes what comes to whom an MQTT 5 broker lets in; that there are no properties is a sign as well. */
export function observeInside(vector: Vector, properties: readonly Property[]): void {
  observeProperties(vector, properties);
  if (!vector.has('properties')) vector.set('properties', 'none');
}

/** Notes what the properties of a CONNACK tell about the product. */
export function observeProperties(vector: Vector, properties: readonly Property[]): void {
  if (properties.length > 0 && !vector.has('properties')) {
    vector.set('properties', properties.map(({ id }) => id.toString(16)).join(' '));
    vector.set('property values', valuesText(properties));
  }
  const reason = textOf(properties, PropertyId.REASON_STRING);
  if (reason !== undefined && !vector.has('reason string')) vector.set('reason string', reason);
  const response = textOf(properties, PropertyId.RESPONSE_INFORMATION);
  if (response !== undefined) vector.set('response information', response);
  const assigned = textOf(properties, PropertyId.ASSIGNED_CLIENT_ID);
  if (assigned !== undefined) vector.set('assigned id', assigned);
}

const TELLING: readonly (readonly [string, number])[] = [
  ['expiry', PropertyId.SESSION_EXPIRY],
  ['keepalive', PropertyId.SERVER_KEEP_ALIVE],
  ['receive', PropertyId.RECEIVE_MAXIMUM],
  ['alias', PropertyId.TOPIC_ALIAS_MAXIMUM],
  ['qos', PropertyId.MAXIMUM_QOS],
  ['packet', PropertyId.MAXIMUM_PACKET_SIZE],
  ['shared', PropertyId.SHARED_SUBSCRIPTIONS],
];

function valuesText(properties: readonly Property[]): string {
  return TELLING.flatMap(([name, id]) => {
    const value = numberOf(properties, id);
    return value === undefined ? [] : [`${name}=${value}`];
  }).join(' ');
}
