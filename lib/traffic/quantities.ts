/** One thing that sensors measure: how it is called in payloads, its unit, and what can be true. */
export interface Quantity {
  readonly name: string;
  /** The unit that counts when a message tells none. */
  readonly unit?: string;
  /** Measures (kinds of unit) in which it comes; any other unit means something else. */
  readonly measures?: readonly string[];
  /** Keys of JSON payloads and levels of topics, in lower case without separators. */
  readonly keys: readonly string[];
  /** Classes under which Home Assistant knows it, where they differ from `name` with underscores. */
  readonly classes?: readonly string[];
  /** Values outside, in the first unit of the measure, are not readings; absent for yes/no and words. */
  readonly range?: readonly [number, number];
  /** Its names say too little alone: `queue_depth`, `fan_speed`. */
  readonly needsUnit?: boolean;
  /** Whole numbers above the share, up to this, are those of a converter. */
  readonly rawUpTo?: number;
  /** Modules tell it by 1 and 0 as well, and which of them is yes depends on the module. */
  readonly isAlsoDigital?: boolean;
  /** How the sensor is called when this is the first thing that it measures. */
  readonly sensor: string;
  /** What yes and no mean to people. */
  readonly words?: readonly [string, string];
  /** Says something of the device rather than of its surroundings; never gives the sensor its name alone. */
  readonly isSecondary?: boolean;
}

/** Names of the customer's devices. */
export const DHT = 'DHT (Temp & Hum)';
export const LDR = 'LDR (Light Sensor)';
export const PIR = 'PIR (Motion Sensor)';

const row = (
  name: string,
  sensor: string,
  unit: string | undefined,
  range: readonly [number, number] | undefined,
  measures: string,
  keys: string,
  more: Partial<Quantity> = {},
): Quantity => ({
  name,
  sensor,
  ...(unit !== undefined && { unit }),
  ...(range && { range }),
  ...(measures !== '' && { measures: measures.split(' ') }),
  keys: keys.split(' '),
  ...more,
});

const yesNo = (
  name: string,
  sensor: string,
  yes: string,
  no: string,
  keys: string,
  more: Partial<Quantity> = {},
): Quantity => ({ name, sensor, keys: keys.split(' '), words: [yes, no], ...more });

