import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ScanDocument } from '../../lib/model';
import { run } from './programs';

/** One report in all of its formats. */
export interface ReadReport {
  readonly json: ScanDocument;
  readonly csv: { readonly header: string; readonly rows: readonly CsvRow[] };
  readonly pdf: Buffer;
  readonly pdfPath: string;
}

export type CsvRow = Readonly<Record<string, string>>;

const POLL_MS = 50;

/** The path of one file of a report, in the folder that is the default. */
export function reportPath(userDir: string, number: number, format: string): string {
  const name = `mqtt_scan_report_${String(number).padStart(3, '0')}.${format}`;
  return join(userDir, 'mqtt-scan-reports', name);
}

/** Waits for all files of a report and reads them. */
export async function waitForReport(userDir: string, number: number, withinMs = 20_000): Promise<ReadReport> {
  const deadline = Date.now() + withinMs;
  const path = (format: string): string => reportPath(userDir, number, format);
  while (!['pdf', 'csv', 'json'].every((format) => existsSync(path(format)))) {
    assert.ok(Date.now() < deadline, `report ${number} was not written within ${withinMs} ms`);
    await delay(POLL_MS);
  }
  return {
    json: JSON.parse(await readFile(path('json'), 'utf8')) as ScanDocument,
    csv: parseCsv(await readFile(path('csv'), 'utf8')),
    pdf: await readFile(path('pdf')),
    pdfPath: path('pdf'),
  };
}

const FIELD = '"(?:[^"]|"")*"';
const RECORD = new RegExp(`^${FIELD}(,${FIELD})*$`);

/** Reads a report with a plain header line and records whose every field is quoted. */
function parseCsv(text: string): ReadReport['csv'] {
  assert.ok(text.startsWith('\uFEFF'), 'Excel needs the byte order mark to see UTF-8');
  const [header = '', ...records] = text
    .slice(1)
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
  const names = header.split(',');
  const rows = records.map((record) => {
    assert.match(record, RECORD, 'every field must be quoted');
    const fields = [...record.matchAll(new RegExp(FIELD, 'g'))].map(([field]) => unquoted(field));
    assert.equal(fields.length, names.length);
    return Object.fromEntries(names.map((name, i) => [name, fields[i] ?? '']));
  });
  return { header, rows };
}

function unquoted(field: string): string {
  return field.slice(1, -1).replaceAll('""', '"');
}

/** The text of a PDF; undefined where the program pdftotext is not installed. */
export async function pdfText(path: string): Promise<string | undefined> {
  try {
    return await run('pdftotext', ['-layout', path, '-'], { cwd: '.' });
  } catch (thrown) {
    const isMissing = (thrown as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isMissing || process.env.CI === 'true') throw thrown;
    console.warn('  !! The text of the PDF is not checked: pdftotext is not installed.');
    return undefined;
  }
}
