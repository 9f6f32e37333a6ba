import type { Socket } from 'node:net';
import type { Observation } from './vector';

/**
 * Answers of brokers as they were recorded: one product in one version a column, open and with a login required.
 * Texts are those of a fingerprint; a pair is open broker and locked broker.
 */
export interface RecordedBroker {
  readonly name: string;
  readonly answers: Readonly<Partial<Record<Observation, string | readonly [string, string]>>>;
  /** The properties of its CONNACK of success for MQTT 5; `assigned` when the client identifier was empty. */
  readonly properties?: string;
  readonly propertiesAssigned?: string;
  /** What it publishes, retained, under `$SYS/broker/version`. */
  readonly version?: string;
}

const LOGIN = ['3:0', '3:5'] as const;
const LOGIN_4 = ['3:0', '3:4'] as const;
const NANOMQ = ['3:0', 'closed'] as const;
const FIVE = ['5:0', '5:87'] as const;

const hexText = (text: string): string =>
  Buffer.concat([Buffer.from([0, text.length]), Buffer.from(text)]).toString('hex');

const AUTO_ID = hexText('auto-D60723A4-EADB-990A-46B9-5B0D7A166301');
const NANOMQ_ID = hexText('nanomq-0a1b2c3d');
const EJABBERD_ID = hexText('10471946592861236514');

export const RECORDED: readonly RecordedBroker[] = [
  {
    name: 'mosquitto 2.0.11',
    answers: {
      v4: LOGIN,
      v3: LOGIN,
      v5: FIVE,
      'v5 unknown auth method': '5:8c',
      'level 6': '3:1',
      'level 0x84': LOGIN,
      'MQTT level 3': '3:1',
      'no id, clean 0': '3:2',
      'id of 1024': LOGIN,
      'unknown protocol name': 'closed',
      'reserved CONNECT flag': 'closed',
      'second CONNECT': 'closed',
    },
    properties: '22000a 210014',
    propertiesAssigned: `22000a 12${AUTO_ID} 210014`,
    version: 'mosquitto version 2.0.11',
  },
  {
    name: 'mosquitto 2.1.2',
    answers: {
      v4: LOGIN,
      v3: LOGIN,
      v5: FIVE,
      'v5 unknown auth method': '5:8c',
      'level 6': '5:84',
      'level 0x84': LOGIN,
      'MQTT level 3': '3:1',
      'no id, clean 0': '3:2',
      'id of 1024': LOGIN,
      'unknown protocol name': 'closed',
      'reserved CONNECT flag': 'closed',
      'second CONNECT': 'closed',
    },
    properties: '22000a 27001e8480 210014',
    propertiesAssigned: `22000a 12${AUTO_ID} 27001e8480 210014`,
    version: 'mosquitto version 2.1.2',
  },
  {
    name: 'aedes 1.2.0',
    answers: {
      v4: LOGIN,
      v3: LOGIN,
      v5: '3:1',
      'v5 unknown auth method': '3:1',
      'level 6': 'closed',
      'level 0x84': LOGIN,
      'MQTT level 3': LOGIN,
      'no id, clean 0': LOGIN,
      'id of 1024': LOGIN,
      'unknown protocol name': 'closed',
      'reserved CONNECT flag': 'closed',
      'second CONNECT': 'closed',
    },
  },
  {
    name: 'mosca 2.8.3',
    answers: {
      v4: LOGIN,
      v3: LOGIN,
      v5: 'silent',
      'v5 unknown auth method': 'silent',
      'level 6': 'silent',
      'level 0x84': 'silent',
      'MQTT level 3': LOGIN,
      'no id, clean 0': '3:2',
      'id of 1024': LOGIN,
      'unknown protocol name': 'silent',
      'reserved CONNECT flag': LOGIN,
      'second CONNECT': 'silent',
    },
  },
  {
    name: 'RabbitMQ 3.10.8',
    answers: {
      v4: LOGIN_4,
      v3: LOGIN_4,
      v5: 'closed',
      'v5 unknown auth method': 'closed',
      'level 6': 'closed',
      'level 0x84': 'closed',
      'MQTT level 3': 'closed',
      'no id, clean 0': '3:2',
      'id of 1024': LOGIN_4,
      'unknown protocol name': 'closed',
      'reserved CONNECT flag': LOGIN_4,
      'second CONNECT': '3:0',
    },
  },
  {
    name: 'ActiveMQ 5.17.2',
    answers: {
      v4: LOGIN,
      v3: LOGIN,
      v5: '3:1',
      'v5 unknown auth method': 'closed',
      'level 6': '3:1',
      'level 0x84': '3:1',
      'MQTT level 3': 'closed',
      'no id, clean 0': '3:2',
      'id of 1024': LOGIN,
      'unknown protocol name': 'closed',
      'reserved CONNECT flag': LOGIN,
      'second CONNECT': 'closed',
    },
  },
  {
    name: 'NanoMQ 0.25.3',
    answers: {
      v4: NANOMQ,
      v3: NANOMQ,
      v5: ['5:0', 'closed'],
      'v5 unknown auth method': ['5:0', 'closed'],
      'level 6': 'closed',
      'level 0x84': NANOMQ,
      'MQTT level 3': NANOMQ,
      'no id, clean 0': ['3:2', 'closed'],
      'id of 1024': NANOMQ,
      'unknown protocol name': 'closed',
      'reserved CONNECT flag': 'closed',
      'second CONNECT': 'closed',
    },
    properties: '2a01 2901 2801 220400 2710000000',
    propertiesAssigned: `2a01 2901 2801 12${NANOMQ_ID} 220400 2710000000`,
  },
  {
    name: 'ejabberd 23.01',
    answers: {
      v4: LOGIN,
      v3: '3:1',
      v5: FIVE,
      'v5 unknown auth method': '5:8c',
      'level 6': '3:1',
      'level 0x84': '3:1',
      'MQTT level 3': '3:1',
      'no id, clean 0': LOGIN,
      'id of 1024': '3:2',
      'unknown protocol name': '3:1',
      'reserved CONNECT flag': 'closed',
      'second CONNECT': 'closed',
    },
    properties: '220064 2a00 1100000000 13003c',
    propertiesAssigned: `220064 2a00 1100000000 13003c 12${EJABBERD_ID}`,
  },
];

