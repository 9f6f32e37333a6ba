import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { ScanDocument } from '../../lib/model';
import { type ListedReport, listReports } from '../../lib/report';
import { FOLDERS } from './folders';

const BASENAME = 'mqtt_scan_report';
/** A scan of two brokers takes some six seconds, most of it listening. */
const LIMIT_MS = 60_000;

export interface FirstScan {
  readonly document: ScanDocument;
  readonly files: readonly ListedReport[];
}

/** The number of the newest report; 0 when there is none. */
export async function newestNumber(): Promise<number> {
  const [newest] = await listReports(FOLDERS.reports, BASENAME);
  return newest?.number ?? 0;
}

/** Waits for the report that comes after a number. @throws Error when none has come in time */
export async function reportAfter(number: number, signal: AbortSignal): Promise<FirstScan> {
  const deadline = Date.now() + LIMIT_MS;
  while (Date.now() < deadline) {
    const files = (await listReports(FOLDERS.reports, BASENAME)).filter((file) => file.number > number);
    const json = files.find(({ format }) => format === 'json');
    if (json && files.length >= 3) {
      return { document: JSON.parse(await readFile(json.path, 'utf8')) as ScanDocument, files };
    }
    await delay(200, undefined, { signal });
  }
  throw new Error(`No report was written within ${LIMIT_MS / 1000} s. See ${FOLDERS.log}.`);
}

/** The scan in a few lines. */
export function describeScan({ document, files }: FirstScan): string {
  const { summary, endpoints } = document;
  const levels = Object.entries(summary.risk).filter(([, count]) => count > 0);
  const lines = [
    `Scan ${String(document.number).padStart(3, '0')} of ${summary.targets.join(', ')} is done:`,
    `  Ports scanned    ${summary.endpointsScanned}`,
    `  Open brokers     ${summary.openBrokers}`,
    `  Auth failures    ${summary.authFailures}`,
    `  Sensors          ${summary.sensors}`,
    `  Risk             ${levels.map(([level, count]) => `${count} ${level}`).join(', ') || 'none'}`,
    '',
    ...columns(endpoints.map(({ url, outcome, risk }) => [url, outcome, risk?.level ?? ''])),
    '',
    'Reports:',
    ...files.map(({ path }) => `  ${path}`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Rows of texts, one below the other. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    `  ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}
