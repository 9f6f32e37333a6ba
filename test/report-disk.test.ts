import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { ScanError } from '../lib/model';
import { writeReport } from '../lib/report';
import { dataOf, plainEndpoint } from '../lib/report/testing';
import { removeFolder, temporaryFolder } from './support/temporary-folders';

const run = promisify(execFile);

const LARGE = dataOf(Array.from({ length: 3000 }, () => plainEndpoint({ target: 'x'.repeat(4096) })));

describe('a disk that does not take the reports', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await temporaryFolder('disk');
  });

  afterEach(async () => {
    await removeFolder(directory);
  });

  const options = (folder = directory) => ({
    directory: folder,
    basename: 'r',
    formats: ['csv', 'json'] as const,
    timezone: 'UTC',
  });
  const isFolderError = (thrown: unknown): boolean =>
    thrown instanceof ScanError && thrown.code === 'REPORT_FOLDER' && /Choose a folder/.test(thrown.message);
  const reports = async () => (await readdir(directory)).filter((name) => !name.endsWith('.claim'));

  it('because it is full: an error that says so, and nothing half', async function () {
    if (process.platform === 'win32') return this.skip();
    this.timeout(60_000);
    // A limit on the size of files stands for a full disk: writing fails in the middle, as it does there.
    const program = path.join(__dirname, '..', 'lib', 'report', 'testing-writer.ts');
    const writer = `exec "${process.execPath}" --import tsx "${program}" "${directory}" 1 heavy`;
    await assert.rejects(run('bash', ['-c', `ulimit -f 2048; ${writer}`]), (thrown) => {
      const { stderr } = thrown as { stderr: string };
      assert.match(stderr, /could not be written to .* \((EFBIG|ENOSPC)\)/);
      assert.match(stderr, /code: 'REPORT_FOLDER'/);
      return true;
    });
    assert.deepEqual(await reports(), []);
    const { number } = await writeReport(LARGE, options());
    assert.equal(number, 2);
  });

  it('because it is read-only', async function () {
    if (process.platform === 'win32') return this.skip();
    // The owner of the machine may write everywhere; only the kernel's own file systems refuse him.
    const folder = process.getuid?.() === 0 ? '/proc/sys' : directory;
    await chmod(directory, 0o500);
    await assert.rejects(writeReport(LARGE, options(path.join(folder, 'new'))), isFolderError);
    await chmod(directory, 0o700);
    assert.deepEqual(await reports(), []);
  });

  it('because the folder vanishes meanwhile', async function () {
    if (process.platform === 'win32') return this.skip();
    const folder = path.join(directory, 'deep');
    await mkdir(folder);
    const writing = writeReport(LARGE, options(folder));
    const told = assert.rejects(writing, isFolderError);
    while (!(await readdir(folder)).some((name) => name.endsWith('.tmp'))) await delay(1);
    await removeFolder(folder);
    await told;
    assert.deepEqual(await readdir(directory), []);
    await writeReport(LARGE, options(folder));
    assert.equal((await readdir(folder)).filter((name) => name.startsWith('r_')).length, 2);
  });
});
