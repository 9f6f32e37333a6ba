import { clip, remembered } from './common.mjs';

const MAX_SENSORS = 50;
const QUANTITIES = [
  { id: 'temperature', label: 'Temperature', unit: '°C' },
  { id: 'humidity', label: 'Humidity', unit: '%' },
  { id: 'light', label: 'Light', unit: '%' },
  { id: 'motion', label: 'Motion', unit: '' },
];

/** Spreads the readings of sensors over three gauges (outputs 1 to 3) and tells where each value is from (output 4). */
export function onMessage(msg, { env, flow, node }) {
  const state = remembered(flow, 'sensors', () => ({ newest: {}, sensors: [] }));
  const outputs = taken(msg.payload, state);
  if (!outputs) return null;
  // A deployment ends the timers of this node, but not the context of the flow.
  if (Date.now() > (state.tickAt ?? 0) + 1000) tick();
  return [...outputs, { payload: shown() }];

  /** Ages grow without messages too. */
  function tick() {
    const youngest = Math.min(...state.sensors.map(({ at }) => Date.now() - at));
    const wait = youngest < 60_000 ? 5000 : 60_000;
    state.tickAt = Date.now() + wait;
    setTimeout(() => {
      node.send([null, null, null, { payload: shown() }]);
      tick();
    }, wait);
  }

  function shown() {
    const zone = env.get('TIMEZONE');
    const now = Date.now();
    const quantities = QUANTITIES.map(({ id, label, unit }) => {
      const { value, source, at } = state.newest[id] ?? {};
      if (at === undefined)
        return { id, label, value: 'No reading yet', unit: '', source: '', age: '', isOn: false };
      const text = id === 'motion' ? (value ? 'Motion' : 'No motion') : String(value);
      return { id, label, value: text, unit, source, age: ageText(now - at), isOn: id === 'motion' && value };
    });
    const sensors = state.sensors.map(({ type, text, source, at }) => ({
      type,
      text,
      source,
      age: ageText(now - at),
    }));
    const last = state.sensors[0]?.at;
    const when = last
      ? `Last reading ${new Date(last).toLocaleTimeString('en-US', { timeZone: zone })} (${zone})`
      : '';
    return { quantities, sensors, when };
  }
}

function taken(payload, state) {
  if (!payload || !Array.isArray(payload.readings)) return null;
  const at = Date.parse(payload.seenAt) || Date.now();
  const source = `${clip(payload.topic, 120)} at ${clip(String(payload.url).replace(/^\w+:\/\//, ''), 80)}`;
  const outputs = QUANTITIES.slice(0, 3).map(({ id }) => {
    const value = number(payload.readings.find(({ quantity }) => quantity === id));
    if (value === null) return null;
    state.newest[id] = { value, source, at };
    return { payload: value, shown: String(value) };
  });
  const motion = payload.readings.find(({ quantity }) => quantity === 'motion')?.value;
  if (typeof motion === 'boolean') state.newest.motion = { value: motion, source, at };
  state.sensors = [
    { type: clip(payload.type, 60), text: clip(payload.text, 80), source, at },
    ...state.sensors.filter((sensor) => sensor.source !== source),
  ].slice(0, MAX_SENSORS);
  return outputs;
}

/** In the unit of the gauge; null for what it cannot show. */
function number(reading) {
  if (typeof reading?.value !== 'number' || !Number.isFinite(reading.value)) return null;
  const { quantity, value, unit } = reading;
  if (quantity === 'light' && unit !== undefined && unit !== '%') return null;
  const celsius = unit === '°F' ? ((value - 32) * 5) / 9 : unit === 'K' ? value - 273.15 : value;
  return Math.round(10 * (quantity === 'temperature' ? celsius : value)) / 10;
}

function ageText(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 2) return 'now';
  if (seconds < 90) return `${seconds} s ago`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`;
}
