import { ScanError } from '../model';
import { endingOf, formatOfEnding, type ReportFormat } from './formats';

/** Longest base name; file systems allow 255 bytes for the whole name. */
const MAX_BASENAME_CHARS = 64;
/** More digits than any folder will see; keeps every number exact. */
export const MAX_REPORT_NUMBER = 999_999_999;

/**
 * Checks the part of the file names that the user chooses: letters, digits, `_`, `-` and `.`, the last not
 * at the start, so that a name can neither leave its folder nor be hidden.
 * @throws ScanError `BAD_OPTION`
 */
export function assertBasename(basename: string): void {
  const reason = badBasename(basename);
  if (reason !== undefined) throw new ScanError('BAD_OPTION', { option: 'basename', reason });
}

function badBasename(basename: string): string | undefined {
  if (basename === '') return 'it is empty';
  if (basename.length > MAX_BASENAME_CHARS) return `it is longer than ${MAX_BASENAME_CHARS} characters`;
  if (basename.startsWith('.')) return 'it starts with a dot';
  if (!/^[A-Za-z0-9_.-]+$/.test(basename)) return 'only letters, digits, "_", "-" and "." are allowed';
  return undefined;
}

/** A report number as it is written: at least three digits. */
export function paddedNumber(number: number): string {
  return String(number).padStart(3, '0');
}

/** `mqtt_scan_report_001.pdf`, `mqtt_scan_report_001.sarif.json` */
export function reportName(basename: string, number: number, format: ReportFormat): string {
  return `${basename}_${paddedNumber(number)}.${endingOf(format)}`;
}

/** The hidden file that stands for a number that is taken: `.mqtt_scan_report_001.claim`. */
export function claimName(basename: string, number: number): string {
  return `.${basename}_${paddedNumber(number)}.claim`;
}

/** The hidden name under which a report is written before it appears. `unique` keeps writers apart. */
export function temporaryName(
  basename: string,
  number: number,
  format: ReportFormat,
  unique: string,
): string {
  return `.${reportName(basename, number, format)}.${unique}.tmp`;
}

/** Number and format of a report of ours, undefined for any other name. */
export function parseReportName(
  name: string,
  basename: string,
): { number: number; format: ReportFormat } | undefined {
  const prefix = `${basename}_`;
  if (!name.startsWith(prefix)) return undefined;
  const [, digits = '', ending = ''] = /^(\d{3,9})\.([a-z.]+)$/.exec(name.slice(prefix.length)) ?? [];
  const number = parseNumber(digits);
  const format = formatOfEnding(ending);
  return number !== undefined && format !== undefined ? { number, format } : undefined;
}

/** The number that a claim file stands for, undefined for any other name. */
export function parseClaimName(name: string, basename: string): number | undefined {
  const prefix = `.${basename}_`;
  if (!name.startsWith(prefix)) return undefined;
  const [, digits = ''] = /^(\d{3,9})\.claim$/.exec(name.slice(prefix.length)) ?? [];
  return parseNumber(digits);
}

/** True for the name of a file that a writer had not finished. */
export function isTemporaryName(name: string, basename: string): boolean {
  const match = /^\.(.+)\.[0-9a-f-]{36}\.tmp$/.exec(name);
  return match?.[1] !== undefined && parseReportName(match[1], basename) !== undefined;
}

/** True for exactly the names that reports with this base name have; nothing else may be served. */
export function isReportName(name: string, basename: string): boolean {
  return formatOfName(name, basename) !== undefined;
}

/** The format of a report by its file's name; undefined for any other name. */
export function formatOfName(name: string, basename: string): ReportFormat | undefined {
  return badBasename(basename) === undefined ? parseReportName(name, basename)?.format : undefined;
}

/** Only the spelling that is written: `001` and `1234`, neither `000` nor `0001`. */
function parseNumber(digits: string): number | undefined {
  const number = Number(digits);
  return number > 0 && paddedNumber(number) === digits ? number : undefined;
}
