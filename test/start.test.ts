import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { claimPort, freePort } from '../brokers/ports';
import { removeFolder, temporaryFolder } from './support/temporary-folders';

const ROOT = join(__dirname, '..');

interface Started {
  readonly child: ChildProcess;
  output(): string;
  /** Waits until the output has a text. */
  said(text: string): Promise<void>;
  /** Exit code, once it has ended. */
  ended(): Promise<number | null>;
}

/** Runs the command behind `npm start` without npm, so that signals reach it alone. */
function start(environment: Record<string, string>): Started {
  const child = spawn(process.execPath, [join(ROOT, 'scripts', 'start.mjs')], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      output += bytes.toString();
    });
  }
  const exit = once(child, 'exit');
  return {
    child,
    output: () => output,
    said: async (text) => {
      while (!output.includes(text)) {
        if (child.exitCode !== null || child.signalCode !== null)
          assert.fail(`it ended without saying "${text}":\n${output}`);
        await delay(50);
      }
    },
    ended: async () => (await exit)[0] as number | null,
  };
}

describe('npm start', function () {
  this.timeout(120_000);
  let data: string;
  let environment: Record<string, string>;
  let running: Started | undefined;

  before(async () => {
    data = await temporaryFolder('npm-start');
    const [nodeRed, plain, tls] = [await freePort(), await freePort(), await freePort()];
    environment = {
      MQTT_SCANNER_DATA: data,
      NODE_RED_PORT: String(nodeRed),
      LAB_PLAIN_PORT: String(plain),
      LAB_TLS_PORT: String(tls),
    };
  });

  afterEach(async () => {
    if (running?.child.exitCode === null) {
      running.child.kill('SIGKILL');
      await running.ended();
    }
    running = undefined;
  });

  after(() => removeFolder(data));

  it('scans the lab, says what it found and where the reports are, and ends all on Ctrl-C', async () => {
    running = start(environment);
    await running.said('Press Ctrl-C');
    const output = running.output();
    assert.match(
      output,
      /Ports scanned +2\n +Open brokers +2\n +Auth failures +0\n +Sensors +3\n +Risk +1 CRITICAL, 1 LOW/,
    );
    const [plain, tls] = output.split('\n').filter((line) => /^ +mqtts?:/.test(line));
    assert.equal(plain?.indexOf(' open '), tls?.indexOf(' open '), 'the columns stand below each other');
    assert.match(output, new RegExp(`http://127.0.0.1:${environment.NODE_RED_PORT}/ui/`));
    const reports = join(data, 'node-red', 'mqtt-scan-reports');
    for (const format of ['pdf', 'csv', 'json']) {
      const path = join(reports, `mqtt_scan_report_001.${format}`);
      assert.ok(output.includes(path), path);
      assert.ok((await readFile(path)).length > 100);
    }
    const origin = `http://127.0.0.1:${environment.NODE_RED_PORT}`;
    const script = `${origin}/resources/@mqtt-security/node-red-contrib-mqtt-scanner/editor.js`;
    assert.equal((await fetch(script)).status, 200, 'the editor would wait for it for ever');
    const dashboard = await fetch(`${origin}/ui/`);
    assert.equal(dashboard.status, 200);

    running.child.kill('SIGINT');
    assert.equal(await running.ended(), 0);
    for (const variable of ['NODE_RED_PORT', 'LAB_PLAIN_PORT', 'LAB_TLS_PORT']) {
      await claimPort('127.0.0.1', Number(environment[variable]), variable);
    }
  });

  it('starts again without a new installation and with the next number', async () => {
    running = start(environment);
    await running.said('Press Ctrl-C');
    assert.doesNotMatch(running.output(), /Installing/);
    assert.match(running.output(), /Scan 002/);
    running.child.kill('SIGTERM');
    assert.equal(await running.ended(), 0);
    const files = await readdir(join(data, 'node-red', 'mqtt-scan-reports'));
    assert.equal(files.filter((name) => name.endsWith('.pdf')).length, 2);
  });

  it('asks for logins that the environment sets, in the editor and on the dashboard', async () => {
    const logins = { NODE_RED_ADMIN_PASSWORD: 'admin-secret-1', NODE_RED_HTTP_PASSWORD: 'http-secret-2' };
    running = start({ ...environment, ...logins });
    await running.said('Press Ctrl-C');
    assert.match(running.output(), /Scan \d{3} /, 'npm start itself logs in');
    const url = `http://127.0.0.1:${environment.NODE_RED_PORT}`;
    const statuses = ['/flows', '/ui/', '/mqtt-scan-reports'].map(
      async (path) => (await fetch(url + path)).status,
    );
    assert.deepEqual(await Promise.all(statuses), [401, 401, 401]);
    const test = await fetch(`${url}/mqtt-scan-profile/any/test`, { method: 'POST' });
    assert.equal(test.status, 401, 'the test of a profile needs a login too');
    const headers = { Authorization: `Basic ${Buffer.from('admin:http-secret-2').toString('base64')}` };
    assert.equal((await fetch(`${url}/mqtt-scan-reports`, { headers })).status, 200);
    for (const secret of Object.values(logins)) assert.ok(!running.output().includes(secret));
    running.child.kill('SIGTERM');
    assert.equal(await running.ended(), 0);
  });

  for (const variable of ['NODE_RED_PORT', 'LAB_PLAIN_PORT', 'LAB_TLS_PORT']) {
    it(`says so when the port of ${variable} is busy`, async () => {
      const server = createServer().listen(Number(environment[variable]), '127.0.0.1');
      await once(server, 'listening');
      running = start(environment);
      const code = await running.ended();
      server.close();
      assert.equal(code, 1);
      assert.match(running.output(), new RegExp(`Port ${environment[variable]} .*${variable}`));
      assert.doesNotMatch(running.output(), /\n\s+at /, 'no stack trace');
    });
  }
});
