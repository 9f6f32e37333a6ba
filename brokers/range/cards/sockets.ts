import type { RangeCard } from '../card';
import { RANGE_LOGIN, SENSOR_MESSAGES } from './messages';

/** MQTT over WebSocket: the way in that is forgotten when port 1883 is closed. */
export const SOCKET_CARDS: readonly RangeCard[] = [
  {
    id: 'web-socket-only',
    title: 'WebSocket only',
    wrong: 'Port 1883 is closed, and port 9001 speaks MQTT over WebSocket to everyone, for a web page.',
    finds: 'The broker behind the WebSocket, without TLS and login.',
    fix: 'Serve wss only, behind a login; give the web page an account that reads what it shows.',
    transport: 'ws',
    embedded: { readable: ['sensors/#'], writable: [] },
    messages: SENSOR_MESSAGES,
    expected: {
      outcome: 'open',
      level: 'CRITICAL',
      findings: ['NET-WS-PLAINTEXT', 'AUTH-ANON', 'ACL-READ-ALL'],
    },
  },
  {
    id: 'web-socket-tls',
    title: 'WebSocket as it should be',
    wrong: 'Nothing but what each login sees: WebSocket over TLS, behind a login.',
    finds: 'What the login that was given reads.',
    fix: 'Check that the account needs all of it.',
    transport: 'wss',
    embedded: { logins: [RANGE_LOGIN], readable: ['sensors/#'], writable: ['sensors/#'] },
    certificate: 'good',
    messages: SENSOR_MESSAGES,
    scan: { login: RANGE_LOGIN },
    expected: { outcome: 'open', level: 'LOW', findings: ['DATA-READABLE'] },
  },
];
