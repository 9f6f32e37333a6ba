/** A unit as it is shown, what it measures, and how a value becomes one of the first unit of its kind. */
interface Unit {
  readonly symbol: string;
  readonly factor: number;
  readonly offset: number;
}

/** Kinds of measure. Each row: symbol, factor to the first symbol's unit, spellings in lower case besides the symbol. */
const TABLE: Readonly<Record<string, readonly (readonly [string, number, string, number?])[]>> = {
  temperature: [
    ['°C', 1, 'c cel degc ℃ ºc c° celsius'],
    ['°F', 5 / 9, 'f degf ℉ ºf f° fahrenheit', -160 / 9],
    ['K', 1, 'kelvin', -273.15],
  ],
  share: [['%', 1, 'pct percent %rh %vwc perc']],
  pressure: [
    ['hPa', 1, 'mbar mb millibar'],
    ['Pa', 0.01, 'pascal'],
    ['kPa', 10, ''],
    ['bar', 1000, ''],
    ['mmHg', 1.333224, ''],
    ['inHg', 33.8639, ''],
    ['psi', 68.9476, ''],
  ],
  illuminance: [['lx', 1, 'lux']],
  irradiance: [['W/m²', 1, 'w/m2']],
  concentration: [
    ['ppm', 1, ''],
    ['ppb', 0.001, ''],
  ],
  density: [
    ['µg/m³', 1, 'ug/m3 μg/m³ ug/m³ µg/m3'],
    ['mg/m³', 1000, 'mg/m3'],
  ],
  power: [
    ['W', 1, 'watt watts'],
    ['kW', 1000, ''],
    ['mW', 0.001, ''],
    ['MW', 1e6, ''],
  ],
  apparent: [
    ['VA', 1, ''],
    ['kVA', 1000, ''],
  ],
  reactive: [
    ['var', 1, 'vard'],
    ['kvar', 1000, ''],
  ],
  energy: [
    ['kWh', 1, ''],
    ['Wh', 0.001, ''],
    ['MWh', 1000, ''],
    ['Wmin', 1 / 60_000, ''],
    ['MJ', 1 / 3.6, ''],
    ['J', 1 / 3.6e6, ''],
  ],
  voltage: [
    ['V', 1, 'volt volts'],
    ['mV', 0.001, 'millivolt millivolts'],
    ['kV', 1000, ''],
  ],
  current: [
    ['A', 1, 'amp amps ampere'],
    ['mA', 0.001, 'milliamp'],
  ],
  frequency: [
    ['Hz', 1, 'hertz'],
    ['kHz', 1000, ''],
    ['MHz', 1e6, ''],
    ['GHz', 1e9, ''],
  ],
  level: [
    ['dBm', 1, ''],
    ['dB', 1, 'dba db(a)'],
  ],
  distance: [
    ['m', 1, 'metre meter metres meters'],
    ['cm', 0.01, ''],
    ['mm', 0.001, ''],
    ['km', 1000, ''],
    ['in', 0.0254, 'inch'],
    ['ft', 0.3048, 'feet'],
    ['mi', 1609.344, 'mile miles'],
  ],
  speed: [
    ['m/s', 1, 'mps ms⁻¹'],
    ['km/h', 1 / 3.6, 'kmh kph kmph'],
    ['mph', 0.44704, ''],
    ['kn', 0.514444, 'knots knot kt'],
    ['ft/s', 0.3048, ''],
  ],
  angle: [['°', 1, 'deg degree degrees']],
  rain: [['mm/h', 1, 'mm/hr']],
  volume: [
    ['m³', 1, 'm3'],
    ['L', 0.001, 'litre liter l litres liters'],
    ['gal', 0.00378541, ''],
    ['ft³', 0.0283168, 'ft3 cf ccf'],
  ],
  flow: [
    ['m³/h', 1, 'm3/h'],
    ['L/min', 0.06, 'l/min lpm'],
    ['L/h', 0.001, 'l/h'],
  ],
  turbidity: [['NTU', 1, '']],
  weight: [
    ['kg', 1, ''],
    ['g', 0.001, 'gram grams'],
    ['lb', 0.453592, 'lbs'],
  ],
  conductivity: [
    ['µS/cm', 1, 'us/cm μs/cm'],
    ['mS/cm', 1000, ''],
  ],
  glucose: [
    ['mg/dL', 1, ''],
    ['mmol/L', 18.016, ''],
  ],
  rate: [['bpm', 1, '']],
  rotation: [['rpm', 1, 'r/min']],
  acceleration: [
    ['m/s²', 1, 'm/s2'],
    ['mg', 0.00980665, ''],
  ],
  data: [
    ['B', 1, 'byte bytes'],
    ['kB', 1000, 'kib'],
    ['MB', 1e6, 'mib'],
    ['GB', 1e9, 'gib'],
  ],
  duration: [
    ['s', 1, 'sec second seconds'],
    ['ms', 0.001, 'millisecond milliseconds'],
    ['min', 60, 'minute minutes'],
    ['h', 3600, 'hour hours'],
    ['d', 86_400, 'day days'],
  ],
};

export interface KnownUnit extends Unit {
  readonly measure: string;
}

const UNITS = new Map<string, KnownUnit>();
/** For names that keys carry, all in lower case; of two that differ in case only the first counts. */
const LOWER = new Map<string, KnownUnit>();
for (const [measure, rows] of Object.entries(TABLE)) {
  for (const [symbol, factor, spellings, offset = 0] of rows) {
    const unit = { symbol, factor, offset, measure };
    for (const name of [symbol, ...spellings.split(' ').filter(Boolean)]) {
      if (!UNITS.has(name)) UNITS.set(name, unit);
      if (!LOWER.has(name.toLowerCase())) LOWER.set(name.toLowerCase(), unit);
    }
  }
}

/** A unit by its symbol or spelling: `C`, `degC`, `hPa`, `µg/m³`. MW and mW differ, `LX` and `lx` do not. */
export function unitNamed(name: string): KnownUnit | undefined {
  const trimmed = name.trim();
  return UNITS.get(trimmed) ?? LOWER.get(trimmed.toLowerCase());
}

/** A value in the first unit of its kind, rounded to what a sensor may tell. */
export function inBaseUnit(value: number, { factor, offset }: Pick<Unit, 'factor' | 'offset'>): number {
  return value * factor + offset;
}