export type State = 'open' | 'locked';

export function answerOf(broker: RecordedBroker, observation: Observation, state: State): string | undefined {
  const answer = broker.answers[observation];
  return typeof answer === 'string' ? answer : answer?.[state === 'open' ? 0 : 1];
}

/** A script for a server that answers as a recorded broker does. `asked` is told what each connection asked. */
export function playBroker(
  broker: RecordedBroker,
  state: State,
  asked: (observation: string) => void = () => undefined,
): (socket: Socket) => void {
  return (socket) => {
    let isConnected = false;
    socket.on('data', (bytes) => {
      const type = (bytes[0] ?? 0) >> 4;
      if (type === 8) return answerSubscribe(socket, bytes, broker.version);
      if (type !== 1) return void socket.end();
      const question = isConnected ? 'second CONNECT' : questionOf(bytes);
      asked(question);
      // The lawful empty identifier is nothing that was recorded: all take it.
      const observation = question === 'no id, clean 1' ? 'v4' : question === 'v5, no id' ? 'v5' : question;
      const answer = answerOf(broker, observation, state) ?? 'closed';
      isConnected = /:0$/.test(answer);
      const properties = question === 'v5, no id' ? broker.propertiesAssigned : broker.properties;
      reply(socket, answer, answer === '5:0' ? properties : undefined);
    });
  };
}

type Question = Observation | 'no id, clean 1' | 'v5, no id';

/** Which of the questions of a probe a CONNECT is. */
export function questionOf(connect: Buffer): Question {
  const at = (connect[1] ?? 0) < 128 ? 2 : 3;
  const nameEnd = at + 2 + connect.readUInt16BE(at);
  const name = connect.toString('latin1', at + 2, nameEnd);
  const level = connect[nameEnd];
  const flags = connect[nameEnd + 1] ?? 0;
  const propertyBytes = level === 5 ? (connect[nameEnd + 4] ?? 0) : 0;
  const idBytes = connect.readUInt16BE(nameEnd + 4 + (level === 5 ? 1 + propertyBytes : 0));
  if (name === 'MQIsdp') return 'v3';
  if (name !== 'MQTT') return 'unknown protocol name';
  if (level === 3) return 'MQTT level 3';
  if (level === 6) return 'level 6';
  if (level === 0x84) return 'level 0x84';
  if (level === 5) {
    if (connect[nameEnd + 5] === 0x15 && propertyBytes > 0) return 'v5 unknown auth method';
    return idBytes === 0 ? 'v5, no id' : 'v5';
  }
  if (flags & 1) return 'reserved CONNECT flag';
  if (idBytes === 0) return flags & 2 ? 'no id, clean 1' : 'no id, clean 0';
  return idBytes > 1000 ? 'id of 1024' : 'v4';
}

function reply(socket: Socket, answer: string, properties = ''): void {
  const [form, code = '0'] = answer.split(':');
  const reason = Number.parseInt(code, 16);
  const propertyBytes = Buffer.from(properties.replaceAll(' ', ''), 'hex');
  if (answer === 'silent') return;
  if (answer === 'closed') socket.end();
  else if (form === '3') socket.write(Buffer.from([0x20, 2, 0, reason]));
  else {
    const head = [0x20, 3 + propertyBytes.length, 0, reason, propertyBytes.length];
    socket.write(Buffer.concat([Buffer.from(head), propertyBytes]));
  }
}

function answerSubscribe(socket: Socket, subscribe: Buffer, version: string | undefined): void {
  const granted = [0, 0, 0, 0];
  const id = subscribe.readUInt16BE(2);
  socket.write(Buffer.from([0x90, 2 + granted.length, id >> 8, id & 255, ...granted]));
  if (version !== undefined) socket.write(publishBytes('$SYS/broker/version', version));
}

/** A retained PUBLISH of QoS 0 in the form of MQTT 3.1.1. */
export function publishBytes(topic: string, payload: string): Buffer {
  const length = 2 + topic.length + payload.length;
  if (length > 127) throw new Error('too long for this helper');
  return Buffer.concat([Buffer.from([0x31, length, 0, topic.length]), Buffer.from(topic + payload)]);
}
