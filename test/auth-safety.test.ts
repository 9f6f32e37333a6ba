import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generate, type IConnectPacket } from 'mqtt-packet';
import { findMosquitto } from '../brokers/find-mosquitto';
import { passwordLine } from '../brokers/passwords';
import { type EndpointReport, type ScanOptions, scan } from '../lib';
import { DEFAULT_LOGINS } from '../lib/auth/default-logins';
import type { AuthResult, Credentials } from '../lib/model';
import { issued } from './auth/certificates';
import { recorded } from './auth/recorder';
import type { RunningBroker } from './auth/row';
import { FIVE, startFive } from './auth/scripted-five';
import { Flow, profile, sink } from './support/flow';
import { startMosquitto } from './support/mosquitto';
import { childEnvironment } from './support/programs';
import { startScripted } from './support/scripted-server';
import { temporaryFolder } from './support/temporary-folders';
import { orSkip, UnavailableError } from './support/unavailable';

const ALICE: Credentials = { username: 'alice', password: `secret-${randomBytes(12).toString('hex')}` };
const BOB: Credentials = { username: 'bob', password: `secret-${randomBytes(12).toString('hex')}` };
const WRONG: Credentials = { username: 'alice', password: `wrong-${randomBytes(12).toString('hex')}` };

async function one(target: string, options: ScanOptions = {}): Promise<EndpointReport> {
  const reports: EndpointReport[] = [];
  for await (const report of scan(target, { listen: false, rate: 100_000, ...options })) reports.push(report);
  assert.equal(reports.length, 1);
  return reports[0] as EndpointReport;
}

const open = (): Promise<RunningBroker> =>
  startMosquitto({ config: 'allow_anonymous true', retained: ['site/a'] });

async function locked(login = ALICE): Promise<RunningBroker> {
  const files = { passwords: await passwordLine(login) };
  return startMosquitto({
    config: 'allow_anonymous false\npassword_file @/passwords',
    files,
    retained: ['site/a'],
  });
}

