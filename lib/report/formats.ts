import { ScanError } from '../model';

/** Formats that can be written, in the order in which they are listed. */
export const REPORT_FORMATS = ['pdf', 'csv', 'json'] as const;

export type ReportFormat = (typeof REPORT_FORMATS)[number];

/** True when a text names a format, in lower case as it stands in file names. */
export function isReportFormat(text: string): text is ReportFormat {
  return REPORT_FORMATS.some((format) => format === text);
}

/**
 * The formats named in a list separated by commas or white space, each once, in the order given.
 * @throws ScanError `REPORT_FORMAT` for an unknown name and for an empty list.
 */
export function parseFormats(text: string): ReportFormat[] {
  const formats = new Set<ReportFormat>();
  for (const word of text.split(/[\s,]+/u).filter((part) => part !== '')) {
    const format = word.toLowerCase();
    if (!isReportFormat(format)) throw unknownFormat(word);
    formats.add(format);
  }
  if (formats.size === 0) throw unknownFormat(text.trim());
  return [...formats];
}

function unknownFormat(format: string): ScanError {
  return new ScanError('REPORT_FORMAT', { format, known: REPORT_FORMATS.join(', ') });
}
