import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { CONNACK } from './packets';
import { type Deadline, probe, type Row, session } from './row';
import { answers, flood, type Script } from './scripts';

const PINGS = Buffer.from('8901ff', 'hex');
const FRAGMENTS = Buffer.from('000100', 'hex');

/** WebSocket servers: row 27. Paths are tried one after the other, until one is met with silence. */
export const WEB_SOCKETS: readonly Row[] = [
  row(
    'accepts with a wrong key',
    answers(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n',
      'Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n',
    ),
    probe(2),
    /Sec-WebSocket-Accept/,
  ),
  row(
    'sends header lines without end',
    (socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\n');
        flood(socket, Buffer.from(`X-Line: ${'x'.repeat(100)}\r\n`));
      }),
    probe(2),
    /no WebSocket/,
  ),
  row('sends one header line without end', endlessLine, probe(2), /no WebSocket/),
  row('is silent', () => undefined, probe(2), /no upgrade within/),
  row(
    'redirects to a metadata service',
    answers('HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n'),
    probe(2),
    /302/,
  ),
  row('refuses and sends a body without end', endlessBody, probe(2), /no WebSocket/),
  row(
    'sends a frame of 2^63 bytes',
    upgraded((socket) => socket.write(Buffer.from('827f8000000000000000', 'hex'))),
    probe(1),
  ),
  row(
    'sends a frame of 2 MB',
    upgraded((socket) => {
      socket.write(Buffer.from('827f0000000000200000', 'hex'));
      flood(socket, Buffer.alloc(65_536));
    }),
    probe(1),
  ),
  row(
    'sends fragments without end',
    upgraded((socket) => {
      socket.write(Buffer.from('020100', 'hex'));
      flood(socket, FRAGMENTS);
    }),
    probe(1),
  ),
  row(
    'floods pings',
    upgraded((socket) => flood(socket, PINGS)),
    probe(1),
  ),
  row(
    'sends text, masked and compressed frames',
    upgraded((socket) => socket.write(Buffer.from('810568656c6c6f8281000000002ac20100', 'hex'))),
    probe(1),
  ),
  {
    row: 27,
    behaviour: 'as a WebSocket lets us in and is silent',
    script: upgraded((socket) => socket.once('data', () => socket.write(frame(CONNACK)))),
    transport: 'ws',
    expect: ['open'],
    deadline: session(3),
  },
];

function row(behaviour: string, script: Script, deadline: Deadline, evidence?: RegExp): Row {
  return {
    row: 27,
    behaviour: `as a WebSocket ${behaviour}`,
    script,
    transport: 'ws',
    expect: ['not-mqtt'],
    ...(evidence && { evidence }),
    deadline,
  };
}

/** The constant of RFC 6455 §1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

function upgraded(then: (socket: Socket) => void): Script {
  return (socket) =>
    socket.once('data', (request: Buffer) => {
      const key = /sec-websocket-key: *(\S+)/i.exec(request.toString('latin1'))?.[1] ?? '';
      const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
          `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n`,
      );
      then(socket);
    });
}

/** A short binary frame. */
function frame(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x82, payload.length]), payload]);
}

function endlessLine(socket: Socket): void {
  socket.once('data', () => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nX-Line: ');
    flood(socket, Buffer.alloc(65_536, 'x'));
  });
}

function endlessBody(socket: Socket): void {
  socket.once('data', () => {
    socket.write('HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n');
    flood(socket, Buffer.from(`1000\r\n${'x'.repeat(4096)}\r\n`));
  });
}
