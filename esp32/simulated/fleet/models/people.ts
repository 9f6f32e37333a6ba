import { drift } from '../../values';
import { climateAt, round, timeAt } from '../climate';
import { bare, json, type Model, truth } from '../device';

const WALK = { latitude: 19, longitude: 20 } as const;
/** The middle of a town; every telephone stays within a kilometre or so. */
const TOWN = { lat: 3.139, lon: 101.6869 } as const;

/** OwnTracks: a telephone that says where it is. */
export const ownTracks: Model = (me) => ({
  announce: () => [],
  at: (tick) => {
    const own = me.seed * 7919 + me.index;
    const lat = round(TOWN.lat + 0.01 * drift(own, WALK.latitude, tick), 6);
    const lon = round(TOWN.lon + 0.01 * drift(own, WALK.longitude, tick), 6);
    const { battery } = climateAt(me, tick);
    const tst = Math.floor(timeAt(tick).getTime() / 1000);
    return [
      json(
        `owntracks/user${me.index}/phone`,
        { _type: 'location', tid: 'ph', lat, lon, acc: 12, batt: battery, tst },
        [
          truth('lat', 'latitude', lat, '°'),
          truth('lon', 'longitude', lon, '°'),
          truth('batt', 'battery', battery, '%'),
        ],
        true,
      ),
    ];
  },
});

/** Frigate: a camera that sees somebody. */
export const frigate: Model = (me) => {
  const camera = `${me.room}_camera`;
  return {
    announce: () => [bare('frigate/available', 'online', [], true)],
    at: (tick) => {
      const { motion } = climateAt(me, tick);
      const count = motion ? 1 : 0;
      return [
        bare(`frigate/${camera}/person`, count, [truth('', 'occupancy', count)]),
        bare(`frigate/${camera}/motion`, motion ? 'ON' : 'OFF', [truth('', 'motion', motion)]),
      ];
    },
  };
};

/** Valetudo: a vacuum cleaner. */
export const valetudo: Model = (me) => {
  const prefix = `valetudo/${me.mac.slice(-6).toLowerCase()}`;
  return {
    announce: () => [bare(`${prefix}/$state`, 'ready', [], true)],
    at: (tick) => {
      const { battery, motion } = climateAt(me, tick);
      return [
        bare(`${prefix}/BatteryStateAttribute/level`, battery, [truth('', 'battery', battery, '%')], true),
        bare(`${prefix}/StatusStateAttribute/status`, motion ? 'cleaning' : 'docked', [], true),
      ];
    },
  };
};
