import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { passwordLine } from '../../brokers/passwords';
import type { Credentials, TlsMaterial } from '../../lib/model';
import { type MosquittoSetup, startMosquitto } from '../support/mosquitto';
import { issued } from './certificates';
import type { Facts } from './facts';
import type { BrokerCase, Row } from './row';

export const ALICE: Credentials = {
  username: 'alice',
  password: `secret-${randomBytes(12).toString('hex')}`,
};
export const BOB: Credentials = { username: 'bob', password: `secret-${randomBytes(12).toString('hex')}` };
const WRONG: Credentials = { username: 'alice', password: `wrong-${randomBytes(12).toString('hex')}` };
const STRANGER: Credentials = { username: 'nobody', password: `wrong-${randomBytes(12).toString('hex')}` };

const PASSWORDS = 'allow_anonymous false\npassword_file @/passwords';

async function passwords(): Promise<Readonly<Record<string, string>>> {
  return { passwords: (await passwordLine(ALICE)) + (await passwordLine(BOB)) };
}

function broker(
  name: string,
  setup: () => MosquittoSetup | Promise<MosquittoSetup>,
  ...rows: Row[]
): BrokerCase {
  return { name: `mosquitto, ${name}`, start: async () => startMosquitto(await setup()), rows };
}

const row = (login: string, expect: Facts, more: Omit<Row, 'login' | 'expect'> = {}): Row => ({
  login,
  expect,
  ...more,
});

/** Refused as mosquitto does it: the same answer to all that is wrong. */
const REFUSED_ALL: Facts = {
  anonymous: 'not-authorised',
  'anonymous in 4': 'not-authorised',
  'anonymous in 5': 'not-authorised',
  random: 'not-authorised',
  'no-password': 'not-authorised',
  methods: 'not-offered',
};

const TLS = 'cafile @/ca.pem\ncertfile @/server.pem\nkeyfile @/server.key';

async function tlsFiles(): Promise<Readonly<Record<string, string>>> {
  const { ca, server } = await issued();
  return { 'ca.pem': ca.cert, 'server.pem': server.cert, 'server.key': server.key };
}

/** What the scan brings: the CA and, where told, a certificate of its own. */
let material: { readonly plain: TlsMaterial; readonly own: TlsMaterial } | undefined;
export async function prepareMaterial(): Promise<void> {
  const { ca, client } = await issued();
  material = { plain: { ca: ca.cert }, own: { ca: ca.cert, cert: client.cert, key: client.key } };
}
const plain = (): TlsMaterial => material?.plain ?? {};
const own = (): TlsMaterial => material?.own ?? {};

const PLUGIN = '/usr/lib/x86_64-linux-gnu/mosquitto_dynamic_security.so';

/** A client of the dynamic security plugin, with its password as the plugin stores it. */
function dynamicClient({ username, password }: Credentials, ...roles: string[]): object {
  const salt = randomBytes(12);
  return {
    username,
    password: pbkdf2Sync(password, salt, 101, 64, 'sha512').toString('base64'),
    salt: salt.toString('base64'),
    iterations: 101,
    roles: roles.map((rolename) => ({ rolename })),
  };
}

const allow = (acltype: string, topic: string): object => ({ acltype, topic, allow: true });

const DYNAMIC_SECURITY = JSON.stringify({
  defaultACLAccess: {
    publishClientSend: false,
    publishClientReceive: true,
    subscribe: false,
    unsubscribe: true,
  },
  clients: [dynamicClient(ALICE, 'admin'), dynamicClient(BOB, 'sensors')],
  groups: [],
  roles: [
    {
      rolename: 'admin',
      acls: [
        allow('publishClientSend', '$CONTROL/dynamic-security/#'),
        allow('publishClientReceive', '$CONTROL/dynamic-security/#'),
        allow('publishClientReceive', '$SYS/#'),
        allow('subscribePattern', '$CONTROL/#'),
        allow('subscribePattern', '$SYS/#'),
      ],
    },
    { rolename: 'sensors', acls: [allow('subscribePattern', 'sensors/#')] },
  ],
});

