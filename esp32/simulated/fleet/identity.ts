import { noise } from '../values';
import type { Identity } from './device';

const ROOMS = ['kitchen', 'hall', 'bedroom', 'office', 'garage', 'garden', 'attic', 'cellar'] as const;
const MAC_STREAM = 18;

/** Who the device at a place of the fleet is. */
export function identityOf(seed: number, index: number): Identity {
  const room = ROOMS[index % ROOMS.length] ?? 'hall';
  const round = Math.floor(index / ROOMS.length);
  return { seed, index, mac: macOf(seed, index), room: round === 0 ? room : `${room}_${round}` };
}

/** The index is part of it, so that no two devices of a fleet are the same. */
function macOf(seed: number, index: number): string {
  const random = Math.floor(noise(seed, MAC_STREAM, index) * 2 ** 24);
  return `02${random.toString(16).padStart(6, '0')}${index.toString(16).padStart(4, '0')}`.toUpperCase();
}
