// Negative readings are numbers, not formulas: -3.1 must stay a number in the spreadsheet.
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

// Spreadsheets run a cell as a formula when it starts with one of these, and some skip white space before
// it. Full-width signs count as well (Excel with East Asian settings).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const FORMULA_START = /^\s*[=+\-@\t\r\n\u0000＝＋－＠]/u;

/**
 * A value as the text of a CSV cell. Text that a spreadsheet would run as a formula gets a leading `'`
 * (OWASP "CSV Injection", ASVS 5.0 §1.2.10); numbers stay numbers.
 */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  if (NUMBER.test(value)) return value;
  return FORMULA_START.test(value) ? `'${value}` : value;
}
