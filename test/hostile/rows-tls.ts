import { randomBytes } from 'node:crypto';
import { handshakeRecord, serverFlight } from '../../lib/tls/testing';
import { type Deadline, type Row, tlsFailure, tlsSilence } from './row';
import { answers, answersThenFills, drips, flood, type Script } from './scripts';

/** A ServerHello, and the start of a Certificate message of 10 MB with one certificate that fills it. */
const ENDLESS_CHAIN = Buffer.concat([
  helloOf(serverFlight({ version: 0x0303, suite: 0x002f })),
  handshakeRecord(Buffer.from('0b98968098967d98967a', 'hex')),
]);
const MORE_OF_IT = handshakeRecord(Buffer.alloc(16_000, 0x30));

/** A whole flight with a certificate that is none, a record for each byte. */
const BYTE_BY_BYTE = Buffer.concat(
  [
    ...contentOf(serverFlight({ version: 0x0303, suite: 0x002f, certificates: [Buffer.alloc(2000, 0x30)] })),
  ].map((byte) => handshakeRecord(Buffer.from([byte]))),
);

/** TLS peers that do not shake hands, or not to an end: rows 21 to 24. */
export const TLS_PEERS: readonly Row[] = [
  row(21, 'is silent', () => undefined, tlsSilence, /no handshake within|ETIMEDOUT/),
  row(21, 'sends part of a record', answers(Buffer.from('160303400002000', 'hex')), tlsSilence),
  row(21, 'sends four bytes that are no record', answers('abcd'), tlsSilence),
  row(22, 'sends garbage', answers(randomBytes(512).fill(0x99, 0, 8)), tlsFailure),
  row(22, 'sends a fatal alert', answers(Buffer.from([0x15, 3, 3, 0, 2, 2, 40])), tlsFailure, /ALERT/),
  row(22, 'speaks HTTP', answers('HTTP/1.1 400 Bad Request\r\n\r\n'), tlsFailure),
  row(
    22,
    'announces a handshake message of 16 MB and sends it',
    // A ServerHello of 0xffffff bytes in a record of 16,384.
    answersThenFills(Buffer.from('160303400002ffffff', 'hex')),
    tlsFailure,
  ),
  row(
    23,
    'sends a chain of 10 MB',
    (socket) =>
      socket.once('data', () => {
        socket.write(ENDLESS_CHAIN);
        flood(socket, MORE_OF_IT);
      }),
    tlsFailure,
    /EXCESSIVE_MESSAGE_SIZE/,
  ),
  row(24, 'sends its handshake in records of one byte', answers(BYTE_BY_BYTE), tlsSilence),
  row(24, 'sends a byte of its handshake now and then', drips(BYTE_BY_BYTE, 20), tlsSilence),
];

/** The first record. */
function helloOf(flight: Buffer): Buffer {
  return flight.subarray(0, 5 + flight.readUInt16BE(3));
}

/** What is in the records of a flight. */
function contentOf(flight: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < flight.length; at += 5 + flight.readUInt16BE(at + 3)) {
    parts.push(flight.subarray(at + 5, at + 5 + flight.readUInt16BE(at + 3)));
  }
  return Buffer.concat(parts);
}

function row(number: number, behaviour: string, script: Script, deadline: Deadline, evidence?: RegExp): Row {
  return {
    row: number,
    behaviour: `as a TLS server ${behaviour}`,
    script,
    transport: 'tls',
    expect: ['tls-error'],
    ...(evidence && { evidence }),
    deadline,
  };
}
