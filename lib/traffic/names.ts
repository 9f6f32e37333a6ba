import { normalised, type Quantity, quantityNamed, quantityOfKey, quantityOfMeasure } from './quantities';
import { unitNamed } from './units';

/** What a key or a level of a topic says. */
export interface Named {
  readonly quantity: Quantity;
  /** As the name tells it: `temp_f`. */
  readonly unit?: string;
  /** 1 for a name that is known as it is, less where only a part of it is. */
  readonly certainty: number;
}

/** Names in other languages; topics are named by people. */
const FOREIGN: Readonly<Record<string, string>> = {
  temperature:
    'temperatur température temperatura suhu температура 温度 temperatuur lämpötila teplota sıcaklık',
  humidity:
    'feuchte feuchtigkeit luftfeuchte luftfeuchtigkeit humidité humedad umidità umidade humidade kelembaban kelembapan влажность 湿度 vochtigheid luftfuktighet fuktighet vlhkost wilgotność nem',
  pressure:
    'druck luftdruck pression presión presion pressione pressão tekanan давление 气压 luchtdruk tlak ciśnienie',
  illuminance:
    'helligkeit luminosité luminosidad luminosità beleuchtungsstärke освещенность 照度 lichtsterkte',
  light: 'cahaya',
  motion: 'bewegung mouvement movimiento movimento gerakan движение beweging pohyb ruch',
  power: 'leistung puissance potencia potenza potência daya kuasa мощность vermogen výkon moc',
  energy: 'energie énergie energía energia zählerstand tenaga энергия',
  voltage: 'spannung tension tensión tensione tensão voltan напряжение spanning napětí napięcie',
  current: 'strom courant corriente stromstärke stroom proud prąd arus',
  battery: 'batterie batería batteria bateria bateri акку батарея accu baterie akku',
  water: 'wasserzähler wasserzaehler compteureau',
  rain: 'regen pluie lluvia pioggia chuva hujan дождь niederschlag neerslag',
  'wind speed': 'windgeschwindigkeit vitessevent kelajuanangin',
  opening: 'tür tuer fenster porte fenêtre puerta ventana porta finestra pintu tingkap deur raam',
  'soil moisture': 'bodenfeuchte humiditésol humedadsuelo kelembabantanah kelembapantanah tanah',
  distance: 'entfernung abstand distancia distanza jarak',
  'water level': 'wasserstand niveaudeau parasair arasair ketinggianair',
  weight: 'gewicht poids berat',
  vibration: 'getaran',
  turbidity: 'kekeruhan trübung',
  switch: 'lampu kipas pam lampe pumpe',
};
const BY_FOREIGN_NAME = new Map(
  Object.entries(FOREIGN).flatMap(([name, words]) =>
    words.split(' ').flatMap((word) => {
      // Topics are often written without accents.
      const plain = word.normalize('NFD').replace(/\p{M}/gu, '');
      return [[word, quantityNamed(name)] as const, [plain, quantityNamed(name)] as const];
    }),
  ),
);

/** Parts of a name that make it a setting, a limit or a statistic instead of what is measured now. */
const NOT_MEASURED: ReadonlySet<string> = new Set(
  [
    'set setpoint target desired min minimum max maximum limit threshold offset calibration',
    'correction unit units interval count counter id time timestamp timeout duration mode type',
    'name status level low high alarm alert enabled sensitivity hysteresis step period',
    'schedule mean avg average trend delay address key restart on source index price cost',
    'version factor ok full charging state saver plugged health error errors failure failures',
    'per rated nominal sel color colour tariff ct eur usd supports supported installed',
    'configured',
  ].flatMap((words) => words.split(' ')),
);
/** Parts that say nothing more of it. */
const FILLER =
  /^(?:curr|act|actual|value|val|reading|sensor|measured|measurement|ist|istwert|aktuell|phase|l[123]n?|n|ac|dc|left|right|center|top|bottom)$/;
