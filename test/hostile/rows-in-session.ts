import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { AUTH, CONNACK, ENDLESS_LENGTH, HUGE_LENGTH, packet, publish } from './packets';
import { type Deadline, type Row, session } from './row';
import { broker, floodOf, floods, type Received, type Script, sends, suback } from './scripts';

const ON_SUBSCRIBE = { onSubscribe: true };
const TEN_KB = 10_240;
const QOS2 = publish('a', Buffer.alloc(2 + TEN_KB), 4);

/** What the scan says when it has taken the connection down for a breach of the protocol. */
const brokenOff = (why: string): RegExp => new RegExp(`"endedBy":"disconnected".*"reason":"[^"]*${why}`);

/** Brokers that let us in and then misbehave, in MQTT 3.1.1: rows 4–6, 9–12, 16–19, 25 and 28. */
export const IN_SESSION: readonly Row[] = [
  row(
    4,
    'sends a PUBLISH of 256 MB',
    broker((socket) => {
      socket.write(Buffer.concat([Buffer.from([0x30]), HUGE_LENGTH]));
      floods(Buffer.alloc(65_536))(socket);
    }),
    /"dropped":[1-9]/,
  ),
  row(
    5,
    'sends a length of five bytes',
    broker(sends(Buffer.from([0x30]), ENDLESS_LENGTH)),
    brokenOff('four bytes'),
  ),
  row(6, 'sends packet type 0', broker(sends(Buffer.from([0, 0]))), brokenOff('packet type 0')),
  row(6, 'sends AUTH in MQTT 3.1.1', broker(sends(AUTH)), brokenOff('packet type 15')),
  row(6, 'sends random bytes', broker(sends(Buffer.from('93a1b2c3d4e5f60708', 'hex')))),
  row(6, 'sends QoS 3', broker(sends(publish('a', 'b', 6))), brokenOff('malformed')),
  row(
    6,
    'sends a topic longer than its packet',
    broker(sends(Buffer.from([0x30, 3, 255, 255, 65]))),
    brokenOff('malformed'),
  ),
  row(9, 'floods CONNACK', broker(floods(CONNACK)), brokenOff('packet type 2')),
  row(
    10,
    'sends QoS 2 without PUBREL',
    broker((socket) => {
      let id = 0;
      floodOf(socket, () => {
        id = (id % 65_000) + 1;
        const bytes = Buffer.from(QOS2);
        bytes.writeUInt16BE(id, QOS2.length - TEN_KB - 2);
        return bytes;
      });
    }),
    /"messages":0,.*"dropped":[1-9]/,
  ),
  row(
    11,
    'sends a topic that is no UTF-8',
    broker(sends(publish(Buffer.from([0x61, 0xff, 0xfe]), 'x')), ON_SUBSCRIBE),
    /"topic":"a\ufffd\ufffd"/,
  ),
  row(
    12,
    'sends topics with wildcards, NUL and nothing in them',
    broker(
      sends(publish('a/+/#', 'x'), publish('a\0b', 'x'), publish('', 'x'), publish('../../x', 'x')),
      ON_SUBSCRIBE,
    ),
    /"a\/\+\/#".*"a\\\\u\{0\}b"/,
  ),
  row(
    16,
    'sends acknowledgements that nobody waits for',
    broker(
      sends(...['40020001', '50020001', '62020001', '70020001', '9003000100', 'b0020001'].map(hex)),
      ON_SUBSCRIBE,
    ),
    /"endedBy":"time"/,
  ),
  row(
    16,
    'floods PUBREL and reads nothing',
    broker((socket) => {
      socket.pause();
      floods(hex('62020001'))(socket);
    }),
    undefined,
    // It reads no DISCONNECT and no SUBSCRIBE either.
    session(2),
  ),
  row(16, 'floods SUBACK', broker(floods(hex('9003000100'))), /"messages":0/, session(2)),
  row(16, 'floods PINGRESP', broker(floods(hex('d000'))), /"messages":0/),
  row(
    17,
    'never answers SUBSCRIBE',
    brokerWith(() => undefined),
    NOT_GRANTED(),
    session(3),
  ),
  row(
    17,
    'refuses SUBSCRIBE',
    brokerWith((subscribe, level) => suback(subscribe, level, 0x80)),
    /"granted":false,"code":128.*"endedBy":"refused"/,
  ),
  row(
    17,
    'answers SUBSCRIBE with another identifier',
    brokerWith((subscribe, level) => suback(subscribe, level, 0, 7)),
    NOT_GRANTED(),
    session(3),
  ),
  row(18, 'floods one topic', broker(floods(publish('a/b', '{"temp_c":21.5}'))), /"messages":[1-9]/),
  row(18, 'floods ever new topics', broker(floodsTopics(12)), /"messages":/),
  row(18, 'floods topics of 64 KB', broker(floodsTopics(65_000)), /"messages":[1-9]/),
  row(
    19,
    'resets once it let us in',
    broker((socket) => setImmediate(() => socket.resetAndDestroy())),
  ),
  row(
    19,
    'closes once it let us in',
    broker((socket) => socket.end()),
  ),
  row(
    19,
    'lets us in and is silent',
    broker(() => undefined),
    /"endedBy":"time"/,
  ),
  row(
    25,
    'sends payloads that grow',
    broker(sends(...bombs().map((bomb, i) => publish(`bomb/${i}`, bomb))), ON_SUBSCRIBE),
    /bomb\/0.*bomb\/10/,
  ),
  {
    row: 28,
    behaviour: 'says yes to everything',
    script: broker(() => undefined, {
      suback: (subscribe, level) => suback(subscribe, level, 2),
      others: ({ type, bytes }, socket) => void (type === 3 && socket.write(bytes)),
    }),
    auth: { defaultCredentials: true, writeTest: true },
    expect: ['open'],
    evidence: /a random login was answered with: accepted/,
    deadline: session(2),
  },
];

