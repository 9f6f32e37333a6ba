import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { listReports, writeReport } from '../lib/report';
import { dataOf, plainEndpoint } from '../lib/report/testing';
import { runs } from './support/property-runs';
import { readCsv, readScanDocument } from './support/report-formats';
import { removeFolder, temporaryFolder } from './support/temporary-folders';

/** Writers side by side. */
const WRITERS = 4;
/** Kills in CI; `PROPERTY_RUNS=20` makes them 240. */
const KILLS = runs(12).numRuns;

describe('report writers that are killed', function () {
  this.timeout(60_000 + KILLS * 4000);
  const children = new Set<ChildProcess>();
  let directory: string;

  beforeEach(async () => {
    directory = await temporaryFolder('kill');
  });

  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all([...children].map((child) => once(child, 'exit')));
    await removeFolder(directory);
  });

  it('leave whole files only, and no number twice', async () => {
    const told: number[] = [];
    const start = (): ChildProcess => {
      const program = path.join(__dirname, '..', 'lib', 'report', 'testing-writer.ts');
      const child = fork(program, [directory, '100000', 'medium'], {
        execPath: process.execPath,
        execArgv: ['--import', 'tsx'],
        stdio: 'ignore',
      });
      children.add(child);
      child.once('exit', () => children.delete(child));
      child.on('message', (number) => told.push(Number(number)));
      return child;
    };
    /** One writer after the other; each is killed at some moment after its first report. */
    const writeAndDie = async (kills: number): Promise<void> => {
      for (let done = 0; done < kills; done += 1) {
        const child = start();
        await once(child, 'message');
        await delay(Math.random() * 120);
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, () => writeAndDie(Math.ceil(KILLS / WRITERS))));

    assert.ok(told.length >= KILLS, `${told.length} reports`);
    assert.equal(new Set(told).size, told.length, 'a number was given twice');
    const reports = await listReports(directory, 'r');
    const highest = Math.max(...reports.map(({ number }) => number), ...told);
    for (const number of told) {
      const formats = reports.filter((one) => one.number === number).map(({ format }) => format);
      assert.deepEqual(formats, ['csv', 'json'], `report ${number}`);
    }
    for (const file of reports) {
      const text = await readFile(file.path, 'utf8');
      if (file.format === 'csv') readCsv(text);
      else assert.equal(readScanDocument(text).number, file.number);
    }
    const next = await writeReport(dataOf([plainEndpoint()]), {
      directory,
      basename: 'r',
      formats: ['csv'],
      timezone: 'UTC',
    });
    assert.ok(next.number > highest, `${next.number} after ${highest}`);
    const names = await readdir(directory);
    assert.ok(names.every((name) => name.startsWith('.') || /^r_\d{3,}\.(csv|json)$/.test(name)));
    console.log(`      ${KILLS} kills, ${told.length} reports told, next number ${next.number}`);
  });
});
