import assert from 'node:assert/strict';
import { serviceName } from './service-name';

describe('serviceName', () => {
  const table: readonly (readonly [string, string])[] = [
    ['HTTP/1.1 400 Bad Request\r\n', 'HTTP'],
    ['SSH-2.0-OpenSSH_9.2\r\n', 'SSH'],
    ['AMQP\x00\x00\x09\x01', 'AMQP'],
    ['\x15\x03\x01\x00\x02\x02\x46', 'TLS'],
    ['220 mail ESMTP', 'SMTP or FTP'],
    ['-ERR unknown command', 'Redis'],
    ['+OK POP3 server ready', 'POP3'],
    ['* OK IMAP4rev1 ready', 'IMAP'],
    ['ERROR\nmessage:Unknown STOMP action\n', 'STOMP'],
    ['INFO {"server_id":"N"}', 'NATS'],
    ['RTSP/1.0 400 Bad Request', 'RTSP'],
    ['SIP/2.0 400 Bad Request', 'SIP'],
    ['RFB 003.008\n', 'VNC'],
    ['\x4a\x00\x00\x00\x0a8.0.36\x00', 'MySQL'],
    ['\x10\x22\x00\x04MQTT\x04', 'echo'],
    ['\x00\x01\x02', 'unknown'],
    ['', 'unknown'],
  ];
  for (const [head, expected] of table) {
    it(`names ${JSON.stringify(head)} ${expected}`, () => {
      assert.equal(serviceName(Buffer.from(head, 'latin1')), expected);
    });
  }
});