function row(
  number: number,
  behaviour: string,
  script: Script,
  evidence?: RegExp,
  deadline: Deadline = session(),
): Row {
  return { row: number, behaviour, script, expect: ['open'], ...(evidence && { evidence }), deadline };
}

function NOT_GRANTED(): RegExp {
  return /"filters":\[\{"filter":"[^"]+","granted":false\},\{"filter":"[^"]+","granted":false\}\]/;
}

function hex(text: string): Buffer {
  return Buffer.from(text, 'hex');
}

function brokerWith(answer: (subscribe: Received, level: number) => Buffer | undefined): Script {
  return broker(() => undefined, { suback: answer });
}

/** Sends ever new topics of this length; made once, for the same reason as all floods. */
function floodsTopics(length: number): (socket: Socket) => void {
  const perChunk = Math.ceil(65_536 / (length + 4));
  const chunks = Array.from({ length: Math.ceil(3000 / perChunk) }, (_, chunk) =>
    Buffer.concat(
      Array.from({ length: perChunk }, (_, i) => publish(`t/${chunk}/${i}/`.padEnd(length, 'x'), 'x')),
    ),
  );
  return (socket) => {
    let n = 0;
    floodOf(socket, () => chunks[n++ % chunks.length] ?? Buffer.alloc(0));
  };
}

/** Small to send, large or endless to whoever takes them for what they say they are. */
function bombs(): Buffer[] {
  const keys = Array.from({ length: 20_000 }, (_, i) => `"k${i}":1`);
  return [
    gzipSync(Buffer.alloc(50_000_000)),
    Buffer.from('['.repeat(100_000)),
    Buffer.from('{"a":'.repeat(2000)),
    Buffer.from(`{"temp_c":${'9'.repeat(4000)}}`),
    Buffer.from('{"temp_c":1e999,"hum_pct":-1e-999}'),
    Buffer.from('{"temp_c":20,"temp_c":"x","temp_c":{"temp_c":21}}'),
    Buffer.from('{"__proto__":{"temp_c":20,"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
    Buffer.from(`{${keys.join(',')}}`),
    // Protobuf: a field of length 127 inside itself, again and again. CBOR: arrays without end.
    Buffer.from('0a7f'.repeat(5000), 'hex'),
    Buffer.from('9f'.repeat(10_000), 'hex'),
    // JPEG of 65535 × 65535.
    Buffer.from('ffd8ffc0001108ffffffff03011100021101031101', 'hex'),
    Buffer.from(`${' '.repeat(50_000)}x`),
    packet(0x30, 'a packet inside a packet'),
  ];
}
