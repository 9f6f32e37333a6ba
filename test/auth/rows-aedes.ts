import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { listen } from '../../brokers/listener';
import type { Credentials } from '../../lib/model';
import type { BrokerCase, Row, RunningBroker } from './row';

// aedes is an ES module, which CommonJS can only import while running, and whose types need to be told so.
type AedesModule = typeof import('aedes', { with: { 'resolution-mode': 'import' }});
type AedesOptions = NonNullable<ConstructorParameters<AedesModule['Aedes']>[0]>;
type Authenticate = NonNullable<AedesOptions['authenticate']>;
type Subscribe = NonNullable<AedesOptions['authorizeSubscribe']>;

const KNOWN: Credentials = { username: 'known', password: `secret-${randomBytes(12).toString('hex')}` };

async function startAedes(options: AedesOptions, retained: readonly string[] = []): Promise<RunningBroker> {
  const { Aedes } = await import('aedes');
  const broker = await Aedes.createBroker(options);
  const listener = await listen(
    createServer((socket) => broker.handle(socket)),
    '127.0.0.1',
    0,
    'none',
  );
  for (const topic of retained) {
    const packet = { cmd: 'publish', topic, payload: '1', qos: 0, retain: true, dup: false } as const;
    await new Promise<void>((resolve) => broker.publish(packet, () => resolve()));
  }
  return {
    target: `mqtt://127.0.0.1:${listener.port}`,
    stop: async () => {
      await Promise.all([listener.close(), new Promise<void>((resolve) => broker.close(resolve))]);
    },
  };
}

/** Lets in whom the check lets in, and answers the others with a return code of MQTT 3.1.1. */
function authenticate(
  returnCodeFor: (username: string | undefined, password: string | undefined) => number,
): Authenticate {
  return (_client, username, password, done) => {
    const returnCode = returnCodeFor(username, password?.toString());
    if (returnCode === 0) return done(null, true);
    done(Object.assign(new Error('refused'), { returnCode }), false);
  };
}

const known = authenticate((username, password) =>
  username === KNOWN.username && password === KNOWN.password ? 0 : 4,
);

/** Answers 0x80 to the filters that are not allowed. */
function subscribe(isAllowed: (filter: string) => boolean): Subscribe {
  return (_client, subscription, done) => done(null, isAllowed(subscription.topic) ? subscription : null);
}

function broker(
  name: string,
  options: AedesOptions,
  retained: readonly string[],
  ...rows: Row[]
): BrokerCase {
  return { name: `aedes, ${name}`, start: () => startAedes(options, retained), rows };
}

export const AEDES: readonly BrokerCase[] = [
  broker(
    'one login',
    { authenticate: known },
    ['site/a'],
    {
      login: 'none',
      expect: { outcome: 'auth-failed', anonymous: 'bad-login', random: 'bad-login', methods: 'not-tested' },
    },
    {
      login: 'right, write test',
      credentials: KNOWN,
      auth: { writeTest: true },
      expect: {
        credentials: 'accepted',
        'credentials #': 'proven',
        'credentials # retained': '1',
        'credentials write': 'proven',
        'credentials will': 'proven',
        takeover: 'taken-over',
      },
    },
  ),
  broker(
    'any user name with any password',
    { authenticate: authenticate((username) => (username ? 0 : 5)) },
    [],
    {
      login: 'none',
      expect: {
        outcome: 'auth-failed',
        anonymous: 'not-authorised',
        random: 'accepted',
        'no-password': 'accepted',
      },
    },
    {
      login: 'none, default logins',
      auth: { defaultCredentials: true },
      expect: { defaults: 'inconclusive', 'defaults tried': '0', random: 'accepted' },
    },
  ),
  broker(
    'a user name without a password',
    { authenticate: authenticate((username, password) => (username && password === undefined ? 0 : 4)) },
    [],
    {
      login: 'none',
      expect: {
        anonymous: 'bad-login',
        random: 'bad-login',
        'no-password': 'accepted',
      },
    },
  ),
  broker(
    'the access list of EMQX',
    {
      authorizeSubscribe: subscribe(
        (filter) => filter !== '#' && filter !== '+/#' && !filter.startsWith('$SYS/'),
      ),
    },
    ['site/a'],
    {
      login: 'none',
      expect: {
        anonymous: 'accepted',
        'anonymous #': 'denied',
        'anonymous +/#': 'denied',
        'anonymous $SYS/#': 'denied',
        'anonymous +/+': 'proven',
        'anonymous may subscribe': 'true',
      },
    },
  ),
  broker('nothing may be subscribed to', { authorizeSubscribe: subscribe(() => false) }, ['site/a'], {
    login: 'none',
    expect: {
      anonymous: 'accepted-may-not-subscribe',
      'anonymous verdict': 'accepted',
      'anonymous #': 'denied',
      'anonymous may subscribe': 'false',
    },
  }),
  broker(
    'nothing may be published',
    { authorizePublish: (_client, _packet, done) => done(new Error('not allowed')) },
    [],
    { login: 'none, write test', auth: { writeTest: true }, expect: { 'anonymous write': 'denied' } },
  ),
  broker('the server is unavailable to strangers', { authenticate: authenticate(() => 3) }, [], {
    login: 'none',
    expect: { anonymous: 'server-unavailable', 'anonymous verdict': 'inconclusive' },
  }),
  broker('the identifier is rejected', { authenticate: authenticate(() => 2) }, [], {
    login: 'given',
    credentials: KNOWN,
    expect: { credentials: 'identifier-rejected', 'credentials verdict': 'inconclusive' },
  }),
];
