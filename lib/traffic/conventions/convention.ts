import type { Facts } from '../facts';
import type { Measured } from '../measured';
import type { Message } from '../message';

/** What a convention makes of a message. */
export interface Said {
  readonly readings: readonly Measured[];
  /** How the sensor is called, where its readings do not say it. */
  readonly type?: string;
  /** How sure it is; that of a convention if absent. */
  readonly confidence?: number;
}

/** How one kind of device or program uses topics and payloads. */
export interface Convention {
  readonly name: string;
  /** Decides by the topic alone; cheap. */
  readonly matches: (message: Message) => boolean;
  /**
   * Reads a message of its own and notes what it tells about devices.
   * @returns the readings; undefined when plain names shall be looked for in it all the same
   */
  readonly read: (message: Message, facts: Facts) => Said | undefined;
}

/** Nothing to read here, and no guess wanted. */
export const NOTHING: Said = { readings: [] };

/** `online`, `Online`, `true`, `ready`, `{"state":"online"}`: what a status topic says; undefined for anything else. */
export function isOnline({ json, text }: Message): boolean | undefined {
  const state =
    json?.root.entries?.find(({ key }) => key === 'state' || key === 'status')?.value ?? text.trim();
  const word = String(state).toLowerCase();
  if (['online', 'true', 'ready', '1', 'connected', 'alive', 'on'].includes(word)) return true;
  return ['offline', 'false', 'lost', '0', 'disconnected', 'dead', 'sleeping', 'off'].includes(word)
    ? false
    : undefined;
}

/** An object without what is undefined in it. */
export function defined<T extends object>(from: T): Partial<{ [K in keyof T]: NonNullable<T[K]> }> {
  const known = Object.entries(from).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Partial<{ [K in keyof T]: NonNullable<T[K]> }>;
}
