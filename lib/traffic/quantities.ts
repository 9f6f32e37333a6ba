/** One thing that sensors measure: how it is called in payloads, its unit, and what can be true. */
export interface Quantity {
  readonly name: string;
  /** As readings carry it, and as it is shown. */
  readonly unit?: string;
  /** Keys of JSON payloads and last segments of topics, in lower case without separators. */
  readonly keys: readonly string[];
  /** Values outside are not readings; absent for yes/no quantities. */
  readonly range?: readonly [number, number];
  /** How the sensor is called when this is all that it measures. */
  readonly sensor: string;
}

/** Names of the customer's devices. */
export const DHT = 'DHT (Temp & Hum)';
export const LDR = 'LDR (Light Sensor)';
export const PIR = 'PIR (Motion Sensor)';

/** Looked through in this order; the text of a reading follows it too. */
export const QUANTITIES: readonly Quantity[] = [
  {
    name: 'temperature',
    unit: '°C',
    keys: ['tempc', 'temp', 'temperature', 'tempcelsius', 'temperaturec'],
    range: [-90, 150],
    sensor: 'Temperature Sensor',
  },
  {
    name: 'temperature',
    unit: '°F',
    keys: ['tempf', 'temperaturef', 'tempfahrenheit'],
    range: [-130, 302],
    sensor: 'Temperature Sensor',
  },
  {
    name: 'humidity',
    unit: '%',
    keys: ['humpct', 'hum', 'humidity', 'rh', 'relativehumidity'],
    range: [0, 100],
    sensor: 'Humidity Sensor',
  },
  { name: 'light', unit: '%', keys: ['ldrpct', 'lightpct', 'lightpercent'], range: [0, 100], sensor: LDR },
  { name: 'motion', keys: ['pir', 'motion', 'occupancy', 'presence'], sensor: PIR },
  {
    name: 'illuminance',
    unit: 'lx',
    keys: ['illuminance', 'illuminancelux', 'lux'],
    range: [0, 200_000],
    sensor: 'Light Sensor',
  },
  {
    name: 'pressure',
    unit: 'hPa',
    keys: ['pressure', 'pressurehpa', 'pres'],
    range: [300, 1100],
    sensor: 'Pressure Sensor',
  },
  { name: 'CO2', unit: 'ppm', keys: ['co2', 'co2ppm', 'eco2'], range: [200, 40_000], sensor: 'CO2 Sensor' },
  {
    name: 'battery',
    unit: '%',
    keys: ['battery', 'batt', 'batterylevel', 'batterypct'],
    range: [0, 100],
    sensor: 'Battery Sensor',
  },
  {
    name: 'voltage',
    unit: 'V',
    keys: ['voltage', 'volt', 'volts'],
    range: [-1000, 1000],
    sensor: 'Voltage Sensor',
  },
  {
    name: 'power',
    unit: 'W',
    keys: ['power', 'apower', 'powerw'],
    range: [-1e6, 1e6],
    sensor: 'Power Meter',
  },
];
