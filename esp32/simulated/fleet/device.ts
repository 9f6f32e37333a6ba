/** What a reader of a payload should make of it: quantity and unit as Home Assistant's device classes name them. */
export interface Truth {
  /** Dots between the keys of a JSON payload; empty for a bare value. */
  readonly path: string;
  readonly quantity: string;
  readonly unit?: string;
  readonly value: number | boolean | string;
}

/** One message of a device, with what is in it. */
export interface FleetMessage {
  readonly topic: string;
  readonly payload: string | Buffer;
  readonly retain: boolean;
  readonly truths: readonly Truth[];
}

/** Who a device is: everything about it follows from these three. */
export interface Identity {
  readonly seed: number;
  /** Its place in the fleet. */
  readonly index: number;
  /** 12 hexadecimal digits, of the locally administered kind (IEEE 802 §8.2), so that they are nobody's. */
  readonly mac: string;
  /** A room, with a number where the house has more devices than rooms. */
  readonly room: string;
}

/** A device of some convention. Both functions are pure: same identity and tick, same messages. */
export interface FleetDevice {
  /** What it says once after it has connected: discovery, births, descriptions. */
  readonly announce: () => readonly FleetMessage[];
  /** What it says at each tick. */
  readonly at: (tick: number) => readonly FleetMessage[];
}

/** Makes a device of one convention. */
export type Model = (identity: Identity) => FleetDevice;

/** A message with a JSON payload. */
export function json(
  topic: string,
  value: unknown,
  truths: readonly Truth[] = [],
  retain = false,
): FleetMessage {
  return { topic, payload: JSON.stringify(value), retain, truths };
}

/** A message with a bare value. */
export function bare(
  topic: string,
  value: number | string,
  truths: readonly Truth[] = [],
  retain = false,
): FleetMessage {
  return { topic, payload: String(value), retain, truths };
}

/** A truth about a value inside a JSON payload, or (path '') about a bare one. */
export function truth(path: string, quantity: string, value: Truth['value'], unit?: string): Truth {
  return unit === undefined ? { path, quantity, value } : { path, quantity, unit, value };
}
