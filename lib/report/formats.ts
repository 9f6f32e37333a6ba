import { ScanError } from '../model';

interface FormatFacts {
  /** What file names end in, after the number and a dot. */
  readonly ending: string;
  readonly contentType: string;
}

/** Every format that can be written, in the order in which they are listed. */
const FORMATS = {
  pdf: { ending: 'pdf', contentType: 'application/pdf' },
  csv: { ending: 'csv', contentType: 'text/csv; charset=utf-8' },
  json: { ending: 'json', contentType: 'application/json; charset=utf-8' },
  findings: { ending: 'findings.csv', contentType: 'text/csv; charset=utf-8' },
  sarif: { ending: 'sarif.json', contentType: 'application/sarif+json; charset=utf-8' },
  defectdojo: { ending: 'defectdojo.json', contentType: 'application/json; charset=utf-8' },
  junit: { ending: 'junit.xml', contentType: 'application/xml; charset=utf-8' },
  md: { ending: 'md', contentType: 'text/markdown; charset=utf-8' },
  html: { ending: 'html', contentType: 'text/html; charset=utf-8' },
} as const satisfies Readonly<Record<string, FormatFacts>>;

export type ReportFormat = keyof typeof FORMATS;

export const REPORT_FORMATS = Object.keys(FORMATS) as readonly ReportFormat[];

/** What the names of a format's files end in: `sarif.json`. */
export function endingOf(format: ReportFormat): string {
  return FORMATS[format].ending;
}

/** The media type of a format's files, as the HTTP header Content-Type has it. */
export function contentTypeOf(format: ReportFormat): string {
  return FORMATS[format].contentType;
}

/** The format whose files have this ending, in lower case; undefined when there is none. */
export function formatOfEnding(ending: string): ReportFormat | undefined {
  return REPORT_FORMATS.find((format) => FORMATS[format].ending === ending);
}

/**
 * The formats named in a list separated by commas or white space, each once, in the order given. A format may be
 * named by the ending of its files too (`sarif.json`).
 * @throws ScanError `REPORT_FORMAT` for an unknown name and for an empty list.
 */
export function parseFormats(text: string): ReportFormat[] {
  const formats = new Set<ReportFormat>();
  for (const word of text.split(/[\s,]+/u).filter((part) => part !== '')) {
    const name = word.toLowerCase();
    const format = REPORT_FORMATS.find((known) => known === name) ?? formatOfEnding(name);
    if (format === undefined) throw unknownFormat(word);
    formats.add(format);
  }
  if (formats.size === 0) throw unknownFormat(text.trim());
  return [...formats];
}

function unknownFormat(format: string): ScanError {
  return new ScanError('REPORT_FORMAT', { format, known: REPORT_FORMATS.join(', ') });
}
