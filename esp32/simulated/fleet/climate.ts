import { drift, noise } from '../values';
import type { Identity } from './device';

/** What there is to measure where a device stands. */
export interface Climate {
  /** °C */
  readonly temperature: number;
  /** % */
  readonly humidity: number;
  /** hPa */
  readonly pressure: number;
  /** lx */
  readonly illuminance: number;
  readonly motion: boolean;
  /** ppm */
  readonly co2: number;
  /** W */
  readonly power: number;
  /** V */
  readonly voltage: number;
  /** kWh, only ever more */
  readonly energy: number;
  /** % */
  readonly battery: number;
  /** dBm */
  readonly signal: number;
}

/** A tick is 10 s of the device's time, so that a day takes 8640 of them. */
const TICK_SECONDS = 10;
const DAY_TICKS = 86_400 / TICK_SECONDS;
/** Time of the first tick: midnight, so that curves of the day begin with the night. */
const EPOCH_MS = Date.UTC(2026, 0, 1);

const STREAM = { weather: 11, jitter: 12, motion: 13, load: 14, place: 15, pressure: 16 } as const;
/** Somebody who walks by is seen for so long. */
const MOTION_TICKS = 6;
const START = { energy: 120, battery: 100 } as const;

/** Time of a tick. */
export function timeAt(tick: number): Date {
  return new Date(EPOCH_MS + tick * TICK_SECONDS * 1000);
}

/** A house in the tropics over the day: cool before dawn, warm after noon, dark at night, people in the evening. */
export function climateAt({ seed, index }: Identity, tick: number): Climate {
  const own = seed * 7919 + index;
  const day = (tick % DAY_TICKS) / DAY_TICKS;
  // Coolest at 5 h, warmest at 15 h or so.
  const warmth = -Math.cos(2 * Math.PI * (day - 0.15));
  const sun = Math.max(0, Math.sin(2 * Math.PI * (day - 0.25)));
  const place = noise(own, STREAM.place, 0);
  const weather = drift(own, STREAM.weather, Math.floor(tick / 6));
  const temperature =
    27 + 4 * warmth + weather + 2 * (place - 0.5) + 0.2 * (noise(own, STREAM.jitter, tick) - 0.5);
  const people = 0.1 + 0.6 * Math.exp(-(((day - 0.8) / 0.1) ** 2));
  const isMotion = noise(own, STREAM.motion, Math.floor(tick / MOTION_TICKS)) < people;
  const power = 40 + 160 * people + 60 * noise(own, STREAM.load, Math.floor(tick / 12));
  return {
    temperature: round(temperature, 1),
    humidity: round(clamp(72 - 12 * warmth - 3 * weather, 20, 98), 1),
    pressure: round(1009 + 3 * drift(seed, STREAM.pressure, Math.floor(tick / 60)), 1),
    illuminance: Math.round(20_000 * sun * (0.6 + 0.4 * place) + 5 * place),
    motion: isMotion,
    co2: Math.round(430 + 500 * people + 30 * weather),
    power: round(power, 1),
    voltage: round(236 + 4 * weather, 1),
    energy: round(START.energy + index + (tick * TICK_SECONDS * 110) / 3.6e6, 3),
    battery: Math.max(1, START.battery - Math.floor(40 * place) - Math.floor(tick / 20_000)),
    signal: -50 - Math.round(30 * place),
  };
}

export function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
