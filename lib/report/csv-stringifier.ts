/** The part of csv-writer that is used. */
interface RecordStringifier {
  stringifyRecords(records: unknown[][]): string;
}

interface CsvLibrary {
  createArrayCsvStringifier(options: {
    header?: string[];
    recordDelimiter: '\r\n';
    alwaysQuote: boolean;
  }): RecordStringifier;
}

function isCsvLibrary(value: unknown): value is CsvLibrary {
  return typeof value === 'object' && value !== null && 'createArrayCsvStringifier' in value;
}

function loadCsvLibrary(): CsvLibrary {
  // Not an import: csv-writer 1.6.0 offers its TypeScript sources as types, and those do not compile under
  // the compiler settings used here (exactOptionalPropertyTypes).
  const library: unknown = require('csv-writer');
  if (!isCsvLibrary(library)) throw new TypeError('csv-writer has no createArrayCsvStringifier');
  return library;
}

const library = loadCsvLibrary();
const plain = library.createArrayCsvStringifier({ recordDelimiter: '\r\n', alwaysQuote: false });
const quoting = library.createArrayCsvStringifier({ recordDelimiter: '\r\n', alwaysQuote: true });

// alwaysQuote skips what compares equal to '' (csv-writer's FieldStringifier.isEmpty); an object that
// turns into '' is quoted as `""`.
const QUOTED_EMPTY = { toString: () => '' };

/** Written once at the start of a file; in front of a title the stringifier would put it into quotes. */
export const BYTE_ORDER_MARK = '\u{FEFF}';

/** The header line, quoted only where a title needs it, ending in CRLF. */
export function headerLine(titles: readonly string[]): string {
  return plain.stringifyRecords([[...titles]]);
}

/** One record with every field quoted, empty ones too, ending in CRLF (RFC 4180). */
export function recordLine(fields: readonly string[]): string {
  return quoting.stringifyRecords([fields.map((field) => (field === '' ? QUOTED_EMPTY : field))]);
}