/** Of a meter for three phases: `U_L1`. */
const PHASE = /^([uvip])l[123]n?$/;
const OF_PHASE: Readonly<Record<string, string>> = { u: 'voltage', v: 'voltage', i: 'current', p: 'power' };
/** Units that mean one thing wherever they end a name, and as a name. */
const TELLING = /^(?:kw|kwh|wh|kva|hpa|kpa|mbar|psi|rpm|hz|degc|celsius|lpm)$/;
/** Names whose unit those who send them have fixed. */
const FIXED: Readonly<Record<string, readonly [quantity: string, unit: string]>> = {
  electricitycurrentlydelivered: ['power', 'kW'],
  electricitycurrentlyreturned: ['power', 'kW'],
  electricitydelivered: ['energy', 'kWh'],
  electricityreturned: ['energy', 'kWh'],
  yieldtotal: ['energy', 'kWh'],
  yieldday: ['energy', 'Wh'],
  syspress: ['pressure', 'bar'],
  totalm3: ['water', 'm³'],
  gasppm: ['gas level', 'ppm'],
  levelcm: ['distance', 'cm'],
  levelmm: ['distance', 'mm'],
  volumel: ['volume', 'L'],
  watermeterreading: ['water', 'm³'],
};
/** Words written together: `outdoortemp`, `gridpower`. */
const TOGETHER = /^(\p{Ll}{2,16})(temperature?|temp|humidity|feuchte|voltage|spannung|power|leistung)$/u;
const NOT_TOGETHER =
  /(?:set|sel|target|des|desired|max|min|limit|rated|nominal|over|under|avg|mean)$|^(?:low|high|full|half|man|will|fire|horse|em|super)$/;
/** Units that stand at the end of a key without a separator: `tempc`, `pressurehpa`. */
const JOINED =
  /^(.{2,}?)(c|f|pct|percent|ppm|hpa|pa|kw|w|kwh|wh|mv|v|ma|a|lx|lux|dbm|mm|ms|kmh|celsius|fahrenheit|volts)$/;
/** What may have a place or a number behind it: `temperature_kitchen`, `hum2`. */
const PLACEABLE: ReadonlySet<string> = new Set([
  'temperature',
  'humidity',
  'pressure',
  'illuminance',
  'battery',
]);
/** What may have a number behind it besides. */
const CHANNELS: ReadonlySet<string> = new Set([
  'power',
  'voltage',
  'current',
  'energy',
  'switch',
  'angle',
  'distance',
  'soil moisture',
  'motion',
]);
const SEPARATOR = /[\s_\-.:]+/;
const CAMEL = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{L}{3})(?=\p{N}+$)/u;

/** `pm_2_5` is one word. */
const PARTICLES = /pm[ _-]?(1|2|10)(?:[ _.](5|0))?(?![0-9])/i;
/** Humidity in grams, not as a share. */
const ABSOLUTE = /^(?:a|abs|absolute)$/;

const MAX_NAME = 64;
/** Units with a capital letter inside are no longer: `kWh`. */
const MAX_UNIT = 4;
const known = new Map<string, Named | undefined>();
const MAX_KNOWN = 4000;

/** What a name says about the value under it; the answer is kept, since devices repeat their names for ever. */
export function quantityCalled(name: string): Named | undefined {
  if (name.length > MAX_NAME) return undefined;
  if (known.has(name)) return known.get(name);
  if (known.size >= MAX_KNOWN) known.clear();
  const answer = lookUp(name);
  known.set(name, answer);
  return answer;
}

