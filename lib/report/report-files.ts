import { randomUUID } from 'node:crypto';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { RiskLevel } from '../model';
import { publish, removeAll, writeDurably } from './atomic-file';
import { renderCsv } from './csv';
import type { Renderer, RenderOptions, ReportData } from './data';
import { assertTimezone } from './dates';
import { renderDefectDojo } from './defectdojo';
import { renderFindingsCsv } from './findings-csv';
import { makeFolder } from './folder';
import { REPORT_FORMATS, type ReportFormat } from './formats';
import { folderError, isErrno } from './fs-error';
import { renderHtml } from './html';
import { renderJson } from './json';
import { renderJunit } from './junit';
import { renderMarkdown } from './markdown';
import { assertBasename, parseReportName, reportName, temporaryName } from './names';
import { claimNumber } from './numbering';
import { renderPdf } from './pdf/document';
import { removeOldReports } from './retention';
import { renderSarif } from './sarif';

export interface ReportOptions {
  /** Created with access for its owner only when it does not exist. */
  readonly directory: string;
  /** What file names start with: `mqtt_scan_report`. */
  readonly basename: string;
  readonly formats: readonly ReportFormat[];
  /** IANA name of the zone in which times are written. */
  readonly timezone: string;
  /** Reports that stay; older ones are removed once this one is written. All stay unless given. */
  readonly keep?: number;
  /** From this level on a finding is a failure in the JUnit format. */
  readonly failFrom?: RiskLevel;
  readonly signal?: AbortSignal;
  /** Told now and then, at the start of each format at least. */
  readonly onProgress?: (progress: ReportProgress) => void;
}

export interface ReportProgress {
  readonly format: ReportFormat;
  /** The part of this format that is done: 0 … 1. */
  readonly part: number;
}

export interface ReportFile {
  readonly format: ReportFormat;
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

export interface WrittenReport {
  readonly number: number;
  readonly files: ReportFile[];
}

export interface ListedReport extends ReportFile {
  readonly number: number;
}

const RENDERERS: Readonly<Record<ReportFormat, Renderer>> = {
  pdf: renderPdf,
  csv: renderCsv,
  json: renderJson,
  findings: renderFindingsCsv,
  sarif: renderSarif,
  defectdojo: renderDefectDojo,
  junit: renderJunit,
  md: renderMarkdown,
  html: renderHtml,
};

/**
 * Writes a scan in all formats asked for, under the next number of the folder. The files appear together
 * and complete, or not at all.
 * @throws ScanError `BAD_OPTION` (base name), `BAD_TIMEZONE`, `REPORT_FOLDER` (anything the file system
 *   refuses); the signal's reason when it is aborted
 */
export async function writeReport(data: ReportData, options: ReportOptions): Promise<WrittenReport> {
  const { directory, basename, timezone, signal } = options;
  assertBasename(basename);
  assertTimezone(timezone);
  signal?.throwIfAborted();
  try {
    await makeFolder(directory);
    const number = await claimNumber(directory, basename);
    const { failFrom } = options;
    const render: RenderOptions = {
      number,
      timezone,
      ...(failFrom && { failFrom }),
      ...(signal && { signal }),
    };
    const files = await writeFiles(data, options, render);
    if (options.keep !== undefined) await removeOldReports(directory, basename, number, options.keep);
    return { number, files };
  } catch (thrown) {
    throw folderError(thrown, directory);
  }
}

async function writeFiles(
  data: ReportData,
  options: ReportOptions,
  render: RenderOptions,
): Promise<ReportFile[]> {
  const { directory, basename, signal, onProgress } = options;
  const unique = randomUUID();
  const pending = REPORT_FORMATS.filter((format) => options.formats.includes(format)).map((format) => {
    const name = reportName(basename, render.number, format);
    return {
      format,
      name,
      final: path.join(directory, name),
      temporary: path.join(directory, temporaryName(basename, render.number, format, unique)),
    };
  });
  try {
    const files: ReportFile[] = [];
    for (const { format, name, final, temporary } of pending) {
      const tell = onProgress && ((part: number) => onProgress({ format, part }));
      tell?.(0);
      const told: RenderOptions = tell ? { ...render, onProgress: tell } : render;
      const bytes = await writeDurably(temporary, RENDERERS[format](data, told), signal);
      files.push({ format, name, path: final, bytes });
    }
    signal?.throwIfAborted();
    await publish(pending, directory);
    return files;
  } catch (thrown) {
    await removeAll(pending.map(({ temporary }) => temporary));
    throw thrown;
  }
}

/**
 * The reports in a folder, newest number first; none when the folder does not exist.
 * @throws ScanError `BAD_OPTION` (base name), `REPORT_FOLDER`
 */
export async function listReports(directory: string, basename: string): Promise<ListedReport[]> {
  assertBasename(basename);
  try {
    const reports: ListedReport[] = [];
    for (const name of await readdir(directory)) {
      const parsed = parseReportName(name, basename);
      if (parsed === undefined) continue;
      const file = path.join(directory, name);
      const bytes = await sizeOf(file);
      if (bytes !== undefined) reports.push({ ...parsed, name, path: file, bytes });
    }
    return reports.sort((a, b) => b.number - a.number || order(a.format) - order(b.format));
  } catch (thrown) {
    if (isErrno(thrown, 'ENOENT')) return [];
    throw folderError(thrown, directory);
  }
}

function order(format: ReportFormat): number {
  return REPORT_FORMATS.indexOf(format);
}

/** Bytes of a regular file; undefined for a link, a folder, and what has just been deleted. */
async function sizeOf(file: string): Promise<number | undefined> {
  try {
    const stats = await lstat(file);
    return stats.isFile() ? stats.size : undefined;
  } catch (thrown) {
    if (isErrno(thrown, 'ENOENT')) return undefined;
    throw thrown;
  }
}
