import { randomBytes } from 'node:crypto';
import { type Deadline, type Row, tlsFailure, tlsSilence } from './row';
import { answers, answersThenFills, type Script } from './scripts';

/** TLS peers that do not shake hands: rows 21 and 22. */
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
];

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
