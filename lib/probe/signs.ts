import type { Product } from '../model';
import type { Observation } from './vector';

/** One sign of one product. */
export interface Sign {
  readonly product: string;
  /** The line of versions for which it holds, where it does not hold for all. */
  readonly edition?: string;
  readonly observation: Observation;
  /** Fits the text of the observation. */
  readonly answer: RegExp;
  /**
   * How many bits a fit is worth: how much rarer this answer is among other brokers. An answer that fits none of
   * a product's signs for the same observation counts against it.
   */
  readonly weight: number;
  /** The version that was seen to answer so, or where it was read. */
  readonly source: string;
}

/** Let in, or refused as a login is: a broker answers the one or the other by its configuration. */
const LOGIN = /^3:[045]$/;
const LOGIN_OR_MQTT5 = /^5:(?:0|86|87)$/;
const CLOSED = /^closed$/;
const SILENT = /^silent$/;
const REFUSED = {
  version: /^3:1$/,
  id: /^3:2$/,
  method: /^5:8c$/,
} as const;

type Row = readonly [Observation, RegExp, number];

function signs(product: string, edition: string | undefined, source: string, rows: readonly Row[]): Sign[] {
  return rows.map(([observation, answer, weight]) => ({
    product,
    ...(edition !== undefined && { edition }),
    observation,
    answer,
    weight,
    source,
  }));
}

const MOSQUITTO: readonly Row[] = [
  ['v4', LOGIN, 0],
  ['v3', LOGIN, 0],
  ['v5', LOGIN_OR_MQTT5, 0.5],
  ['v5 unknown auth method', REFUSED.method, 1],
  ['level 0x84', LOGIN, 2],
  ['MQTT level 3', REFUSED.version, 1],
  ['no id, clean 0', REFUSED.id, 0.5],
  ['id of 1024', LOGIN, 0],
  ['assigned id', /^auto-[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}$/, 5],
  ['WebSocket header fields', /^Upgrade=WebSocket Connection Sec-WebSocket-Accept\b/, 4],
  ['unknown protocol name', CLOSED, 0],
  ['reserved CONNECT flag', CLOSED, 0],
  ['second CONNECT', CLOSED, 0],
];

/** Names of header fields in lower case and alphabetic order are Cowboy's, which Erlang's brokers are built on. */
const COWBOY: readonly Row[] = [
  ['WebSocket server', /^Cowboy$/i, 2],
  ['WebSocket header fields', /^connection date sec-websocket-accept .*upgrade=websocket/, 1],
];

/** Property identifiers in wire order, in hexadecimal; what depends on the client or on settings is optional. */
const ORDER = {
  mosquitto20: /^22(?: 12)?(?: 13)? 21$/,
  mosquitto21: /^22(?: 12)?(?: 13)? 27 21$/,
  nanomq: /^2a 29 28(?: 11)?(?: 12)? 22/,
  ejabberd: /^22 2a 11 13(?: 12)?$/,
} as const;