describe('testing access', function () {
  this.timeout(30_000);

  describe('sends nothing that was not asked for', () => {
    /** All that a client says who only looks. */
    const LOOKING = new Set([
      'connect',
      'subscribe',
      'unsubscribe',
      'pingreq',
      'disconnect',
      'puback',
      'pubrec',
      'pubcomp',
    ]);

    for (const [name, start, options] of [
      ['to an open broker', open, {}],
      ['to a locked broker', locked, {}],
      ['with a login', locked, { credentials: ALICE }],
      ['with default logins', locked, { auth: { defaultCredentials: true } }],
    ] as const) {
      it(name, async function () {
        const recorder = await recorded(await orSkip(this, start));
        try {
          const report = await one(recorder.target, options);
          assert.ok(report.auth, JSON.stringify(report));
        } finally {
          await recorder.stop();
        }
        const { sent } = recorder;
        assert.ok(sent.length > 5);
        assert.deepEqual(
          sent.filter(({ cmd }) => !LOOKING.has(cmd)),
          [],
        );
        for (const packet of sent) {
          if (packet.cmd === 'connect') {
            assert.equal(packet.will, undefined);
            assert.match(packet.clientId, /^(mqttscan[0-9a-f]*)?$/);
          }
          if (packet.cmd === 'subscribe') {
            for (const { topic, qos } of packet.subscriptions) {
              assert.equal(qos, 0);
              assert.ok(topic.split('/').length <= 16);
              if (topic.startsWith('$share')) assert.match(topic, /^\$share\/mqttscan[0-9a-f]{16}\/#$/);
            }
          }
        }
        assert.ok(recorder.mostOpen() <= 2, `${recorder.mostOpen()} connections at once`);
      });
    }

    it('but one message and one will to a topic of its own when writing is tested', async function () {
      const recorder = await recorded(await orSkip(this, open));
      try {
        const { auth } = await one(recorder.target, { auth: { writeTest: true } });
        assert.equal(auth?.authorisation[0]?.write, 'proven');
      } finally {
        await recorder.stop();
      }
      const published = recorder.sent.flatMap(
        (packet): { topic: string; qos?: number; retain?: boolean }[] => {
          if (packet.cmd === 'publish') return [packet];
          return packet.cmd === 'connect' && packet.will ? [packet.will] : [];
        },
      );
      assert.equal(published.length, 2);
      const [first] = published;
      for (const { topic, qos, retain } of published) {
        assert.deepEqual([topic, qos ?? 0, retain ?? false], [first?.topic, 0, false]);
        assert.match(topic, /^mqttscan\/[0-9a-f]{16}$/);
      }
      assert.ok(recorder.mostOpen() <= 2);
    });
  });

  it('leaves no session behind, also when it is stopped', async () => {
    const stop = new AbortController();
    const kept = new Map<string, boolean>();
    const broker = await startFive({
      connack: ({ clientId, clean = true }) => {
        kept.set(clientId, !clean);
        if (!clean) stop.abort();
        return 0;
      },
    });
    try {
      for await (const _ of scan(broker.target, { listen: false, signal: stop.signal }));
      assert.ok(stop.signal.aborted);
      assert.deepEqual(
        [...kept].filter(([, isKept]) => isKept),
        [],
      );
    } finally {
      await broker.stop();
    }
  });

  describe('locks nobody out', () => {
    const LIMIT = 5;

    interface Guard {
      readonly broker: RunningBroker;
      readonly failures: () => number;
      readonly perUser: ReadonlyMap<string, number>;
      readonly banned: () => boolean;
    }

    /** Bans an address for its fifth login that fails, and then answers 0x8A to everything. */
    async function banning(): Promise<Guard> {
      const perUser = new Map<string, number>();
      let failures = 0;
      let isBanned = false;
      const broker = await startFive({
        connack: ({ username, password }) => {
          if (failures >= LIMIT) {
            isBanned = true;
            return 0x8a;
          }
          if (username === ALICE.username && password?.toString() === ALICE.password) return 0;
          if (username === undefined) return 0x87;
          failures++;
          perUser.set(username, (perUser.get(username) ?? 0) + 1);
          return 0x86;
        },
      });
      return { broker, failures: () => failures, perUser, banned: () => isBanned || failures >= LIMIT };
    }

    for (const [name, options] of [
      ['by default', {}],
      ['with the right login', { credentials: ALICE }],
      ['with a wrong login', { credentials: WRONG }],
      ['with default logins', { auth: { defaultCredentials: true } }],
      ['with a wrong login and default logins', { credentials: WRONG, auth: { defaultCredentials: true } }],
    ] as const) {
      it(name, async () => {
        const { broker, failures, perUser, banned } = await banning();
        try {
          const { auth } = await one(broker.target, options);
          assert.ok(!banned(), `${failures()} failures`);
          assert.ok(failures() > 0);
          // Strangers that were refused count too, unless somebody asked for more to be tried.
          if (!('auth' in options)) assert.ok((auth?.refusedLogins ?? 0) < LIMIT);
          for (const [user, count] of perUser) assert.ok(count <= 3, `${user}: ${count}`);
        } finally {
          await broker.stop();
        }
      });
    }

    it('and a lock that counts strangers too is not set off by a whole scan', async () => {
      let refused = 0;
      const broker = await startScripted((socket) =>
        socket.once('data', (connect: Buffer) => {
          // Name, level (3.1.1 §3.1.2): a version that does not exist is no login.
          const level = connect[4 + connect.readUInt16BE(2)] ?? 0;
          if (level > 5) return socket.end(Buffer.from('20020001', 'hex'));
          refused++;
          return socket.end(Buffer.from(level === 5 ? '2003008700' : '20020005', 'hex'));
        }),
      );
      try {
        for (const options of [{}, { credentials: WRONG }, { auth: { writeTest: true } }]) {
          refused = 0;
          const { auth } = await one(`mqtt://127.0.0.1:${broker.port}`, options);
          assert.ok(refused > 2 && refused < LIMIT, `${refused} refusals`);
          assert.equal(auth?.refusedLogins, refused);
        }
      } finally {
        await broker.stop();
      }
    });

    for (const [name, options] of [
      ['by default', {}],
      ['with the right login', { credentials: ALICE }],
      ['with a wrong login', { credentials: WRONG }],
      ['with default logins', { auth: { defaultCredentials: true } }],
    ] as const) {
      for (const listeners of [2, 4]) {
        it(`and a lock on ${listeners} listeners of one host is not set off ${name}`, async () => {
          const failures = { all: 0, named: 0 };
          const brokers: RunningBroker[] = [];
          for (let i = 0; i < listeners; i++) brokers.push(await startFive({ connack: lockOf(failures) }));
          try {
            const targets = brokers.map(({ target }) => target);
            const reports: EndpointReport[] = [];
            for await (const report of scan(targets, { listen: false, ...options })) reports.push(report);
            assert.equal(reports.length, listeners);
            const counted = 'auth' in options ? failures.named : failures.all;
            // Where the first questions alone come to the limit, the login that was given is tried once all the same.
            const limit = listeners === 4 && 'credentials' in options ? LIMIT + 1 : LIMIT;
            assert.ok(counted < limit, `${counted} failures`);
            assert.ok(failures.all >= listeners);
            const told = reports.map(({ auth }) => auth?.refusedLogins ?? 0);
            assert.equal(
              told.reduce((sum, count) => sum + count, 0),
              failures.all,
            );
            const isOpen = 'credentials' in options && options.credentials === ALICE;
            for (const { outcome } of reports) assert.equal(outcome, isOpen ? 'open' : 'auth-failed');
          } finally {
            for (const broker of brokers) await broker.stop();
          }
        });
      }
    }

    for (const listeners of [1, 2, 3]) {
      it(`and a lock on ${listeners} listeners that refuse whatever is odd is not set off`, async () => {
        let failures = 0;
        const brokers = await Promise.all(
          Array.from({ length: listeners }, () =>
            // Answers so late that the listeners are asked side by side.
            startScripted((socket) =>
              socket.once('data', () => {
                failures++;
                setTimeout(() => socket.end(Buffer.from('20020004', 'hex')), 5);
              }),
            ),
          ),
        );
        try {
          const targets = brokers.map(({ port }) => `mqtt://127.0.0.1:${port}`);
          for await (const { outcome } of scan(targets, { listen: false }))
            assert.equal(outcome, 'auth-failed');
          assert.ok(failures >= listeners && failures < LIMIT, `${failures} failures`);
        } finally {
          for (const broker of brokers) await broker.stop();
        }
      });
    }

    for (const login of [ALICE, BOB]) {
      it(`and the login of ${login.username} is tried where it is good, though another listener refuses it`, async function () {
        const brokers = [await orSkip(this, () => locked(ALICE)), await locked(BOB)];
        try {
          const reports: EndpointReport[] = [];
          const targets = brokers.map(({ target }) => target);
          for await (const report of scan(targets, { listen: false, credentials: login }))
            reports.push(report);
          const outcomeAt = (target?: string) => reports.find(({ url }) => url === target)?.outcome;
          const expected = login === ALICE ? ['open', 'auth-failed'] : ['auth-failed', 'open'];
          assert.deepEqual(targets.map(outcomeAt), expected);
          const refused = reports.reduce((sum, { auth }) => sum + (auth?.refusedLogins ?? 0), 0);
          assert.ok(refused < LIMIT, `${refused} failures`);
          // Where the given login was let in, only a random one tells whether logins are looked at.
          const inside = reports.find(({ outcome }) => outcome === 'open');
          assert.equal(inside?.auth?.randomLogin?.verdict, 'refused');
        } finally {
          for (const broker of brokers) await broker.stop();
        }
      });
    }

    /** Speaks all about refusals: strangers and wrong logins count, wherever they came to. */
    function lockOf(failures: { all: number; named: number }) {
      return ({ username, password, properties }: IConnectPacket): number => {
        if (properties?.authenticationMethod !== undefined) return 0x8c;
        if (username === ALICE.username && password?.toString() === ALICE.password) return 0;
        failures.all++;
        if (username === undefined) return 0x87;
        failures.named++;
        return 0x86;
      };
    }

    it('and tries no account more often than it is told', async () => {
      const tried = new Map<string, number>();
      const broker = await startFive({
        connack: ({ username = '' }) => {
          tried.set(username, (tried.get(username) ?? 0) + 1);
          return 0x86;
        },
      });
      try {
        const auth = { defaultCredentials: true, maxAttempts: 2, maxRefusals: 30 };
        const { auth: result } = await one(broker.target, { auth });
        assert.equal(tried.get('admin'), 2);
        const { verdict, attempts = [], left, meaning } = result?.defaultCredentials ?? {};
        // Five of the published logins are for this name; of three nothing is known.
        assert.deepEqual([verdict, left], ['inconclusive', 3]);
        assert.equal(attempts.length, DEFAULT_LOGINS.length - 3);
        assert.match(meaning ?? '', /no account is locked: 2 logins of one user name/);
      } finally {
        await broker.stop();
      }
    });
  });

  describe('keeps the login to itself', () => {
    let broker: RunningBroker;
    before(async function () {
      broker = await orSkip(this, locked);
    });
    after(() => broker?.stop());

    for (const [name, login] of [
      ['that is accepted', ALICE],
      ['that is refused', WRONG],
    ] as const) {
      it(`one ${name}, in every message, status and log of a flow`, async () => {
        const ids = ['probe', 'auth', 'risk'];
        const flow = await Flow.load(
          [
            profile(),
            { id: 'probe', type: 'mqtt-probe', profile: 'profile', wires: [['auth'], ['second']] },
            {
              id: 'auth',
              type: 'anon-auth-test',
              defaultCredentials: true,
              writeTest: true,
              wires: [['risk']],
            },
            { id: 'risk', type: 'risk-classify', wires: [['out'], ['second']] },
            sink('out'),
            sink('second'),
          ],
          { profile: { ...login } },
        );
        try {
          flow.send('probe', { payload: broker.target });
          await flow.closing('out', 20_000);
          flow.send('probe', { payload: { targets: broker.target, credentials: login } });
          await flow.until(
            'out',
            () => flow.of('out').filter(({ complete }) => complete).length === 2,
            20_000,
          );
          flow.send('auth', { payload: { targets: 'mqtt://192.0.2.1', credentials: login } });
          await flow.until('caught');
          const everything = flow.everything(ids);
          assert.ok(everything.includes('$MQTT_USER'));
          assert.ok(!everything.includes(login.username) && !everything.includes(login.password));
          for (const password of ['DVES_PASS', 'hivemq', 'changeme'])
            assert.ok(!everything.includes(password), password);
        } finally {
          await flow.unload();
        }
      });
    }

    for (const [name, transport, ca, expected] of [
      ['where there is no TLS', 'tcp', false, 'not-tested'],
      ['where the certificate does not hold', 'tls', false, 'not-tested'],
      ['but not where it does', 'tls', true, 'accepted'],
    ] as const) {
      it(`${name}, when told to send it over trusted TLS only`, async function () {
        const { ca: issuer, server } = await issued();
        const files = {
          passwords: await passwordLine(ALICE),
          'server.pem': server.cert,
          'server.key': server.key,
        };
        const tls = transport === 'tls' ? 'certfile @/server.pem\nkeyfile @/server.key\n' : '';
        const config = `${tls}allow_anonymous false\npassword_file @/passwords`;
        const secret = await orSkip(this, () => startMosquitto({ config, files, transport }));
        const recorder = transport === 'tcp' ? await recorded(secret) : undefined;
        try {
          const { auth, outcome } = await one(recorder?.target ?? secret.target, {
            credentials: ALICE,
            credentialsOver: 'trusted-tls',
            tls: ca ? { ca: issuer.cert } : {},
          });
          assert.equal(auth?.credentials.verdict, expected, JSON.stringify(auth?.credentials));
          assert.equal(auth?.credentials.sentInClear, false);
          assert.equal(outcome, expected === 'accepted' ? 'open' : 'auth-failed');
        } finally {
          await (recorder ?? secret).stop();
        }
        const names = (recorder?.sent ?? []).flatMap((packet) =>
          packet.cmd === 'connect' ? [packet.username] : [],
        );
        assert.ok(!names.includes(ALICE.username));
      });
    }

    for (const [name, code] of [
      ['accepts it', 0],
      ['refuses it', 0x86],
    ] as const) {
      it(`where a broker quotes it and ${name}`, async () => {
        const broker = await startFive({
          connack: ({ username }) => (username === ALICE.username ? code : 0x87),
          properties: ({ password = '' }) => ({
            reasonString: `seen: ${password}`,
            serverReference: `${password}:1`,
          }),
          inside: (socket, { username, password = '' }) => {
            if (username !== ALICE.username) return;
            const note = `it is ${password} again`;
            const said = { topic: `log/${password}`, payload: JSON.stringify({ temperature: 21.5, note }) };
            const bytes = generate({ cmd: 'publish', qos: 0, retain: true, dup: false, ...said }, FIVE);
            socket.on('data', () => socket.write(bytes));
          },
        });
        try {
          const live: unknown[] = [];
          const listen = { listenMs: 50, onReading: (reading: unknown) => live.push(reading) };
          const report = await one(broker.target, { credentials: ALICE, listen });
          const text = JSON.stringify([report, live]);
          assert.match(text, /"reasonString":"seen: \*\*\*"/);
          assert.equal(live.length > 0, code === 0);
          if (code === 0) {
            assert.match(text, /"samples":\["log\/\*\*\*"\]/);
            assert.match(text, /it is \*\*\* again/);
          }
          assert.ok(!text.includes(ALICE.password));
        } finally {
          await broker.stop();
        }
      });
    }

    it('when the process crashes, with all debug output on', async () => {
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', `${__dirname}/auth/crash.ts`, new URL(broker.target).port],
        {
          env: childEnvironment({
            LOGIN_USER: ALICE.username,
            LOGIN_PASSWORD: ALICE.password,
            DEBUG: '*',
            NODE_DEBUG: 'net,tls,stream',
          }),
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text;
        });
      }
      const [code] = await once(child, 'close');
      assert.notEqual(code, 0);
      assert.match(output, /crashed/);
      assert.match(output, /"credentials":\{"verdict":"accepted"/);
      assert.ok(!output.includes(ALICE.password));
      assert.doesNotMatch(output, new RegExp(`\\b${ALICE.username}\\b`));
    });
  });

  describe('tells how to repeat it', () => {
    const run = promisify(execFile);

    async function shell(
      command: string,
      { username, password }: Partial<Credentials> = {},
      files: Readonly<Record<string, string>> = {},
    ): Promise<{ code: number; output: string }> {
      const env = childEnvironment({ MQTT_USER: username ?? '', MQTT_PASSWORD: password ?? '', ...files });
      try {
        const { stdout } = await run('sh', ['-c', command], { env, timeout: 10_000 });
        return { code: 0, output: stdout };
      } catch (thrown) {
        const { code = -1, stdout = '' } = thrown as { code?: number; stdout?: string };
        return { code, output: stdout };
      }
    }

    async function clients(): Promise<void> {
      if (!(await findMosquitto())) throw new UnavailableError('mosquitto is not installed');
      const { code } = await shell('command -v mosquitto_sub mosquitto_pub');
      if (code !== 0) throw new UnavailableError('the clients of mosquitto are not installed');
    }

    it('by commands that come to the same', async function () {
      await orSkip(this, clients);
      const broker = await locked();
      let auth: AuthResult | undefined;
      try {
        ({ auth } = await one(broker.target, { credentials: ALICE, auth: { writeTest: true } }));
        assert.ok(auth);
        const { anonymous, credentials, randomLogin, anonymousVersions = [], anonymousVariants = [] } = auth;
        for (const login of [
          anonymous,
          credentials,
          randomLogin,
          ...anonymousVersions,
          ...anonymousVariants,
        ]) {
          if (!login || login.verdict === 'not-tested') continue;
          const { code } = await shell(login.evidence ?? 'false', ALICE);
          assert.equal(code === 0 ? 'accepted' : 'refused', login.verdict, login.evidence);
        }
        const [rights] = auth.authorisation;
        const everything = rights?.read.find(({ filter }) => filter === '#');
        // One message is enough to see.
        const command = everything?.evidence?.replace(' -W 5', ' -W 5 -C 1');
        const { output } = await shell(command ?? 'false', ALICE);
        assert.equal(output.trim(), 'site/a 1');
        assert.deepEqual(everything?.samples, ['site/a']);
        const written = await shell(rights?.writeEvidence ?? 'false', ALICE);
        assert.equal(written.output.trim(), 'canary');
      } finally {
        await broker.stop();
      }
    });

    it('by commands of the findings, also behind an authority that the system does not know', async function () {
      await orSkip(this, clients);
      const { ca, server, client } = await issued();
      const folder = await temporaryFolder('auth-commands');
      const files = { CA_FILE: ca.cert, CLIENT_CERTIFICATE: client.cert, CLIENT_KEY: client.key };
      const paths: Record<string, string> = {};
      for (const [name, text] of Object.entries(files)) {
        paths[name] = join(folder, name);
        await writeFile(paths[name], text);
      }
      const broker = await startMosquitto({
        config: [
          'cafile @/ca.pem\ncertfile @/server.pem\nkeyfile @/server.key',
          'require_certificate true\nuse_identity_as_username true\nallow_anonymous false',
        ].join('\n'),
        files: { 'ca.pem': ca.cert, 'server.pem': server.cert, 'server.key': server.key },
        transport: 'tls',
        retained: ['a/1', 'a/2', 'a/3', 'b/1', 'c/1'],
      });
      try {
        const tls = { ca: ca.cert, cert: client.cert, key: client.key };
        const { auth, risk } = await one(broker.target, { tls, tlsOptions: { depth: 'certificate' } });
        // Of five topics those are named that show how far the certificate reaches.
        const everything = auth?.authorisation[0]?.read.find(({ filter }) => filter === '#');
        assert.deepEqual(everything?.samples, ['a/1', 'b/1', 'c/1']);
        const commandOf = (id: string): string =>
          risk?.findings.find((finding) => finding.id === id)?.command?.replace(' -W 5', ' -W 5 -C 1') ??
          'false';
        assert.equal((await shell(commandOf('ACL-LOGIN-ALL'), {}, paths)).output.trim(), 'a/1 1');
        assert.match((await shell(commandOf('ACL-SYS-READ'), {}, paths)).output, /^\$SYS\/broker\//);
      } finally {
        await broker.stop();
      }
    });
  });
});
