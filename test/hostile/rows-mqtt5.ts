import {
  AUTH,
  AUTH_V5,
  CONNACK,
  CONNACK_V5,
  connackV5,
  packet,
  publishV5,
  topicAlias,
  utf8,
  WRONG_VERSION,
} from './packets';
import { type Deadline, probe, type Row, session } from './row';
import { brokerV5, floods, levelOf, onPackets, type Script, sends } from './scripts';

/** MQTT 5 only, so that sessions run on it: rows 7, 8, 9, 14 and 15. */
export const MQTT5: readonly Row[] = [
  open(7, 'uses a Topic Alias that nobody announced', inSession(publishV5('', topicAlias(1))), /"reason":"/),
  open(
    7,
    'sets a Topic Alias although we allow none',
    inSession(publishV5('a', topicAlias(1))),
    /"reason":"/,
  ),
  open(7, 'sets Topic Alias 0', inSession(publishV5('a', topicAlias(0))), /"reason":"/),
  open(7, 'sets Topic Alias 65535', inSession(publishV5('a', topicAlias(65_535))), /"reason":"/),
  open(8, 'sends AUTH unasked', inSession(AUTH), /"reason":"packet type 15/),
  open(8, 'sends AUTH that goes on', inSession(AUTH_V5), /"reason":"packet type 15/),
  {
    row: 8,
    behaviour: 'answers CONNECT of MQTT 5 with AUTH',
    script: answersV5(AUTH_V5),
    expect: ['auth-failed'],
    evidence: /unacceptable protocol version/,
    deadline: probe(0),
  },
  open(9, 'floods CONNACK in MQTT 5', brokerV5(floods(CONNACK_V5)), /"reason":"packet type 2/),
  open(14, 'leaves the properties of CONNACK out', answersV5(CONNACK)),
  {
    row: 14,
    behaviour: 'announces more properties in CONNACK than there are',
    script: answersV5(Buffer.from([0x20, 3, 0, 0, 0x7f])),
    expect: ['auth-failed', 'open'],
    deadline: session(),
  },
  {
    row: 14,
    behaviour: 'names an unknown property in CONNACK',
    script: answersV5(connackV5([0x7e, 1, 2])),
    expect: ['auth-failed'],
    deadline: session(),
  },
  open(14, 'leaves the properties of PUBLISH out', inSession(publishV5('a', [], ''))),
  open(
    14,
    'announces more properties in PUBLISH than there are',
    inSession(publishV5('a', [0xff, 0x7f])),
    /"reason":"/,
  ),
  open(
    14,
    'writes an endless property length',
    inSession(publishV5('a', [255, 255, 255, 255, 255])),
    /"reason":"/,
  ),
  open(15, 'takes packets of one byte at most', connacks([0x27, 0, 0, 0, 1])),
  open(15, 'wants a sign of life each second', connacks([0x13, 0, 1]), /"endedBy":"time"/),
  open(15, 'receives one message at a time', connacks([0x21, 0, 1]), /"endedBy":"time"/),
  open(15, 'grants no wildcard and no QoS', connacks([0x28, 0, 0x24, 0])),
  {
    row: 15,
    behaviour: 'assigns a client identifier of 64 KB',
    script: answersV5(connackV5(Buffer.concat([Buffer.from([0x12]), utf8('x'.repeat(65_000))]))),
    expect: ['auth-failed'],
    deadline: probe(0),
  },
  open(15, 'disconnects with another server', inSession(packet(0xe0, [0x9d, 3, 0x1c, 0, 0]))),
];

function open(row: number, behaviour: string, script: Script, evidence?: RegExp): Row {
  const deadline: Deadline = session();
  return { row, behaviour, script, expect: ['open'], ...(evidence && { evidence }), deadline };
}

function inSession(...packets: readonly Buffer[]): Script {
  return brokerV5(sends(...packets));
}

function connacks(properties: readonly number[]): Script {
  return brokerV5(() => undefined, { connack: connackV5(properties) });
}

/** Refuses other versions, and answers MQTT 5 with these bytes. */
function answersV5(bytes: Buffer): Script {
  return (socket) =>
    onPackets(socket, (received) => {
      if (received.type === 1) socket.write(levelOf(received) === 5 ? bytes : WRONG_VERSION);
    });
}
