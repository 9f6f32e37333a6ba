import { ScanError } from '../../lib/model';
import { isWithin, type NumberRange, outside } from '../../lib/scan';

export interface NumberRules extends NumberRange {
  /** The property's name, as the error shows it. */
  readonly name: string;
  readonly fallback: number;
}

/**
 * Reads a number from a node's configuration. The editor stores texts, and `${ENV}` arrives as the text of the
 * variable. Empty means the default.
 * @throws ScanError BAD_OPTION
 */
export function numberOption(value: unknown, { name, fallback, ...range }: NumberRules): number {
  const given = typeof value === 'string' ? value.trim() : value;
  if (given === undefined || given === null || given === '') return fallback;
  const number = typeof given === 'string' ? Number(given) : given;
  if (isWithin(number, range)) return number;
  throw outside(name, range);
}

/** Reads a switch; `${ENV}` arrives as text. */
export function booleanOption(value: unknown, fallback: boolean): boolean {
  if (value === undefined || value === null || value === '') return fallback;
  return value === true || value === 'true' || value === 1 || value === '1';
}

/** Reads a text; empty means the default. */
export function textOption(value: unknown, fallback: string): string {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : fallback;
}

/** Reads one of some words. @throws ScanError BAD_OPTION */
export function choiceOption<T extends string>(
  value: unknown,
  name: string,
  choices: readonly T[],
  fallback: T,
): T {
  const text = textOption(value, fallback);
  const choice = choices.find((word) => word === text);
  if (choice !== undefined) return choice;
  throw new ScanError('BAD_OPTION', { option: name, reason: `it must be one of ${choices.join(', ')}` });
}

/** Filters are separated as targets are; a filter may contain blanks, so commas and lines count only. */
const FILTER_SEPARATORS = /\s*[,\n]\s*/;

/**
 * Reads a list of topic filters, as one text or as a list of texts; empty means the default.
 * @throws ScanError BAD_OPTION
 */
export function filtersOption(value: unknown, fallback: readonly string[]): readonly string[] {
  if (value !== undefined && value !== null && typeof value !== 'string') {
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    throw new ScanError('BAD_OPTION', { option: 'filters', reason: 'it must be a text or a list of texts' });
  }
  const text = textOption(value, '');
  return text === '' ? fallback : text.split(FILTER_SEPARATORS).filter(Boolean);
}
