import { randomBytes } from 'node:crypto';
import { AUTH, CONNACK, ENDLESS_LENGTH, HUGE_LENGTH, packet, publish } from './packets';
import { probe, type Row } from './row';
import { answers, answersThenFills, drips, type Script } from './scripts';

const CLOSED = ['not-mqtt', 'closed'] as const;

/** Would take six seconds at a byte each 50 ms, and no pause is long enough for an idle timer. */
const LONG_CONNACK = packet(0x20, [0, 0], Buffer.alloc(120));

/** Peers that never become brokers: rows 1–6, 13, 19 and 20. */
export const BEFORE_CONNACK: readonly Row[] = [
  {
    row: 1,
    behaviour: 'accepts and says nothing',
    script: () => undefined,
    expect: ['not-mqtt'],
    evidence: /silent/,
    deadline: probe(2),
  },
  {
    row: 1,
    behaviour: 'accepts and says nothing, transport given',
    script: () => undefined,
    transport: 'tcp',
    expect: ['not-mqtt'],
    evidence: /silent/,
    deadline: probe(1),
  },
  {
    row: 2,
    behaviour: 'drips a CONNACK',
    script: drips(LONG_CONNACK, 50),
    expect: ['not-mqtt'],
    evidence: /not complete/,
    deadline: probe(2),
  },
  {
    row: 3,
    behaviour: 'announces a CONNACK of 256 MB and sends it',
    script: answersThenFills(Buffer.concat([Buffer.from([0x20]), HUGE_LENGTH])),
    expect: ['not-mqtt'],
    evidence: /announces 268435455 bytes/,
    deadline: probe(1),
  },
  {
    row: 4,
    behaviour: 'announces a PUBLISH of 256 MB in place of CONNACK',
    script: answersThenFills(Buffer.concat([Buffer.from([0x30]), HUGE_LENGTH])),
    expect: ['not-mqtt'],
    evidence: /announces 268435455 bytes/,
    deadline: probe(1),
  },
  {
    row: 5,
    behaviour: 'answers CONNECT with a length of five bytes',
    script: answers(Buffer.from([0x20]), ENDLESS_LENGTH),
    expect: ['not-mqtt'],
    evidence: /more than four bytes/,
    deadline: probe(1),
  },
  {
    row: 6,
    behaviour: 'answers CONNECT with packet type 0',
    script: answers(Buffer.from([0, 0])),
    expect: ['not-mqtt'],
    evidence: /packet type 0/,
    deadline: probe(2),
  },
  {
    row: 6,
    behaviour: 'answers CONNECT of MQTT 3.1.1 with AUTH',
    script: answers(AUTH),
    expect: ['not-mqtt'],
    evidence: /type 15 came before CONNACK/,
    deadline: probe(2),
  },
  {
    row: 6,
    behaviour: 'answers CONNECT with PUBLISH',
    script: answers(publish('a', 'b')),
    expect: ['not-mqtt'],
    evidence: /before CONNACK/,
    deadline: probe(2),
  },
  {
    row: 6,
    behaviour: 'refuses with a code that nobody knows',
    script: answers(Buffer.from([0x20, 2, 0, 99])),
    expect: ['auth-failed'],
    evidence: /unknown code 99/,
    deadline: probe(0),
  },
  {
    row: 6,
    behaviour: 'refuses the login',
    script: answers(Buffer.from([0x20, 2, 0, 5])),
    expect: ['auth-failed'],
    evidence: /not authorised/,
    deadline: probe(0),
  },
  {
    row: 13,
    behaviour: 'answers with random bytes',
    script: (socket) => socket.once('data', () => socket.end(randomBytes(300))),
    // One answer in seven thousand starts like a fatal alert.
    expect: ['not-mqtt', 'tls-error'],
    deadline: probe(2),
  },
  service('a web server', answers('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'), /"HTTP"/),
  service('an SSH server', (socket) => socket.write('SSH-2.0-OpenSSH_9.2p1\r\n'), /"SSH"/),
  service('a mail server', (socket) => socket.write('220 mail.example ESMTP\r\n'), /"SMTP or FTP"/),
  service('Redis', answers('-ERR unknown command\r\n'), /"Redis"/),
  service('AMQP', answers('AMQP\x00\x00\x09\x01'), /"AMQP"/),
  {
    row: 13,
    behaviour: 'answers with a TLS alert',
    script: answers(Buffer.from([0x15, 3, 1, 0, 2, 2, 70])),
    expect: ['tls-error'],
    evidence: /ALERT/,
    deadline: probe(1),
  },
  {
    row: 19,
    behaviour: 'resets at each byte of CONNACK',
    script: (socket, connection) =>
      socket.once('data', () => {
        const part = CONNACK.subarray(0, connection % CONNACK.length);
        if (part.length > 0) socket.write(part, () => socket.resetAndDestroy());
        else socket.resetAndDestroy();
      }),
    expect: ['not-mqtt'],
    deadline: probe(1),
  },
  {
    row: 19,
    behaviour: 'closes its half and stays',
    script: (socket) => socket.end(),
    expect: ['not-mqtt'],
    evidence: /closed without an answer/,
    deadline: probe(1),
  },
  {
    row: 19,
    behaviour: 'closes at CONNECT',
    script: (socket) => socket.once('data', () => socket.end()),
    expect: ['not-mqtt'],
    evidence: /closed without an answer/,
    deadline: probe(1),
  },
  {
    row: 19,
    behaviour: 'closes in the middle of CONNACK',
    script: (socket) => socket.once('data', () => socket.end(CONNACK.subarray(0, 2))),
    expect: ['not-mqtt'],
    deadline: probe(1),
  },
  {
    row: 19,
    behaviour: 'closes at once',
    script: (socket) => socket.destroy(),
    expect: CLOSED,
    deadline: probe(1),
  },
  {
    row: 20,
    behaviour: 'resets every connection',
    // The reset may overtake the news that the connection was accepted.
    script: (socket) => socket.resetAndDestroy(),
    expect: CLOSED,
    deadline: probe(1),
  },
  {
    row: 20,
    behaviour: 'is a tarpit that drips for ever',
    script: drips(Buffer.from('4e5f6071'.repeat(8)), 50),
    expect: ['not-mqtt'],
    deadline: probe(2),
  },
];

function service(name: string, script: Script, evidence: RegExp): Row {
  const behaviour = `answers like ${name}`;
  return { row: 13, behaviour, script, expect: ['not-mqtt'], evidence, deadline: probe(2) };
}
