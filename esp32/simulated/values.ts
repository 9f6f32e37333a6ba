/**
 * What the simulated sensors measure. Every value is a pure function of a seed and a tick (one tick per
 * publish), so that a run can be repeated and a test can say what comes next.
 */

/** DHT11: temperature in steps of 0.1 °C, humidity in whole per cent. */
export interface Dht {
  readonly tempC: number;
  readonly humPct: number;
}

/** Light sensor on the ESP32's 12-bit converter. */
export interface Ldr {
  readonly pct: number;
  readonly raw: number;
}

const ADC_MAX = 4095;
/** Ticks between two turning points of the weather: at 3 s per tick, one minute. */
const DRIFT_TICKS = 20;
/** Somebody who walks by keeps a motion sensor high for some readings. */
const MOTION_TICKS = 4;
const MOTION_SHARE = 0.35;

/** One random stream per quantity, so that they do not move in step by accident. */
const STREAM = { warmth: 1, tempJitter: 2, humJitter: 3, light: 4, lightJitter: 5, motion: 6 } as const;

/** Temperature 24–38 °C; humidity 40–80 %, falling as it gets warmer. */
export function dhtAt(seed: number, tick: number): Dht {
  const warmth = drift(seed, STREAM.warmth, tick);
  const tempC = 31 + 6 * warmth + 0.3 * signed(seed, STREAM.tempJitter, tick);
  const humPct = 60 - 15 * warmth + 2 * signed(seed, STREAM.humJitter, tick);
  return { tempC: oneDecimal(tempC), humPct: Math.round(humPct) };
}

/** Raw reading 0–4095 and the share of full scale it stands for. */
export function ldrAt(seed: number, tick: number): Ldr {
  const light = 2048 + 1800 * drift(seed, STREAM.light, tick) + 40 * signed(seed, STREAM.lightJitter, tick);
  const raw = Math.min(ADC_MAX, Math.max(0, Math.round(light)));
  return { raw, pct: oneDecimal((raw / ADC_MAX) * 100) };
}

/** 1 while something moves. */
export function pirAt(seed: number, tick: number): 0 | 1 {
  return noise(seed, STREAM.motion, Math.floor(tick / MOTION_TICKS)) < MOTION_SHARE ? 1 : 0;
}

/** Moves smoothly between random points of -1 … 1. */
export function drift(seed: number, stream: number, tick: number): number {
  const step = Math.floor(tick / DRIFT_TICKS);
  const part = tick / DRIFT_TICKS - step;
  const ease = part * part * (3 - 2 * part);
  return signed(seed, stream, step) * (1 - ease) + signed(seed, stream, step + 1) * ease;
}

/** -1 … 1 */
function signed(seed: number, stream: number, index: number): number {
  return noise(seed, stream, index) * 2 - 1;
}

/** 0 … 1, excluding 1, always the same for the same three numbers: the words are mixed by the finaliser of MurmurHash3. */
export function noise(seed: number, stream: number, index: number): number {
  let word = seed | 0;
  for (const next of [stream, index]) {
    word = mix(word ^ Math.imul(next | 0, 0x9e3779b1));
  }
  return word / 2 ** 32;
}

function mix(input: number): number {
  let word = input;
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}