export const MOSQUITTO: readonly BrokerCase[] = [
  broker(
    'anonymous',
    () => ({ config: 'allow_anonymous true', retained: ['site/a', 'site/b'] }),
    row('none', {
      outcome: 'open',
      anonymous: 'accepted',
      'anonymous in 3': 'accepted',
      'anonymous in 4': 'accepted',
      'anonymous in 5': 'accepted',
      random: 'accepted',
      'empty-client-id': 'accepted',
      'empty-user-name': 'accepted',
      'anonymous #': 'proven',
      'anonymous # retained': '2',
      'anonymous +/#': 'proven',
      'anonymous $SYS/#': 'proven',
      'anonymous $CONTROL/#': 'granted',
      'anonymous $share': 'proven',
      'anonymous write': 'not-tested',
      'anonymous will': '-',
      takeover: 'taken-over',
      persistent: 'accepted',
      'second connection': 'accepted',
      defaults: 'not-tested',
      'refused logins': '0',
    }),
    row(
      'given',
      { credentials: 'accepted', 'in clear': 'true', random: 'accepted', 'credentials #': 'proven' },
      { credentials: ALICE },
    ),
    row(
      'none, write test',
      { 'anonymous write': 'proven', 'anonymous will': 'proven' },
      { auth: { writeTest: true } },
    ),
    row(
      'none, default logins',
      { defaults: 'inconclusive', 'defaults tried': '0' },
      { auth: { defaultCredentials: true } },
    ),
    row(
      'none, nothing inside',
      { anonymous: 'accepted', 'anonymous #': '-', takeover: '-' },
      { auth: { authorisation: false } },
    ),
  ),
  broker(
    'password file',
    async () => ({ config: PASSWORDS, files: await passwords(), retained: ['site/a'] }),
    row('none', {
      ...REFUSED_ALL,
      outcome: 'auth-failed',
      'anonymous #': '-',
      takeover: '-',
      // With three strangers and a random login the scan has set off enough.
      methods: 'not-offered',
      'anonymous in 3': 'not-tested',
      'empty-password': 'not-tested',
      'refused logins': '4',
    }),
    row(
      'right',
      {
        outcome: 'open',
        anonymous: 'not-authorised',
        credentials: 'accepted',
        'in clear': 'true',
        random: 'not-authorised',
        'credentials #': 'proven',
        'credentials $SYS/#': 'proven',
        'anonymous #': '-',
      },
      { credentials: ALICE },
    ),
    row(
      'wrong password',
      { outcome: 'auth-failed', credentials: 'not-authorised', 'credentials #': '-' },
      { credentials: WRONG },
    ),
    row(
      'unknown user',
      { credentials: 'not-authorised', 'credentials verdict': 'refused' },
      { credentials: STRANGER },
    ),
    row(
      'none, default logins',
      { defaults: 'inconclusive', 'defaults tried': '2', 'refused logins': '7' },
      { auth: { defaultCredentials: true } },
    ),
  ),
  broker(
    'password file with a default login',
    async () => ({
      config: PASSWORDS,
      files: { passwords: await passwordLine({ username: 'DVES_USER', password: 'DVES_PASS' }) },
    }),
    row(
      'none, default logins',
      { defaults: 'accepted DVES_USER', 'defaults tried': '1', 'refused logins': '7' },
      { auth: { defaultCredentials: true } },
    ),
  ),
  broker(
    'anonymous beside a password file',
    async () => ({ config: 'allow_anonymous true\npassword_file @/passwords', files: await passwords() }),
    row('none', {
      anonymous: 'accepted',
      random: 'not-authorised',
      'no-password': 'not-authorised',
      'empty-client-id': 'accepted',
    }),
    row('wrong password', { anonymous: 'accepted', credentials: 'not-authorised' }, { credentials: WRONG }),
    row(
      'right',
      { anonymous: 'accepted', credentials: 'accepted', 'in clear': 'true' },
      { credentials: ALICE },
    ),
  ),
  broker(
    'one session per account',
    async () => ({
      config: `${PASSWORDS}\nuse_username_as_clientid true`,
      files: await passwords(),
      retained: ['site/a'],
    }),
    row(
      'right',
      {
        credentials: 'accepted',
        'credentials #': 'proven',
        takeover: 'any-identifier',
        'second connection': 'inconclusive',
        // Against expectation it refuses authentication methods as it refuses a login.
        'refused logins': '4',
      },
      { credentials: ALICE },
    ),
  ),
  broker(
    'topics per user',
    async () => ({
      config: `${PASSWORDS}\nacl_file @/acl`,
      files: {
        ...(await passwords()),
        acl: 'user alice\ntopic readwrite site/alice/#\nuser bob\ntopic write site/bob/#\n',
      },
      retained: ['site/alice/a', 'site/bob/a'],
    }),
    row(
      'alice',
      {
        credentials: 'accepted',
        'credentials #': 'proven',
        'credentials # retained': '1',
        'credentials $SYS/#': 'granted',
        'credentials may subscribe': 'true',
      },
      { credentials: ALICE },
    ),
    row(
      'bob, who may only write',
      { 'credentials #': 'granted', 'credentials +/#': 'granted', 'credentials $SYS/#': 'granted' },
      { credentials: BOB },
    ),
    row(
      'alice, write test',
      { 'credentials write': 'inconclusive', 'credentials will': 'granted' },
      { credentials: ALICE, auth: { writeTest: true } },
    ),
  ),
  broker(
    'anonymous may read one topic',
    () => ({
      config: 'allow_anonymous true\nacl_file @/acl',
      files: { acl: 'topic read public/#\n' },
      retained: ['public/a', 'private/a'],
    }),
    row(
      'none, write test',
      {
        'anonymous #': 'proven',
        'anonymous # retained': '1',
        'anonymous $SYS/#': 'granted',
        'anonymous write': 'inconclusive',
      },
      { auth: { writeTest: true } },
    ),
  ),
  broker(
    'anonymous may nothing, and is told otherwise',
    () => ({
      config: 'allow_anonymous true\nacl_file @/acl',
      files: { acl: 'user nobody\ntopic read #\n' },
      retained: ['private/a'],
    }),
    row('none', {
      'anonymous #': 'granted',
      'anonymous +/#': 'granted',
      'anonymous +/+': 'granted',
      'anonymous $SYS/#': 'granted',
      'anonymous $share': 'granted',
    }),
  ),
  broker(
    'anonymous may watch the broker',
    () => ({
      config: 'allow_anonymous true\nacl_file @/acl',
      files: { acl: 'topic read $SYS/#\n' },
      retained: ['private/a'],
    }),
    row('none', { 'anonymous #': 'granted', 'anonymous $SYS/#': 'proven' }),
  ),
  broker(
    'anonymous may write to our own topics',
    () => ({
      config: 'allow_anonymous true\nacl_file @/acl',
      files: { acl: 'topic readwrite mqttscan/#\n' },
    }),
    row(
      'none, write test',
      { 'anonymous #': 'granted', 'anonymous write': 'proven', 'anonymous will': 'proven' },
      { auth: { writeTest: true } },
    ),
  ),
  broker(
    'limits',
    () => ({ config: 'allow_anonymous true\nmax_qos 1\nallow_zero_length_clientid false' }),
    row('none', { 'maximum QoS': '1', 'empty-client-id': 'identifier-rejected' }),
  ),
  broker(
    'WebSocket',
    async () => ({ config: PASSWORDS, files: await passwords(), transport: 'ws' }),
    row(
      'right',
      {
        anonymous: 'not-authorised',
        credentials: 'accepted',
        'in clear': 'true',
        'credentials $SYS/#': 'proven',
      },
      { credentials: ALICE },
    ),
  ),
  broker(
    'dynamic security',
    () => ({
      config: `allow_anonymous false\nplugin ${PLUGIN}\nplugin_opt_config_file @/dynamic.json`,
      files: { 'dynamic.json': DYNAMIC_SECURITY },
    }),
    row('none', { outcome: 'auth-failed', anonymous: 'not-authorised', random: 'not-authorised' }),
    row(
      'administrator',
      {
        credentials: 'accepted',
        'credentials #': 'denied',
        'credentials $SYS/#': 'proven',
        'credentials $CONTROL/#': 'granted',
        'credentials may subscribe': 'true',
      },
      { credentials: ALICE },
    ),
    row(
      'sensor account',
      {
        credentials: 'accepted-may-not-subscribe',
        'credentials verdict': 'accepted',
        'credentials #': 'denied',
        'credentials +/#': 'denied',
        'credentials $SYS/#': 'denied',
        'credentials $CONTROL/#': 'denied',
        'credentials may subscribe': 'false',
      },
      { credentials: BOB },
    ),
    row('wrong password', { credentials: 'not-authorised' }, { credentials: WRONG }),
  ),
  broker(
    'TLS and password file',
    async () => ({
      config: `${TLS}\n${PASSWORDS}`,
      files: { ...(await tlsFiles()), ...(await passwords()) },
      transport: 'tls',
    }),
    row(
      'right',
      { credentials: 'accepted', 'in clear': 'false', certificate: '-' },
      { credentials: ALICE, tls: plain },
    ),
    row(
      'right, with a certificate that nobody asks for',
      {
        anonymous: 'not-authorised',
        credentials: 'accepted',
        certificate: 'not-authorised',
        'certificate is login': 'false',
        'certificate and password': 'true',
      },
      { credentials: ALICE, tls: own },
    ),
  ),
  broker(
    'user from the certificate',
    async () => ({
      config: `${TLS}\nrequire_certificate true\nuse_identity_as_username true\nallow_anonymous false\nacl_file @/acl`,
      files: { ...(await tlsFiles()), acl: 'user scanner\ntopic read site/#\n' },
      transport: 'tls',
      retained: ['site/a', 'other/a'],
    }),
    row(
      'certificate',
      {
        outcome: 'open',
        anonymous: 'certificate-required',
        'anonymous verdict': 'refused',
        certificate: 'accepted',
        'certificate is login': 'true',
        'certificate names user': 'true',
        'certificate #': 'proven',
        'certificate # retained': '1',
      },
      { tls: own },
    ),
  ),
  broker(
    'certificate and password',
    async () => ({
      config: `${TLS}\nrequire_certificate true\n${PASSWORDS}`,
      files: { ...(await tlsFiles()), ...(await passwords()) },
      transport: 'tls',
    }),
    row(
      'both',
      {
        anonymous: 'certificate-required',
        credentials: 'accepted',
        certificate: 'not-authorised',
        'certificate is login': 'false',
        'certificate and password': 'true',
        'credentials $SYS/#': 'proven',
      },
      { credentials: ALICE, tls: own },
    ),
  ),
  broker(
    'user from a certificate that is not asked for',
    async () => ({
      config: `${TLS}\nuse_identity_as_username true\nallow_anonymous true`,
      files: await tlsFiles(),
      transport: 'tls',
    }),
    row(
      'certificate',
      {
        outcome: 'auth-failed',
        anonymous: 'bad-login',
        certificate: 'bad-login',
        'certificate is login': 'false',
        'refused logins': '4',
      },
      { tls: own },
    ),
  ),
  broker(
    'certificate required, any user',
    async () => ({
      config: `${TLS}\nrequire_certificate true\nallow_anonymous true`,
      files: await tlsFiles(),
      transport: 'tls',
    }),
    row(
      'certificate',
      {
        anonymous: 'certificate-required',
        certificate: 'accepted',
        'certificate is login': 'true',
        random: 'certificate-required',
      },
      { tls: own },
    ),
  ),
];
