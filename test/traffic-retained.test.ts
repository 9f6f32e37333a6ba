import assert from 'node:assert/strict';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { connect, type MqttClient } from 'mqtt';
import { type Lab, startEmbeddedLab } from '../brokers/embedded';
import type { EndpointReport } from '../lib/model';
import { Scope, type StageContext } from '../lib/net';
import {
  clearRetained,
  type RetainedOptions,
  readBackup,
  restoreRetained,
  writeBackup,
} from '../lib/traffic';
import { Flow, profile, sink } from './support/flow';
import { ROOT } from './support/packed-package';
import { run } from './support/programs';
import { loopbackContext } from './support/stage-context';
import { temporaryFolder } from './support/temporary-folders';

describe('retained messages', function () {
  this.timeout(30_000);
  let lab: Lab;
  let publisher: MqttClient;
  let folder: string;
  let report: EndpointReport;
  let context: StageContext;

  before(async () => {
    folder = await temporaryFolder('retained');
    lab = await startEmbeddedLab({ plainPort: 0, tlsPort: 0, directory: folder, sensors: false });
    publisher = connect(`mqtt://127.0.0.1:${lab.insecure.port}`);
    const { port } = lab.insecure;
    report = {
      ...{ target: '127.0.0.1', address: '127.0.0.1', port, transport: 'tcp', outcome: 'open' },
      url: `mqtt://127.0.0.1:${port}`,
      probe: { versions: [4], openedAs: 'anonymous' } as never,
    };
    context = loopbackContext({ phaseTimeoutMs: 3000 });
  });
  after(async () => {
    await publisher.endAsync();
    await lab.stop();
  });
  beforeEach(async () => {
    for (const [topic, payload] of [
      ['stale/a', '21.5'],
      ['stale/b', 'secret=1'],
      ['keep/c', '1'],
    ] as const) {
      await publisher.publishAsync(topic, payload, { retain: true, qos: 1 });
    }
  });

  const endpoint = () => ({ target: '127.0.0.1', address: '127.0.0.1', port: report.port, named: true });
  const options = (more: Partial<RetainedOptions> = {}): RetainedOptions => ({
    filters: ['stale/#'],
    dryRun: true,
    backup: (url, messages) => writeBackup(folder, url, messages),
    ...more,
  });
  const list = async (filters = ['#']) => {
    const { messages } = await clearRetained(endpoint(), report, options({ filters }), context);
    return messages
      .map(({ topic }) => topic)
      .filter((topic) => /^(?:stale|keep)/.test(topic))
      .sort();
  };

  it('are listed and left alone in a dry run', async () => {
    const result = await clearRetained(endpoint(), report, options(), context);
    assert.deepEqual(result.messages.map(({ topic, bytes, outcome }) => [topic, bytes, outcome]).sort(), [
      ['stale/a', 4, 'listed'],
      ['stale/b', 8, 'listed'],
    ]);
    assert.deepEqual([result.found, result.cleared, result.remaining], [2, 0, 2]);
    assert.equal(result.backup, undefined);
    assert.deepEqual(await list(), ['keep/c', 'stale/a', 'stale/b']);
  });

  it('are cleared under the filters only, after a backup from which they come back', async () => {
    const result = await clearRetained(endpoint(), report, options({ dryRun: false }), context);
    assert.deepEqual([result.found, result.cleared, result.remaining], [2, 2, 0]);
    assert.deepEqual(await list(), ['keep/c']);
    assert.ok(result.backup);
    assert.equal((await stat(result.backup)).mode & 0o777, 0o600);
    const messages = await readBackup(result.backup);
    assert.equal(await restoreRetained(endpoint(), report, messages, context), 2);
    assert.deepEqual(await list(), ['keep/c', 'stale/a', 'stale/b']);
  });

  it('of pictures are cleared too, and what is too large to keep is left alone and told', async () => {
    await publisher.publishAsync('stale/picture', Buffer.alloc(300_000, 0x5a), { retain: true, qos: 1 });
    await publisher.publishAsync('stale/firmware', Buffer.alloc(4_200_000, 0x5a), { retain: true, qos: 1 });
    const result = await clearRetained(endpoint(), report, options({ dryRun: false }), context);
    assert.deepEqual([result.cleared, result.capped], [3, true]);
    const [picture] = (await readBackup(result.backup ?? '')).filter(
      ({ topic }) => topic === 'stale/picture',
    );
    assert.equal(picture?.payload.length, 300_000);
    await publisher.publishAsync('stale/firmware', '', { retain: true, qos: 1 });
    const rest = await clearRetained(endpoint(), report, options(), context);
    assert.deepEqual([rest.found, rest.capped], [0, false]);
  });

  it('are shown without the secrets in their topics, which are whole in the backup', async () => {
    const token = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789';
    const topic = `stale/${token}/x`;
    await publisher.publishAsync(topic, '1', { retain: true, qos: 1 });
    const result = await clearRetained(endpoint(), report, options({ dryRun: false }), context);
    assert.ok(!JSON.stringify(result).includes('abcdefgh'));
    assert.deepEqual(
      result.messages.filter(({ redacted }) => redacted).map((one) => [one.topic, one.outcome]),
      [['stale/[redacted]/x', 'cleared']],
    );
    const messages = await readBackup(result.backup ?? '');
    assert.ok(messages.some((one) => one.topic === topic));
    assert.deepEqual(await list(['stale/#']), []);
  });

  it('are not cleared when the backup fails', async () => {
    const backup = () => Promise.reject(new Error('disk full'));
    await assert.rejects(
      clearRetained(endpoint(), report, options({ dryRun: false, backup }), context),
      /disk full/,
    );
    assert.deepEqual(await list(['stale/#']), ['stale/a', 'stale/b']);
  });

  it('are not cleared outside of the scope', async () => {
    const scope = Scope.parse('10.0.0.0/8');
    const clearing = clearRetained(endpoint(), report, options({ dryRun: false }), { ...context, scope });
    await assert.rejects(clearing, { code: 'OUT_OF_SCOPE' });
    assert.deepEqual(await list(['stale/#']), ['stale/a', 'stale/b']);
  });

  it('are what the node works on: listed by default, cleared when told to', async () => {
    for (const dryRun of [undefined, 'no', true, false]) {
      const node = {
        id: 'stage',
        type: 'retained-clear',
        profile: 'profile',
        filters: 'stale/#',
        wires: [['out']],
      };
      const flow = await Flow.load(
        [profile(), { ...node, ...(dryRun !== undefined && { dryRun }) }, sink('out')],
        {},
        { userDir: folder },
      );
      try {
        flow.send('stage', { payload: `127.0.0.1:${report.port}` });
        const { payload } = await flow.until('out');
        assert.equal(payload.retained.dryRun, dryRun !== false);
        assert.equal(payload.retained.found, 2);
        assert.equal(payload.retained.cleared, dryRun === false ? 2 : 0);
        assert.equal(payload.retained.remaining, dryRun === false ? 0 : 2);
        if (dryRun === false)
          assert.equal(dirname(payload.retained.backup), join(folder, 'mqtt-retained-backups'));
      } finally {
        await flow.unload();
      }
    }
    assert.deepEqual(await list(['stale/#']), []);
  });

  const refusedByNode = async (node: object, type = 'retained-clear'): Promise<string> => {
    const stage = {
      id: 'stage',
      type,
      profile: 'profile',
      filters: 'stale/#',
      wires: [['out'], []],
      ...node,
    };
    const flow = await Flow.load([profile(), stage, sink('out')]);
    try {
      flow.send('stage', { payload: `127.0.0.1:${report.port}` });
      const { error } = await flow.until('caught');
      assert.equal(error.code, 'BAD_OPTION');
      return error.message;
    } finally {
      await flow.unload();
    }
  };

  it('are not cleared by a Node-RED that has no place for the backup', async () => {
    assert.match(await refusedByNode({ dryRun: false }), /userDir.*no user directory/);
    assert.deepEqual(await list(['stale/#']), ['stale/a', 'stale/b']);
  });

  it('are not asked for with filters that no broker may take', async () => {
    for (const filters of ['a#', 'ok, a/#/b', '+a', 'a\0', '$share/g/#'])
      assert.match(await refusedByNode({ filters }), /"filters" is not valid/);
    assert.match(
      await refusedByNode({ filters: 'a/#/b' }, 'topic-sniffer'),
      /"filters" is not valid.*last level/,
    );
  });

  it('are what the command works on', async () => {
    const command = (...args: string[]) =>
      run(
        process.execPath,
        ['--import=tsx', 'scripts/clear-retained.ts', report.url, '--filter', 'stale/#', ...args],
        { cwd: ROOT },
      );
    assert.match(await command(), /2 retained messages.*\nNothing was changed/);
    const output = await command('--clear', '--backup', folder);
    const [, file = ''] = /Backup.*: (.*)/.exec(output) ?? [];
    assert.match(output, /cleared .*stale\/a[\s\S]*2 were cleared, 0 remain/);
    assert.match(await readFile(file, 'utf8'), /"topic":"stale\/a","payload":"MjEuNQ=="/);
    assert.match(await command('--restore', file), /2 of 2 messages/);
    assert.deepEqual(await list(['stale/#']), ['stale/a', 'stale/b']);
  });

  it('are not asked for by the command where it cannot be right', async () => {
    const refusal = (...args: string[]) =>
      run(process.execPath, ['--import=tsx', 'scripts/clear-retained.ts', ...args], { cwd: ROOT }).then(
        () => '',
        ({ message }: Error) => message,
      );
    // Refused before the target is looked at: there is nothing there.
    assert.match(await refusal('127.0.0.1:9', '--filter', 'a#'), /"filters" is not valid/);
    assert.match(await refusal('127.0.0.1:9', '--filter', ''), /is empty/);
    assert.match(await refusal('127.0.0.1:9'), /mqtt:\/\/127\.0\.0\.1:9: nothing listens there/);
  });
});