/** Looked through in this order; the text of a reading follows it too. */
export const QUANTITIES: readonly Quantity[] = [
  row(
    'temperature',
    'Temperature Sensor',
    '°C',
    [-90, 150],
    'temperature',
    'temp temperature tmp tamb tempcelsius currenttemperature roomtemperature localtemperature ambienttemperature airtemperature atmp tempv outdoortemperature indoortemperature outsidetemperature insidetemperature temperaturec watertemperature',
  ),
  row(
    'humidity',
    'Humidity Sensor',
    '%',
    [0, 100],
    'share',
    'hum humidity humi humid rh relativehumidity rhum airhumidity currenthumidity',
  ),
  row('light', LDR, '%', [0, 100], 'share', 'ldr photoresistor lightsensor lightintensity', {
    classes: [],
    rawUpTo: 65_535,
  }),
  row('light', LDR, '%', [0, 100], 'share', 'light lightlevel lightpercent brightnesssensor', {
    classes: [],
  }),
  yesNo('motion', PIR, 'Motion', 'No motion', 'pir motion occupancy presence movement motiondetected'),
  row(
    'illuminance',
    'Light Sensor',
    'lx',
    [0, 200_000],
    'illuminance',
    'illuminance lux illuminancelux ambientlight luminosity',
  ),
  row(
    'irradiance',
    'Solar Sensor',
    'W/m²',
    [0, 2000],
    'irradiance',
    'irradiance solarradiation solarirradiance',
  ),
  row('UV index', 'UV Sensor', undefined, [0, 20], '', 'uv uvindex uvi', { classes: ['uv_index'] }),
  row(
    'pressure',
    'Pressure Sensor',
    'hPa',
    [300, 1100],
    'pressure',
    'pressure pres press baro mslp qnh barometer airpressure atmosphericpressure barometricpressure seapressure',
    { classes: ['pressure', 'atmospheric_pressure'] },
  ),
  row('CO2', 'CO2 Sensor', 'ppm', [200, 40_000], 'concentration', 'co2 rco2 carbondioxide eco2 co2level', {
    classes: ['carbon_dioxide'],
  }),
  row('CO', 'CO Sensor', 'ppm', [0, 5000], 'concentration', 'co carbonmonoxide', {
    classes: ['carbon_monoxide'],
  }),
  row('PM1', 'Particle Sensor', 'µg/m³', [0, 2000], 'density', 'pm1 pm01 pm10um pm1atm', {
    classes: ['pm1'],
  }),
  row('PM2.5', 'Particle Sensor', 'µg/m³', [0, 2000], 'density', 'pm25 pm2p5 pm2 pm02', {
    classes: ['pm25'],
  }),
  row('PM10', 'Particle Sensor', 'µg/m³', [0, 2000], 'density', 'pm10', { classes: ['pm10'] }),
  row(
    'VOC',
    'Air Quality Sensor',
    'ppb',
    [0, 60_000],
    'concentration density',
    'voc tvoc vocindex formaldehyd',
    {
      classes: ['volatile_organic_compounds', 'volatile_organic_compounds_parts'],
    },
  ),
  row(
    'gas level',
    'Gas Sensor',
    undefined,
    [0, 100_000],
    'concentration',
    'mq2 mq3 mq4 mq5 mq6 mq7 mq8 mq9 mq135 gaslevel gasvalue gasconcentration',
    {
      classes: [],
    },
  ),
  row('air quality', 'Air Quality Sensor', undefined, [0, 500], '', 'aqi airqualityindex airquality iaq', {
    classes: ['aqi'],
  }),
  row('soil moisture', 'Soil Sensor', '%', [0, 100], 'share', 'soilmoisture moi moisture soilhumidity soil', {
    classes: ['moisture'],
    rawUpTo: 65_535,
  }),
  row(
    'dissolved solids',
    'TDS Sensor',
    'ppm',
    [0, 50_000],
    'concentration',
    'tds tdsvalue totaldissolvedsolids',
    {
      classes: [],
    },
  ),
  row('turbidity', 'Turbidity Sensor', undefined, [0, 10_000], 'turbidity', 'turbidity', { classes: [] }),
  row('pH', 'pH Sensor', undefined, [0, 14], '', 'ph phvalue', { classes: ['ph'] }),
  row(
    'conductivity',
    'Conductivity Sensor',
    'µS/cm',
    [0, 200_000],
    'conductivity',
    'conductivity fer ec soilec fertility soilconductivity',
  ),
  row('rain', 'Rain Sensor', 'mm', [0, 3000], 'distance rain', 'rain', {
    classes: [],
    rawUpTo: 65_535,
    isAlsoDigital: true,
  }),
  row('rain', 'Rain Sensor', 'mm', [0, 3000], 'distance rain', 'precipitation rainfall rainmm rainrate', {
    classes: ['precipitation', 'precipitation_intensity'],
  }),
  row('wind speed', 'Wind Sensor', 'm/s', [0, 120], 'speed', 'windspeed wind windavg windavgms windgust', {
    classes: ['wind_speed'],
  }),
  row('wind direction', 'Wind Sensor', '°', [0, 360], 'angle', 'winddirection winddir winddirdeg', {
    classes: ['wind_direction'],
  }),
  row(
    'power',
    'Power Meter',
    'W',
    [-1e7, 1e7],
    'power',
    'power apower activepower powerw pac watt watts',
    {},
  ),
  row('apparent power', 'Power Meter', 'VA', [-1e7, 1e7], 'apparent', 'apparentpower aprtpower', {
    classes: ['apparent_power'],
  }),
  row('reactive power', 'Power Meter', 'var', [-1e7, 1e7], 'reactive', 'reactivepower', {
    classes: ['reactive_power'],
  }),
  row(
    'energy',
    'Energy Meter',
    'kWh',
    [0, 1e9],
    'energy',
    'energy energytotal totalenergy energykwh energytoday consumption kwh',
  ),
  row(
    'voltage',
    'Voltage Sensor',
    'V',
    [-1000, 1000],
    'voltage',
    'voltage volt volts vrms gridvoltage batv battv vbat vcc',
    {
      isSecondary: true,
    },
  ),
  row('current', 'Current Sensor', 'A', [-2000, 2000], 'current', 'current amp amps ampere irms'),
  row('frequency', 'Frequency Sensor', 'Hz', [0, 1e11], 'frequency', 'frequency freq gridfrequency'),
  row('power factor', 'Power Meter', undefined, [-100, 100], 'share', 'powerfactor pf', {
    classes: ['power_factor'],
  }),
  row('water', 'Water Meter', 'm³', [0, 1e8], 'volume', 'watermeter watertotal waterconsumption'),
  row('gas', 'Gas Meter', 'm³', [0, 1e8], 'volume', 'gasmeter gastotal gasconsumption', { classes: ['gas'] }),
  row('flow', 'Flow Sensor', 'L/min', [0, 1e6], 'flow', 'flow flowrate waterflow', {
    classes: ['volume_flow_rate'],
  }),
  row('volume', 'Level Sensor', 'L', [0, 1e9], 'volume', 'tankvolume', {
    classes: ['volume', 'volume_storage'],
  }),
  // Modules and sketches send it in centimetres, millimetres or metres.
  row('distance', 'Distance Sensor', undefined, [0, 1e6], 'distance', 'distance ultrasonic hcsr04 sr04'),
  row('water level', 'Level Sensor', undefined, [0, 1e6], 'distance share', 'waterlevel waterdepth', {
    classes: [],
  }),
  row('angle', 'Servo', '°', [0, 360], 'angle', 'servo servoangle servoposition', { classes: [] }),
  row('speed', 'Speed Sensor', 'km/h', [0, 1200], 'speed', 'velocity'),
  row('speed', 'Speed Sensor', undefined, [0, 1200], 'speed', 'speed', { needsUnit: true }),
  row('distance', 'Distance Sensor', undefined, [0, 1e6], 'distance', 'depth', { needsUnit: true }),
  row('angle', 'Angle Sensor', undefined, [-360, 360], 'angle', 'angle', { needsUnit: true }),
  row('weight', 'Scale', 'kg', [0, 100_000], 'weight', 'weight mass'),
  row('sound level', 'Sound Sensor', 'dB', [0, 200], 'level', 'soundpressure noise noiselevel soundlevel', {
    classes: ['sound_pressure'],
  }),
  row('sound level', 'Sound Sensor', undefined, [0, 200], 'level', 'sound bunyi', {
    needsUnit: true,
    classes: [],
  }),
  row('rotation', 'Rotation Sensor', 'rpm', [0, 1e6], 'rotation', 'rpm motorspeed'),
  row(
    'acceleration',
    'Acceleration Sensor',
    'm/s²',
    [-2000, 2000],
    'acceleration',
    'acceleration accel accx',
  ),
  row('heart rate', 'Heart Rate Sensor', 'bpm', [20, 260], 'rate', 'heartrate pulserate'),
  row('oxygen saturation', 'Pulse Oximeter', '%', [40, 100], 'share', 'spo2 oxygensaturation'),
  row('blood glucose', 'Glucose Meter', 'mg/dL', [10, 1000], 'glucose', 'glucose bloodglucose sgv', {
    classes: ['blood_glucose_concentration'],
  }),
  row('fill level', 'Level Sensor', '%', [0, 100], 'share', 'filllevel tanklevel levelpct levelpercent'),
  yesNo('contact', 'Contact Sensor', 'Closed', 'Open', 'contact'),
  yesNo('opening', 'Contact Sensor', 'Open', 'Closed', 'door window opening dooropen windowopen garagedoor', {
    classes: ['door', 'window', 'opening', 'garage_door'],
  }),
  yesNo('lock', 'Lock', 'Unlocked', 'Locked', 'unlocked lockstate', { classes: ['lock'] }),
  yesNo('raining', 'Rain Sensor', 'Rain', 'No rain', 'raining israining raindetected', { classes: [] }),
  yesNo('smoke', 'Smoke Detector', 'Smoke', 'No smoke', 'smoke smokedetected smokealarm'),
  yesNo('gas alarm', 'Gas Detector', 'Gas', 'No gas', 'gas gasalarm gasdetected', { classes: ['gas_alarm'] }),
  yesNo('CO alarm', 'CO Detector', 'CO', 'No CO', 'coalarm carbonmonoxidealarm', { classes: ['co_alarm'] }),
  yesNo('leak', 'Leak Sensor', 'Leak', 'No leak', 'waterleak leak flood waterleakage', {
    classes: ['leak', 'moisture_alarm'],
  }),
  yesNo('vibration', 'Vibration Sensor', 'Vibration', 'No vibration', 'vibration shock'),
  yesNo('tamper', 'Tamper Sensor', 'Tampered', 'Not tampered', 'tamper tampered', { isSecondary: true }),
  yesNo('switch', 'Switch', 'On', 'Off', 'relay switchstate lamp fan pump buzzer', {
    classes: ['switch', 'outlet', 'power_switch', 'running', 'light_switch'],
  }),
  row('position', 'Cover', '%', [0, 100], 'share', 'coverposition currentpos', { classes: [] }),
  row(
    'battery',
    'Battery Sensor',
    '%',
    [0, 100],
    'share',
    'battery batt bat batterylevel batterypercent batterypercentage soc stateofcharge batterystateofcharge batterychargestate',
    {
      isSecondary: true,
    },
  ),
  row('signal', 'Signal Sensor', 'dBm', [-150, 20], 'level', 'rssi signal signalstrength wifirssi rxrssi', {
    classes: ['signal_strength'],
    isSecondary: true,
  }),
];

