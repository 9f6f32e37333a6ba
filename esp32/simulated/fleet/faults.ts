import { noise } from '../values';
import type { FleetMessage, Identity } from './device';

/** What can be wrong with a device. */
export const FAULTS = ['drop-out', 'stuck', 'garbage'] as const;
export type Fault = (typeof FAULTS)[number];

/** How a fleet is to misbehave. */
export interface FaultPlan {
  readonly faults: readonly Fault[];
  /** Share of the devices that have one of them, 0 … 1. */
  readonly share: number;
}

const STREAM = { who: 31, which: 32, when: 33, how: 34 } as const;
/** A device is gone, or stuck, for so long at a time. */
const SPELL_TICKS = 6;
const SPELL_SHARE = 0.5;
const GARBAGE_SHARE = 0.3;
const GARBAGE_BYTES = 48;

/** Reads `drop-out,stuck`. @throws Error for an unknown word */
export function parseFaults(text: string): Fault[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean)
    .map((word) => {
      const fault = FAULTS.find((known) => known === word);
      if (fault === undefined) throw new Error(`"${word}" is no fault; there are ${FAULTS.join(', ')}.`);
      return fault;
    });
}

/** The fault that a device has, if any: always the same for the same device and plan. */
export function faultOf({ seed, index }: Identity, { faults, share }: FaultPlan): Fault | undefined {
  if (noise(seed, STREAM.who, index) >= share) return undefined;
  return faults[Math.floor(noise(seed, STREAM.which, index) * faults.length)];
}

/** What a device with a fault says at a tick, where a sound one says `read(tick)`. */
export function faulty(
  me: Identity,
  fault: Fault | undefined,
  tick: number,
  read: (tick: number) => readonly FleetMessage[],
): readonly FleetMessage[] {
  const spell = Math.floor(tick / SPELL_TICKS);
  const isSpell = noise(me.seed * 7919 + me.index, STREAM.when, spell) < SPELL_SHARE;
  switch (fault) {
    case 'drop-out':
      return isSpell ? [] : read(tick);
    case 'stuck':
      return read(isSpell ? spell * SPELL_TICKS : tick);
    case 'garbage':
      return noise(me.seed * 7919 + me.index, STREAM.when, -tick) < GARBAGE_SHARE
        ? read(tick).map((message) => garbled(message, me, tick))
        : read(tick);
    case undefined:
      return read(tick);
  }
}

/** Cut off, no number, or bytes out of nowhere; nothing in it is true. */
function garbled(message: FleetMessage, { seed, index }: Identity, tick: number): FleetMessage {
  const how = noise(seed * 7919 + index, STREAM.how, tick);
  const whole = Buffer.from(message.payload);
  if (how < 1 / 3)
    return { ...message, payload: whole.subarray(0, Math.floor(whole.length / 2)), truths: [] };
  if (how < 2 / 3) return { ...message, payload: 'nan', truths: [] };
  const bytes = Array.from(
    { length: GARBAGE_BYTES },
    (_, place) => noise(tick, STREAM.how, place + index) * 256,
  );
  return { ...message, payload: Buffer.from(bytes), truths: [] };
}
