import { leavesOf, readingsIn } from '../leaf-readings';
import type { Convention } from './convention';

/** What a radio in a room hears of phones and beacons, and how far away it takes them to be, in metres. */
export const espresense: Convention = {
  name: 'ESPresense',
  matches: ({ levels }) =>
    (levels[0] === 'espresense' && levels[1] === 'devices') || levels[0] === 'room_presence',
  read: ({ json }) =>
    json && readingsIn(leavesOf(json.root), { unitOf: (name) => (name === 'distance' ? 'm' : undefined) }),
};
