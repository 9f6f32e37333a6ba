// Negative readings are numbers, not formulas: -3.1 must stay a number in the spreadsheet.
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

// Spreadsheets run a cell as a formula when it starts with one of these, and some skip white space before
// it. Full-width signs count as well (Excel with East Asian settings).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const FORMULA_START = /^\s*[=+\-@\t\r\n\u0000＝＋－＠]/u;

// Where the list separator of the system is `;`, a spreadsheet that opens the file by a click begins a new cell after
// every one, and the quotes do not hold it back: they are quotes only at the start of what it takes for a cell.
const FORMULA_AFTER_SEMICOLON =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /;(\s*)(?=[=+\-@\t\r\n\u0000＝＋－＠])(?!-\d+(?:\.\d+)?\s*(?:°?[A-Za-z%]{0,3})(?:;|$))/gu;

/**
 * A value as the text of a CSV cell. Text that a spreadsheet would run as a formula gets a leading `'`
 * (OWASP "CSV Injection", ASVS 5.0 §1.2.10), and so does what follows a `;`; numbers stay numbers, and so does a
 * reading below zero after a `;` (`31.5C; -4C`).
 */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  if (NUMBER.test(value)) return value;
  const text = value.includes(';') ? value.replace(FORMULA_AFTER_SEMICOLON, ";$1'") : value;
  return FORMULA_START.test(text) ? `'${text}` : text;
}
