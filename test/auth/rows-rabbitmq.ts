import { randomBytes } from 'node:crypto';
import type { Credentials } from '../../lib/model';
import { type RunningRabbit, startRabbit } from './rabbitmq';
import type { BrokerCase } from './row';

const login = (username: string): Credentials => ({
  username,
  password: `secret-${randomBytes(12).toString('hex')}`,
});
const ALL = { configure: '.*', write: '.*', read: '.*' } as const;
const READER = login('reader');
const LIMITED = login('limited');
const OUTSIDER = login('outsider');
const POWERLESS = login('powerless');

let rabbit: RunningRabbit | undefined;

export const RABBITMQ: readonly BrokerCase[] = [
  {
    name: 'RabbitMQ',
    start: async () => {
      rabbit = await startRabbit([
        { username: 'guest', password: 'guest', permissions: ALL },
        { ...READER, permissions: { configure: '^mqtt-', write: '^mqtt-', read: '.*' } },
        { ...LIMITED, permissions: ALL, topics: { write: '^mqttscan\\.', read: '^(mqttscan|site)\\.' } },
        { ...POWERLESS, permissions: { configure: '^$', write: '^$', read: '^$' } },
        OUTSIDER,
      ]);
      return rabbit;
    },
    rows: [
      {
        login: 'none, which is guest',
        expect: {
          anonymous: 'accepted',
          'anonymous in 3': 'accepted',
          random: 'bad-login',
          'no-password': 'bad-login',
          'empty-client-id': 'accepted',
          'anonymous #': 'granted',
          'anonymous may subscribe': 'true',
          takeover: 'taken-over',
          methods: 'not-tested',
        },
      },
      {
        login: 'none, write test',
        auth: { writeTest: true },
        expect: { 'anonymous write': 'proven', 'anonymous will': 'proven' },
      },
      {
        login: 'none, default logins',
        auth: { defaultCredentials: true },
        expect: { defaults: 'accepted guest', 'defaults tried': '1' },
      },
      {
        login: 'wrong password',
        credentials: { username: 'guest', password: 'wrong' },
        expect: { credentials: 'bad-login', 'credentials verdict': 'refused' },
      },
      {
        login: 'an account without a virtual host',
        credentials: OUTSIDER,
        expect: { credentials: 'not-authorised', 'credentials verdict': 'refused' },
      },
      {
        login: 'an account that may only read, write test',
        credentials: READER,
        auth: { writeTest: true },
        expect: { credentials: 'accepted', 'credentials write': 'denied' },
      },
      {
        login: 'an account with topics of its own, write test',
        credentials: LIMITED,
        auth: { writeTest: true },
        expect: { credentials: 'accepted', 'credentials write': 'proven' },
      },
      {
        login: 'an account without rights',
        credentials: POWERLESS,
        expect: {
          credentials: 'accepted-may-not-subscribe',
          'credentials may subscribe': 'false',
          'credentials #': 'denied',
          'credentials $SYS/#': 'denied',
          'credentials +/#': 'not-tested',
        },
      },
      {
        login: 'none, over WebSocket',
        target: () => rabbit?.webTarget ?? '',
        expect: { outcome: 'open', anonymous: 'accepted' },
      },
      {
        login: 'none, when strangers are refused',
        prepare: async () => rabbit?.evaluate('application:set_env(rabbitmq_mqtt, allow_anonymous, false).'),
        expect: { outcome: 'auth-failed', anonymous: 'bad-login', random: 'bad-login' },
      },
      {
        login: 'right, when strangers are refused',
        credentials: { username: 'guest', password: 'guest' },
        expect: { outcome: 'open', anonymous: 'bad-login', credentials: 'accepted', 'in clear': 'true' },
      },
      {
        login: 'none, over WebSocket, which it closes on strangers',
        target: () => rabbit?.webTarget ?? '',
        expect: { outcome: 'auth-failed', anonymous: 'closed' },
      },
      {
        login: 'right, over WebSocket, which it closes on strangers',
        target: () => rabbit?.webTarget ?? '',
        credentials: { username: 'guest', password: 'guest' },
        expect: { outcome: 'open', anonymous: 'closed', credentials: 'accepted' },
      },
    ],
  },
];