function lookUp(given: string): Named | undefined {
  const name = /pm/i.test(given) ? given.replace(PARTICLES, 'pm$1$2') : given;
  const whole = normalised(name);
  const exact = quantityOfKey(whole);
  if (exact) return { quantity: exact, certainty: 1 };
  const foreign = BY_FOREIGN_NAME.get(whole);
  if (foreign) return { quantity: foreign, certainty: 0.8 };
  const parts = partsOf(name);
  if (parts.length === 2 && ABSOLUTE.test(parts[0] ?? '') && /^hum/.test(parts[1] ?? '')) return undefined;
  const last = parts.at(-1) ?? '';
  const withUnit = parts.length > 1 ? inUnit(parts.slice(0, -1), last) : undefined;
  const [, base = '', suffix = ''] = JOINED.exec(whole) ?? [];
  const found = withUnit ?? inUnit([base], suffix) ?? ofMeter(whole, parts);
  if (found) return found;
  // Channels of a device, as Cayenne LPP counts them: `relative_humidity_2`.
  const channel = /^\d{1,3}$/.test(last) ? quantityOfKey(parts.slice(0, -1).join('')) : undefined;
  if (channel && (PLACEABLE.has(channel.name) || CHANNELS.has(channel.name)))
    return { quantity: channel, certainty: 0.9 };
  const telling = parts.filter((part) => !FILLER.test(part));
  if (telling.length < parts.length && telling.length > 0) {
    const found = lookUp(telling.join('_'));
    return found && { ...found, certainty: 0.9 * found.certainty };
  }
  const together = TOGETHER.exec(name);
  if (together && !NOT_TOGETHER.test(together[1] ?? '')) {
    const quantity = ofWord(together[2] ?? '');
    if (quantity) return { quantity, certainty: 0.7 };
  }
  if (parts.length < 2 || parts.length > 4 || parts.some((part) => NOT_MEASURED.has(part))) return undefined;
  const ofLast = ofWord(last);
  if (ofLast) return { quantity: ofLast, certainty: 0.8 };
  const ofFirst = ofWord(parts[0] ?? '');
  return ofFirst && PLACEABLE.has(ofFirst.name) ? { quantity: ofFirst, certainty: 0.7 } : undefined;
}

function ofWord(word: string): Quantity | undefined {
  return quantityOfKey(word) ?? BY_FOREIGN_NAME.get(word);
}

/** `airTemperature`, `air_temperature`; but `kPa` is one word. */
function partsOf(name: string): string[] {
  const words = name.split(SEPARATOR).filter(Boolean);
  return words
    .flatMap((word) => (word.length <= MAX_UNIT && unitNamed(word) ? [word] : word.split(CAMEL)))
    .map(normalised)
    .filter(Boolean);
}

/** True where a name says that its value is a setting, a limit or a statistic. */
export function isSetting(name: string): boolean {
  return name.length <= MAX_NAME && partsOf(name).some((part) => NOT_MEASURED.has(part));
}

function inUnit(parts: readonly string[], unitName: string): Named | undefined {
  if (unitName === '') return undefined;
  const unit = unitNamed(unitName);
  // `water_level_cm`: a level alone is a bound.
  const whole = ofWord(parts.join(''));
  if (!whole && parts.some((part) => NOT_MEASURED.has(part))) return undefined;
  const quantity = whole ?? ofWord(parts.at(-1) ?? '');
  return unit && quantity?.measures?.includes(unit.measure)
    ? { quantity, unit: unit.symbol, certainty: 1 }
    : undefined;
}

/** What meters and inverters write, where the unit is fixed or is the name. */
function ofMeter(whole: string, parts: readonly string[]): Named | undefined {
  const fixed = [whole, whole.replace(/\d{1,2}$/, '')].find((name) => Object.hasOwn(FIXED, name));
  if (fixed !== undefined) {
    const [name = '', unit = ''] = FIXED[fixed] ?? [];
    return { quantity: quantityNamed(name), unit, certainty: 0.9 };
  }
  const [, letter = ''] = PHASE.exec(whole) ?? [];
  const phase = OF_PHASE[letter];
  if (phase !== undefined) return { quantity: quantityNamed(phase), certainty: 0.7 };
  const last = parts.at(-1) ?? '';
  // `t_oil_c`, where the letter alone would say nothing.
  if (parts.length > 2 && parts[0] === 't' && /^(?:c|f|degc)$/.test(last))
    return { quantity: quantityNamed('temperature'), unit: last, certainty: 0.7 };
  if (!TELLING.test(last) && !(last === 'bar' && parts.length > 1)) return undefined;
  if (parts.some((part) => NOT_MEASURED.has(part))) return undefined;
  const unit = unitNamed(last);
  const quantity = unit && quantityOfMeasure(unit.measure);
  return quantity && { quantity, unit: unit.symbol, certainty: 0.7 };
}
