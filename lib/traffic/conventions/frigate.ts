import { textAt } from '../json';
import { measure } from '../measured';
import { quantityNamed } from '../quantities';
import { type Convention, defined, isOnline, NOTHING } from './convention';

const NAME = 'Frigate';
const OWN: ReadonlySet<string> = new Set([
  ...[
    'events',
    'reviews',
    'stats',
    'tracked_object_update',
    'camera_activity',
    'available',
    'restart',
    'notifications',
  ],
]);

/** Cameras under `frigate/<camera>/…`: motion and how many objects of a kind are seen. */
export const frigate: Convention = {
  name: NAME,
  matches: ({ levels }) => levels[0] === 'frigate',
  read: (message, facts) => {
    const { topic, levels, text, json } = message;
    const [, camera = '', object = '', what] = levels;
    if (camera === 'available') {
      const online = isOnline(message);
      facts.addPublisher({ id: 'frigate', seenBy: 'last-will', ...(online !== undefined && { online }) });
    }
    if (camera === 'stats') {
      const firmware = textAt(json?.root, 'service', 'version');
      facts.addDevice({
        id: 'frigate',
        convention: NAME,
        vendor: 'Frigate',
        topic,
        ...defined({ firmware }),
      });
    }
    if (OWN.has(camera) || object === '') return NOTHING;
    facts.addDevice({ id: camera, convention: NAME, name: camera, model: 'Camera', topic });
    const value = text.trim();
    const isCount =
      /^\d{1,4}$/.test(value) &&
      (what === undefined || what === 'active') &&
      !/^(?:ptz|audio|enabled)$/.test(object);
    const isMotion = object === 'motion' && what === undefined;
    if (!isCount && !isMotion) return NOTHING;
    const reading = measure(quantityNamed('motion'), isCount ? Number(value) > 0 : value, 'payload');
    return { readings: reading ? [reading] : [], type: 'Camera' };
  },
};
