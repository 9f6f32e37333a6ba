import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ScanError } from '../model';
import { listReports, writeReport } from './index';
import { claimName, temporaryName } from './names';
import { claimNumber, STALE_MS } from './numbering';
import { dataOf, plainEndpoint } from './testing';

const DATA = dataOf([plainEndpoint()]);

describe('report files', () => {
  let directory: string;
  const write = (formats: readonly ('pdf' | 'csv' | 'json')[] = ['csv'], signal?: AbortSignal) =>
    writeReport(DATA, { directory, basename: 'r', formats, timezone: 'UTC', ...(signal && { signal }) });
  const visible = async () => (await readdir(directory)).filter((name) => !name.startsWith('.')).sort();
  /** Until a report is being written. */
  const writing = async () => {
    for (;;) {
      const names = await readdir(directory).catch(() => []);
      if (names.some((name) => name.endsWith('.tmp'))) return;
      await setTimeout(1);
    }
  };
  const start = (count: number, weight = 'light'): ChildProcess =>
    fork(path.join(__dirname, 'testing-writer.ts'), [directory, String(count), weight], {
      execPath: process.execPath,
      execArgv: ['--import', 'tsx'],
    });

  beforeEach(async () => {
    directory = path.join(await mkdtemp(path.join(tmpdir(), 'reports-')), 'deep', 'er');
  });

  afterEach(async () => {
    await rm(path.dirname(path.dirname(directory)), { recursive: true, force: true });
  });

  it('share one number per scan, and only their owner can read them', async () => {
    const { number, files } = await write(['json', 'pdf', 'csv']);
    assert.equal(number, 1);
    assert.deepEqual(
      files.map(({ name }) => name),
      ['r_001.pdf', 'r_001.csv', 'r_001.json'],
    );
    for (const file of files) {
      const stats = await stat(file.path);
      assert.equal(stats.size, file.bytes);
      if (process.platform !== 'win32') assert.equal(stats.mode & 0o777, 0o600);
    }
    if (process.platform !== 'win32') assert.equal((await stat(directory)).mode & 0o777, 0o700);
    assert.equal((await write()).number, 2);
  });

  it('get distinct, consecutive numbers from many writers in several processes', async () => {
    const children = Array.from({ length: 4 }, () => start(10));
    const numbers: unknown[] = [];
    for (const child of children) child.on('message', (number) => numbers.push(number));
    const exits = await Promise.all(children.map((child) => once(child, 'exit')));
    assert.deepEqual(
      exits.map(([code]) => code),
      [0, 0, 0, 0],
    );
    assert.deepEqual(
      numbers.map(Number).sort((a, b) => a - b),
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
    assert.equal((await visible()).length, 80);
  });

  it('never get a number again, deleted or not', async () => {
    await write();
    await write();
    for (const name of await visible()) await rm(path.join(directory, name));
    assert.equal((await write()).number, 3);
  });

  it('count on from reports that were put there by hand, and past 999', async () => {
    await mkdir(directory, { recursive: true });
    await writeFile(path.join(directory, 'r_999.pdf'), '');
    await writeFile(path.join(directory, 'other_5000.pdf'), '');
    const { files } = await write();
    assert.equal(files[0]?.name, 'r_1000.csv');
  });

  it('are whole or not there when their writer is killed', async () => {
    const child = start(1, 'heavy');
    const gone = once(child, 'exit');
    await writing();
    await setTimeout(20);
    child.kill('SIGKILL');
    await gone;
    for (const name of await visible()) {
      const text = await readFile(path.join(directory, name), 'utf8');
      if (name.endsWith('.json')) JSON.parse(text);
      else assert.ok(text.endsWith('\r\n'));
    }
    assert.equal((await write()).number, 2);
  });

  it('leave nothing but the claim behind when the scan is aborted', async () => {
    const controller = new AbortController();
    const many = dataOf(Array.from({ length: 20_000 }, () => plainEndpoint()));
    const options = { directory, basename: 'r', formats: ['csv', 'json'] as const, timezone: 'UTC' };
    const report = writeReport(many, { ...options, signal: controller.signal });
    await writing();
    controller.abort(new Error('enough'));
    await assert.rejects(report, /enough/);
    assert.deepEqual(await readdir(directory), [claimName('r', 1)]);
  });

  it('say which folder cannot be written', async () => {
    const file = path.join(path.dirname(path.dirname(directory)), 'file');
    await writeFile(file, '');
    for (const bad of [path.join(file, 'sub'), file, '', 'a\0b']) {
      await assert.rejects(
        writeReport(DATA, { directory: bad, basename: 'r', formats: ['csv'], timezone: 'UTC' }),
        (thrown) =>
          thrown instanceof ScanError && thrown.code === 'REPORT_FOLDER' && thrown.params.directory === bad,
      );
    }
    await assert.rejects(
      listReports(file, 'r'),
      (thrown) => thrown instanceof ScanError && thrown.code === 'REPORT_FOLDER',
    );
  });

  it('are listed newest first; what is not a report of ours is not', async () => {
    assert.deepEqual(await listReports(directory, 'r'), []);
    await write(['csv', 'json']);
    await write();
    await mkdir(path.join(directory, 'r_003.csv'));
    await symlink('/etc/hostname', path.join(directory, 'r_004.csv'));
    await writeFile(path.join(directory, 'r_005.txt'), '');
    assert.deepEqual(
      (await listReports(directory, 'r')).map(({ number, name }) => [number, name]),
      [
        [2, 'r_002.csv'],
        [1, 'r_001.csv'],
        [1, 'r_001.json'],
      ],
    );
  });

  it('give up a number that was claimed too long after the folder was read', async () => {
    await mkdir(directory, { recursive: true });
    const times = [0, STALE_MS, STALE_MS, STALE_MS + 1];
    const number = await claimNumber(directory, 'r', () => times.shift() ?? STALE_MS + 2);
    assert.equal(number, 2);
  });

  it('have old claims and the files of dead writers cleaned up, but never the newest claim', async () => {
    await mkdir(directory, { recursive: true });
    const dead = temporaryName('r', 1, 'pdf', '00000000-0000-0000-0000-000000000000');
    const fresh = temporaryName('r', 1, 'pdf', '00000000-0000-0000-0000-000000000001');
    const old = new Date(Date.now() - STALE_MS - 60_000);
    for (const name of [claimName('r', 1), claimName('r', 40), dead, fresh, '.r_keep.tmp']) {
      await writeFile(path.join(directory, name), '');
      if (name !== fresh) await utimes(path.join(directory, name), old, old);
    }
    assert.equal((await write()).number, 41);
    assert.deepEqual(
      (await readdir(directory)).sort(),
      [claimName('r', 40), claimName('r', 41), fresh, '.r_keep.tmp', 'r_041.csv'].sort(),
    );
  });
});
