import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { anotherNetwork } from '../test/support/loopback';
import { findMosquitto } from './find-mosquitto';
import { listen } from './listener';
import { accepts } from './ports';

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as npm does; `started` is called once with the text that tells that it is running. */
async function runLab(
  args: string[],
  environment: NodeJS.ProcessEnv,
  started?: (out: string) => NodeJS.Signals | Promise<NodeJS.Signals>,
): Promise<Run> {
  const env = { ...process.env, LAB_PLAIN_PORT: '0', LAB_TLS_PORT: '0', ...environment };
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'lab.ts'), ...args], { env });
  let out = '';
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  let asked = false;
  const answers: Promise<void>[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (asked || !out.includes('Stop:') || started === undefined) return;
    asked = true;
    answers.push(Promise.resolve(started(out)).then((signal) => void child.kill(signal)));
  });
  const [code] = (await once(child, 'close')) as [number | null];
  await Promise.all(answers);
  return { code, out, err };
}

const portOf = (out: string, scheme: string): number =>
  Number(new RegExp(`${scheme}://127\\.0\\.0\\.1:(\\d+)`).exec(out)?.[1]);

describe('npm run lab', () => {
  it('says what it needs to say, and ends on Ctrl-C', async () => {
    let reached = false;
    const { code, out, err } = await runLab([], {}, async (text) => {
      reached =
        (await accepts('127.0.0.1', portOf(text, 'mqtt'))) &&
        (await accepts('127.0.0.1', portOf(text, 'mqtts')));
      return 'SIGINT' as const;
    });
    assert.equal(reached, true);
    assert.equal(err, '');
    assert.equal(code, 0);
    for (const word of [
      'labuser',
      'labpass',
      'ca.crt',
      'pir_insecure',
      'dht_secure',
      'ldr_secure',
      'mosquitto_sub',
      'Ctrl-C',
    ]) {
      assert.ok(out.includes(word), word);
    }
    assert.equal(await accepts('127.0.0.1', portOf(out, 'mqtt')), false);
    assert.equal(await accepts('127.0.0.1', portOf(out, 'mqtts')), false);
  });

  it('runs Mosquitto, and ends on SIGTERM', async function () {
    if ((await findMosquitto()) === undefined) this.skip();
    const { code, out, err } = await runLab(['--mosquitto', '--no-sensors'], {}, () => 'SIGTERM');
    assert.equal(err, '');
    assert.equal(code, 0);
    assert.match(out, /\(Mosquitto\)/);
    assert.equal(await accepts('127.0.0.1', portOf(out, 'mqtts')), false);
  });

  it('runs the practice range, with a card for each broker', async () => {
    const network = anotherNetwork();
    const { code, out, err } = await runLab(['--range'], { LAB_RANGE_NETWORK: network }, () => 'SIGINT');
    assert.equal(err, '');
    assert.equal(code, 0);
    assert.match(out, new RegExp(`Scan  ${network.replaceAll('.', '\\.')}\\.0/26, ws://`));
    assert.ok(out.split('\n  Wrong   ').length > 20);
    assert.match(out, /Range stopped/);
  });

  it('names a busy port in one line', async () => {
    const blocker = await listen(createServer(), '127.0.0.1', 0, '');
    const { code, out, err } = await runLab([], { LAB_TLS_PORT: String(blocker.port) });
    assert.equal(code, 1);
    assert.equal(out, '');
    assert.match(
      err,
      new RegExp(`^Port ${blocker.port} on 127\\.0\\.0\\.1 is already in use\\..*LAB_TLS_PORT\\.\\n$`),
    );
    await blocker.close();
  });

  it('tells a mistyped flag in one line', async () => {
    const { code, err } = await runLab(['--mosquito'], {});
    assert.equal(code, 1);
    assert.match(err, /^[^\n]*--mosquito[^\n]*\n$/);
  });
});
