import type { Sensor } from '../model';
import { yesOrNo } from './answers';
import { DHT, orderOf, type Quantity, quantityNamed } from './quantities';
import { inBaseUnit, type KnownUnit, unitNamed } from './units';

/** A plausible value of something, and where it stood. */
export interface Measured {
  readonly of: Quantity;
  readonly value: number | boolean;
  readonly unit?: string;
  /** JSON path, `payload`, or a metric's name. */
  readonly path: string;
}

/** What is known of how a sensor was recognised. */
export interface Recognition {
  readonly confidence: number;
  readonly convention?: string | undefined;
  readonly evidence?: string | undefined;
  /** What the sensor is called, where its readings do not say it. */
  readonly type?: string | undefined;
}

/** Readings of one message that are kept; a meter has about twenty. */
const MAX_READINGS = 24;

/** With as many decimals as programs write that do not round: `21.299999999999997`. */
const NUMBER = /^([-+]?\d{1,12}(?:[.,]\d{1,20})?)\s{0,2}(\S{0,8})$/;

/**
 * Makes a reading of a value, or nothing when it cannot be true.
 * @param unitName as the message tells it; the quantity's usual unit otherwise
 */
export function measure(
  quantity: Quantity,
  value: unknown,
  path: string,
  unitName?: string,
): Measured | undefined {
  if (!quantity.range) {
    const answer = yesOrNo(value, quantity);
    return answer === undefined ? undefined : { of: quantity, value: answer, path };
  }
  if (typeof value === 'boolean' || isWord(value)) return alarmOf(quantity, value, path);
  const [number, ownUnit] = numberIn(value);
  if (number === undefined) return undefined;
  const told = ownUnit || unitName;
  if (!told && quantity.name === 'battery' && isCellVoltage(number))
    return { of: quantityNamed('voltage'), value: number, path, unit: 'V' };
  if (!told && quantity.needsUnit) return undefined;
  if (!told && isRaw(quantity, number)) return { of: quantity, value: number, path };
  const given = told || (quantity.name === 'pressure' && isPascals(number) ? 'Pa' : quantity.unit);
  const unit = given ? unitNamed(given) : undefined;
  if (!isPlausible(quantity, number, unit)) return undefined;
  const symbol = unit?.symbol;
  return { of: quantity, value: number, path, ...(symbol !== undefined && { unit: symbol }) };
}

/** What a pin or a converter reads, which has no unit. */
function isRaw({ rawUpTo = 0, isAlsoDigital = false }: Quantity, value: number): boolean {
  if (isAlsoDigital && (value === 0 || value === 1)) return true;
  return Number.isInteger(value) && value > 100 && value <= rawUpTo;
}

function isPlausible({ range, measures }: Quantity, value: number, unit: KnownUnit | undefined): boolean {
  if (!range) return false;
  // A unit of another measure: the name means something else here.
  if (unit && !measures?.includes(unit.measure)) return false;
  const base = unit ? inBaseUnit(value, unit) : value;
  const [low, high] = PLANT_UNITS.has(unit?.symbol ?? '') ? PLANT_PRESSURE : range;
  return base >= low && base <= high;
}

/** The air is told in hPa; in these it may be the pressure of a pipe as well, up to that of hydraulics, in hPa. */
const PLANT_UNITS: ReadonlySet<string> = new Set(['bar', 'psi', 'kPa']);
const PLANT_PRESSURE = [-1000, 1e6] as const;

/** Devices of LoRaWAN call the voltage of their cells `battery`; a share is hardly told so, and not so low. */
function isCellVoltage(value: number): boolean {
  return value >= 1.5 && value <= 4.3 && !Number.isInteger(value);
}

/** Detectors tell by the same name that there is too much. */
const ALARMS: Readonly<Record<string, string>> = {
  CO: 'CO alarm',
  gas: 'gas alarm',
  'gas level': 'gas alarm',
  rain: 'raining',
};

function alarmOf({ name }: Quantity, value: boolean | string, path: string): Measured | undefined {
  const alarm = ALARMS[name];
  return alarm === undefined ? undefined : measure(quantityNamed(alarm), value, path);
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && !/\d/.test(value);
}

/** Libraries for barometers tell the air's pressure in pascals, and their users pass it on. */
function isPascals(value: number): boolean {
  return value >= 30_000 && value <= 110_000;
}

/** A number, and the unit that a text carries behind it. */
function numberIn(value: unknown): readonly [number | undefined, string] {
  if (typeof value === 'number') return [Number.isFinite(value) ? value : undefined, ''];
  const [, digits, unit = ''] = (typeof value === 'string' && NUMBER.exec(value.trim())) || [];
  if (digits === undefined || (unit !== '' && !unitNamed(unit))) return [undefined, ''];
  return [Number(digits.replace(',', '.')), unit];
}

/** One sensor out of what was read in one message, in the order of the quantities; nothing when nothing was. */
export function sensorOf(measured: readonly Measured[], known: Recognition): Sensor | undefined {
  const sorted = [...measured].sort((a, b) => orderOf(a.of) - orderOf(b.of)).slice(0, MAX_READINGS);
  const first = sorted.find(({ of }) => !of.isSecondary) ?? sorted[0];
  if (!first) return undefined;
  const texts = sorted.map(readingText);
  const { confidence, convention, evidence = first.path, type } = known;
  return {
    type: type ?? typeName(sorted, first),
    readings: sorted.map(({ of, value, unit }) => ({
      quantity: of.name,
      value,
      ...(unit !== undefined && { unit }),
    })),
    text: texts.join(', '),
    // Semicolons, so that the cell stays one cell in spreadsheets that split at commas; no degree sign, since
    // the column is read by programs too.
    summary: texts.map((text) => text.replace('°', '')).join('; '),
    confidence,
    ...(convention !== undefined && { convention }),
    evidence,
  };
}

function typeName(measured: readonly Measured[], first: Measured): string {
  const names = new Set(measured.map(({ of }) => of.name));
  if (names.has('temperature') && names.has('humidity')) return DHT;
  return first.of.sensor;
}

/** Digits of a reading that are shown; behind them stands what binary fractions make of a decimal one. */
const SHOWN_DIGITS = 10;

function readingText({ of, value: exact, unit }: Measured): string {
  if (typeof exact === 'boolean') return of.words?.[exact ? 0 : 1] ?? String(exact);
  const value = Number(exact.toPrecision(SHOWN_DIGITS));
  if (unit === '%') return of.name === 'humidity' ? `${value}%` : `${value}% ${of.name}`;
  if (unit === '°C' || unit === '°F') return `${value}${unit}`;
  if (unit === undefined) return `${of.name} ${value}`;
  return unit === '°' ? `${value}°` : `${value} ${unit}`;
}
