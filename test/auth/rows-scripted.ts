import type { Socket } from 'node:net';
import type { LoginOutcome } from '../../lib/model';
import type { BrokerCase, Row } from './row';
import { continued, disconnect, type Script, startFive } from './scripted-five';

function broker(name: string, script: Script, ...rows: Row[]): BrokerCase {
  return { name: `scripted, ${name}`, start: () => startFive(script), rows };
}

/** Brokers that answer every login with one code. */
const REFUSALS: readonly (readonly [code: number, outcome: LoginOutcome, verdict: string])[] = [
  [0x80, 'other', 'inconclusive'],
  [0x85, 'identifier-rejected', 'inconclusive'],
  [0x86, 'bad-login', 'refused'],
  [0x87, 'not-authorised', 'refused'],
  [0x88, 'server-unavailable', 'inconclusive'],
  [0x89, 'server-busy', 'inconclusive'],
  [0x8a, 'banned', 'inconclusive'],
  [0x97, 'quota-exceeded', 'inconclusive'],
  [0x9f, 'rate-exceeded', 'inconclusive'],
];

/** The newest of each client identifier. */
const sessions = new Map<string, Socket>();

const GIVEN = { username: 'someone', password: 'secret-of-someone' };

export const SCRIPTED: readonly BrokerCase[] = [
  ...REFUSALS.map(([code, outcome, verdict]) =>
    broker(
      `answers 0x${code.toString(16)}`,
      { connack: () => code, properties: () => ({ reasonString: `reason ${outcome}` }) },
      {
        login: 'given',
        credentials: GIVEN,
        expect: {
          outcome: 'auth-failed',
          anonymous: outcome,
          'anonymous verdict': verdict,
          'anonymous reason': `reason ${outcome}`,
          credentials: outcome,
          'credentials verdict': verdict,
        },
      },
    ),
  ),
  ...(
    [
      [0x9c, 'use-another-server'],
      [0x9d, 'server-moved'],
    ] as const
  ).map(([code, outcome]) =>
    broker(
      outcome,
      { connack: () => code, properties: () => ({ serverReference: 'other.example:1883' }) },
      {
        login: 'none',
        expect: {
          anonymous: outcome,
          'anonymous verdict': 'inconclusive',
          'anonymous moves to': 'other.example:1883',
        },
      },
    ),
  ),
  broker(
    'bans during the default logins',
    { connack: ({ username }) => (username === 'admin' ? 0x8a : 0x86) },
    {
      login: 'none, default logins',
      auth: { defaultCredentials: true, maxRefusals: 100 },
      // guest, then admin: and nothing behind the ban.
      expect: {
        defaults: 'inconclusive',
        'defaults tried': '2',
        'no-password': 'not-tested',
        methods: 'not-tested',
      },
    },
  ),
  broker(
    'accepts, then disconnects as not authorised',
    { connack: () => 0, inside: (socket) => void socket.end(disconnect(0x87, 'no such device')) },
    {
      login: 'none',
      expect: {
        outcome: 'auth-failed',
        anonymous: 'accepted-then-disconnected',
        'anonymous verdict': 'refused',
        'anonymous reason': 'no such device',
        takeover: '-',
      },
    },
  ),
  broker(
    'closes on all but one login',
    {
      connack: () => 0,
      instead: (socket, { username, protocolVersion }) => {
        if (username !== GIVEN.username) socket.end();
        else if (protocolVersion === 5) return false;
        else socket.write(Buffer.from('20020000', 'hex'));
        return true;
      },
    },
    {
      login: 'right',
      credentials: GIVEN,
      auth: { authorisation: false },
      expect: {
        outcome: 'open',
        anonymous: 'closed',
        'anonymous verdict': 'refused',
        credentials: 'accepted',
        random: 'closed',
        'refused logins': '4',
      },
    },
    { login: 'wrong', credentials: { ...GIVEN, username: 'nobody' }, expect: { outcome: 'not-mqtt' } },
    { login: 'none', expect: { outcome: 'not-mqtt' } },
  ),
  broker(
    'speaks MQTT 5 alone, and closes on all but one login',
    {
      connack: () => 0,
      instead: (socket, { username, protocolVersion }) => {
        const isMute = protocolVersion === 5 && username !== GIVEN.username;
        if (isMute) socket.end();
        return isMute;
      },
    },
    {
      login: 'right',
      credentials: GIVEN,
      expect: { outcome: 'open', 'anonymous verdict': 'refused', credentials: 'accepted', random: 'closed' },
    },
  ),
  broker(
    'takes its time to end a session that was taken over',
    {
      connack: () => 0,
      inside: (socket, { clientId }) => {
        const older = sessions.get(clientId);
        if (older) setTimeout(() => older.end(disconnect(0x8e)), 100);
        sessions.set(clientId, socket);
      },
    },
    { login: 'none', expect: { takeover: 'taken-over' } },
  ),
  broker(
    'takes more than a second to refuse a password',
    {
      connack: ({ properties }) => (properties?.authenticationMethod === undefined ? 0x86 : 0x8c),
      instead: (socket, { password, protocolVersion }) => {
        const isSlow = protocolVersion === 5 && password !== undefined;
        if (isSlow) setTimeout(() => socket.end(Buffer.from('2003008600', 'hex')), 1100);
        return isSlow;
      },
    },
    { login: 'none', expect: { random: 'bad-login', methods: 'not-offered', 'no-password': 'bad-login' } },
  ),
  broker(
    'accepts, then closes',
    { connack: () => 0, inside: (socket) => void socket.end() },
    {
      login: 'none, nothing inside',
      auth: { authorisation: false },
      expect: { anonymous: 'accepted-then-disconnected', 'anonymous verdict': 'inconclusive' },
    },
  ),
  broker(
    'accepts, and grants no filter',
    { connack: () => 0, suback: 0x87 },
    {
      login: 'none',
      expect: {
        anonymous: 'accepted-may-not-subscribe',
        'anonymous #': 'denied',
        'anonymous may subscribe': 'false',
      },
    },
  ),
  broker(
    'offers SCRAM-SHA-256',
    {
      connack: ({ properties }) => (properties?.authenticationMethod ? 0x8c : 0x87),
      instead: (socket, { properties }) => {
        if (properties?.authenticationMethod !== 'SCRAM-SHA-256') return false;
        return socket.write(continued('SCRAM-SHA-256'));
      },
    },
    { login: 'none', expect: { anonymous: 'not-authorised', methods: 'SCRAM-SHA-256' } },
  ),
  broker(
    'refuses a second connection',
    (() => {
      let open = 0;
      return {
        connack: () => (open > 0 ? 0x97 : 0),
        inside: (socket) => {
          open++;
          socket.once('close', () => open--);
        },
      } satisfies Script;
    })(),
    {
      login: 'none',
      expect: {
        anonymous: 'accepted',
        'second connection': 'refused',
        takeover: 'inconclusive',
        'anonymous #': 'granted',
      },
    },
  ),
  broker(
    'keeps sessions for an hour',
    {
      connack: () => 0,
      properties: () => ({ sessionExpiryInterval: 3600, maximumPacketSize: 2048, maximumQoS: 1 }),
    },
    {
      login: 'none',
      expect: {
        'second connection': 'accepted',
        takeover: 'both-kept',
        persistent: 'not-kept',
        'maximum packet': '2048',
        'maximum QoS': '1',
      },
    },
  ),
];