/** `Temperature_C` and `temp-c` are the same name to people. */
export function normalised(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

const BY_KEY = new Map<string, Quantity>();
const BY_CLASS = new Map<string, Quantity>();
for (const quantity of QUANTITIES) {
  for (const key of quantity.keys) if (!BY_KEY.has(key)) BY_KEY.set(key, quantity);
  const classes = quantity.classes ?? [quantity.name.replaceAll(' ', '_')];
  for (const name of classes) if (!BY_CLASS.has(name)) BY_CLASS.set(name, quantity);
}
const ORDER = new Map(QUANTITIES.map((quantity, i) => [quantity, i]));

/** The quantity whose list of keys has this one, normalised. */
export const quantityOfKey = (key: string): Quantity | undefined => BY_KEY.get(key);

/** The quantity of a device class of Home Assistant. */
export const quantityOfClass = (name: string): Quantity | undefined => BY_CLASS.get(name);

/** By name; for parsers of conventions, which know what they read. */
export function quantityNamed(name: string): Quantity {
  const found = QUANTITIES.find((quantity) => quantity.name === name);
  if (!found) throw new Error(`there is no quantity ${name}`);
  return found;
}

/** Its place in the text of a reading. */
export const orderOf = (quantity: Quantity): number => ORDER.get(quantity) ?? QUANTITIES.length;

/** What a unit alone says: °C is a temperature, whatever the sensor calls it. */
const BY_MEASURE: Readonly<Record<string, string>> = {
  temperature: 'temperature',
  pressure: 'pressure',
  illuminance: 'illuminance',
  irradiance: 'irradiance',
  power: 'power',
  apparent: 'apparent power',
  reactive: 'reactive power',
  energy: 'energy',
  voltage: 'voltage',
  current: 'current',
  frequency: 'frequency',
  density: 'PM2.5',
  speed: 'speed',
  volume: 'volume',
  flow: 'flow',
  weight: 'weight',
  conductivity: 'conductivity',
  glucose: 'blood glucose',
  distance: 'distance',
  rotation: 'rotation',
};

/** The quantity that comes in such a unit, where there is only one that matters. */
export function quantityOfMeasure(measure: string): Quantity | undefined {
  const name = BY_MEASURE[measure];
  return name === undefined ? undefined : quantityNamed(name);
}
