import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { listReports, writeReport } from '../lib/report';
import { dataOf, plainEndpoint } from '../lib/report/testing';
import { runs } from './support/property-runs';
import { readCsv, readScanDocument } from './support/report-formats';

/** Writers side by side. */
const WRITERS = 4;
/** Kills in CI; `PROPERTY_RUNS=20` makes them 240. */
const KILLS = runs(12).numRuns;

describe('report writers that are killed', function () {
  this.timeout(60_000 + KILLS * 2000);
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'kill-'));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true, force: true });
  });

  it('leave whole files only, and no number twice', async () => {
    const told: number[] = [];
    const writer = (): ChildProcess => {
      const child = fork(
        path.join(__dirname, '..', 'lib', 'report', 'testing-writer.ts'),
        [directory, '100000', 'medium'],
        {
          execPath: process.execPath,
          execArgv: ['--import', 'tsx'],
          stdio: 'ignore',
        },
      );
      child.on('message', (number) => told.push(Number(number)));
      return child;
    };
    const children = Array.from({ length: WRITERS }, writer);
    await Promise.all(children.map((child) => once(child, 'message')));
    for (let kills = 0; kills < KILLS; kills += 1) {
      await delay(Math.random() * 60);
      const index = kills % WRITERS;
      const child = children[index];
      if (child === undefined) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
      children[index] = writer();
      // One that is killed while it starts writes nothing; every other time it gets as far as to write.
      if (kills % 2 === 0) await once(children[index], 'message');
    }
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));

    assert.ok(told.length > KILLS / 2, `${told.length} reports`);
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