/** What products are known to answer. Adding a product, or another of its versions, is adding rows. */
export const SIGNS: readonly Sign[] = [
  ...signs('mosquitto', '2.0.x', 'mosquitto 2.0.11', [
    ...MOSQUITTO,
    // In the form of a version that is older than what it speaks.
    ['level 6', /^3:1$/, 2.5],
    ['properties', ORDER.mosquitto20, 4],
  ]),
  ...signs('mosquitto', '2.1.x', 'mosquitto 2.1.2', [
    ...MOSQUITTO,
    ['level 6', /^5:84$/, 2],
    ['properties', ORDER.mosquitto21, 4],
  ]),
  ...signs('aedes', undefined, 'aedes 1.2.0', [
    ['v4', LOGIN, 0],
    ['v3', LOGIN, 0],
    ['v5', REFUSED.version, 2],
    ['v5 unknown auth method', REFUSED.version, 0],
    ['level 6', CLOSED, 1],
    ['level 0x84', LOGIN, 2],
    ['MQTT level 3', LOGIN, 1.5],
    ['no id, clean 0', LOGIN, 2],
    ['id of 1024', LOGIN, 0],
    ['assigned id', /^aedes_/, 5],
    ['unknown protocol name', CLOSED, 0],
    ['reserved CONNECT flag', CLOSED, 0],
    ['second CONNECT', CLOSED, 0],
  ]),
  ...signs('mosca', undefined, 'mosca 2.8.3', [
    ['v4', LOGIN, 0],
    ['v3', LOGIN, 0],
    ['v5', SILENT, 3.5],
    ['v5 unknown auth method', SILENT, 0],
    ['level 6', SILENT, 0],
    ['level 0x84', SILENT, 0],
    ['MQTT level 3', LOGIN, 1.5],
    ['no id, clean 0', REFUSED.id, 0.5],
    ['id of 1024', LOGIN, 0],
    ['unknown protocol name', SILENT, 0],
    ['reserved CONNECT flag', LOGIN, 1],
    ['second CONNECT', SILENT, 1],
  ]),
  ...signs('RabbitMQ', 'before 3.13', 'RabbitMQ 3.10.8', [
    ['v4', /^3:0$/, 0],
    ['v4', /^3:4$/, 2],
    ['v3', LOGIN, 0],
    ['v5', CLOSED, 2],
    ['v5 unknown auth method', CLOSED, 0],
    ['level 6', CLOSED, 1],
    ['level 0x84', CLOSED, 1],
    ['MQTT level 3', CLOSED, 1],
    ['no id, clean 0', REFUSED.id, 0.5],
    ['id of 1024', LOGIN, 0],
    ['unknown protocol name', CLOSED, 0],
    ['reserved CONNECT flag', LOGIN, 1],
    ['second CONNECT', /^3:0$/, 3],
    ...COWBOY,
  ]),
  ...signs('ActiveMQ', undefined, 'ActiveMQ 5.17.2', [
    ['v4', LOGIN, 0],
    ['v3', LOGIN, 0],
    ['v5', REFUSED.version, 2],
    // The same broker answers MQTT 5 without properties by a code.
    ['v5 unknown auth method', CLOSED, 3],
    ['level 6', REFUSED.version, 1],
    ['level 0x84', REFUSED.version, 1],
    ['MQTT level 3', CLOSED, 1],
    ['no id, clean 0', REFUSED.id, 0.5],
    ['id of 1024', LOGIN, 0],
    ['unknown protocol name', CLOSED, 0],
    ['reserved CONNECT flag', LOGIN, 1],
    ['second CONNECT', CLOSED, 0],
  ]),
  // One that requires a login closes every connection without a word: nothing tells it from no broker at all.
  ...signs('NanoMQ', undefined, 'NanoMQ 0.25.3', [
    ['v4', /^3:0$/, 0],
    ['v3', /^3:0$/, 0],
    ['v5', /^5:0$/, 0.5],
    ['v5 unknown auth method', /^5:0$/, 2],
    ['level 6', CLOSED, 1],
    ['level 0x84', /^3:0$/, 2],
    ['MQTT level 3', /^3:0$/, 1.5],
    ['no id, clean 0', REFUSED.id, 0.5],
    ['id of 1024', /^3:0$/, 0],
    ['properties', ORDER.nanomq, 5],
    ['assigned id', /^nanomq-[0-9a-f]{8}$/, 6],
    ['WebSocket header fields', /^Connection Upgrade=websocket /, 3],
    ['unknown protocol name', CLOSED, 0],
    ['reserved CONNECT flag', CLOSED, 0],
    ['second CONNECT', CLOSED, 0],
  ]),
  ...signs('ejabberd', undefined, 'ejabberd 23.01', [
    ['v4', LOGIN, 0],
    ['v3', REFUSED.version, 1.5],
    ['v5', LOGIN_OR_MQTT5, 0.5],
    ['v5 unknown auth method', REFUSED.method, 1],
    ['level 6', REFUSED.version, 1],
    ['level 0x84', REFUSED.version, 1],
    ['MQTT level 3', REFUSED.version, 1],
    ['no id, clean 0', LOGIN, 2],
    ['id of 1024', REFUSED.id, 2],
    ['properties', ORDER.ejabberd, 4],
    ['assigned id', /^\d{10,}$/, 2],
    ['WebSocket header fields', /\bSec-Websocket-Protocol\b/, 4],
    ['unknown protocol name', REFUSED.version, 3],
    ['reserved CONNECT flag', CLOSED, 0],
    ['second CONNECT', CLOSED, 0],
  ]),
  ...signs('EMQX', undefined, 'source of emqx/emqx, emqx_channel.erl', [
    ['v5', LOGIN_OR_MQTT5, 0],
    ['properties', /(?=.*\b25\b)(?=.*\b27\b)(?=.*\b22\b)(?=.*\b28\b)(?=.*\b29\b)(?=.*\b2a\b)/, 4],
    ['property values', /alias=65535.* packet=1048576 shared=1/, 4],
    ...COWBOY,
  ]),
  ...signs('HiveMQ', undefined, 'source of hivemq/hivemq-community-edition', [
    ['v5', LOGIN_OR_MQTT5, 0],
    ['property values', /receive=10 alias=5.* packet=268435460/, 6],
    ['assigned id', /^hmq_[0-9A-Za-z]{5}_\d+_/, 6],
    ['reason string', /^Not authorized to connect\. Authentication failed\.?/, 6],
  ]),
  ...signs('RabbitMQ', '3.13 or later', 'source of rabbitmq/rabbitmq-server, rabbit_mqtt_processor.erl', [
    ['v5', LOGIN_OR_MQTT5, 0],
    ['properties', /(?=.*\b24\b)(?=.*\b22\b)(?=.*\b27\b)(?=.*\b2a\b)(?=.*\b11\b)/, 3],
    ['property values', /alias=16 qos=1 packet=16777216 shared=0/, 4],
    ...COWBOY,
  ]),
  ...signs('Artemis', undefined, 'source of apache/activemq-artemis, MQTTConnectionManager.java', [
    ['v5', LOGIN_OR_MQTT5, 0],
    ['property values', /keepalive=60\b.* alias=65535 packet=268435455/, 6],
  ]),
  ...signs('VerneMQ', undefined, 'source of vernemq/vernemq, vmq_mqtt5_fsm.erl', [
    ['v5', LOGIN_OR_MQTT5, 0],
    ['assigned id', /^anon-[A-Za-z0-9+/]{27}=$/, 7],
    ...COWBOY,
  ]),
  ...signs('Moquette', undefined, 'source of moquette-io/moquette, MQTTConnection.java', [
    ['v5', LOGIN_OR_MQTT5, 0],
    ['response information', /^\/reqresp\/response\//, 7],
  ]),
  // Services whose certificates name them.
  ...signs('AWS IoT Core', undefined, 'source of AWS documentation, device data endpoints', [
    ['certificate name', /^(?:\*|[a-z0-9]+(?:-ats)?)\.iot\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/, 7],
  ]),
  ...signs('Azure IoT Hub', undefined, 'source of Azure documentation, MQTT protocol', [
    ['certificate name', /^(?:\*|[a-z0-9-]+)\.azure-devices\.(?:net|cn|us)$/, 7],
  ]),
];

/** True for a sign that was read in a product's source and never seen on the wire. */
export const isSource = ({ source }: Sign): boolean => source.startsWith('source');

/** What helps to read a product's version once its name is known. */
export interface ProductNotes {
  /** It tells its version under `$SYS`. */
  readonly tellsVersion?: boolean;
  /** The observation that tells its lines of versions apart. */
  readonly editionBy?: Observation;
}

export const NOTES: ReadonlyMap<string, ProductNotes> = new Map([
  ['mosquitto', { tellsVersion: true, editionBy: 'level 6' }],
  ['EMQX', { tellsVersion: true }],
]);

/** The answer to an authentication method that a broker does not have (5.0 §4.12). */
const BAD_METHOD = '5:8c';

/**
 * True for a product that was seen to refuse an unknown authentication method for what it is, before it looks at the
 * login: such a refusal is no failed login.
 */
export function looksAtMethods({ name }: Pick<Product, 'name'>): boolean {
  return SIGNS.some(
    ({ product, observation, answer }) =>
      product === name && observation === 'v5 unknown auth method' && answer.test(BAD_METHOD),
  );
}
