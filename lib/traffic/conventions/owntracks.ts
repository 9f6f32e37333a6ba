import { numberAt, textAt } from '../json';
import { measure } from '../measured';
import { quantityNamed } from '../quantities';
import { type Convention, defined, NOTHING } from './convention';

const NAME = 'OwnTracks';

/** Phones and trackers under `owntracks/<user>/<device>`. Where they are is sensitive, and no reading. */
export const owntracks: Convention = {
  name: NAME,
  matches: ({ levels }) => levels[0] === 'owntracks' && levels.length >= 3,
  read: (message, facts) => {
    const { topic, json } = message;
    const root = json?.root;
    const id = message.levels.slice(1, 3).join('/');
    const kind = textAt(root, '_type');
    if (message.level(-1) === 'cmd' || kind === undefined) return NOTHING;
    facts.addDevice({ id, convention: NAME, topic, ...defined({ name: textAt(root, 'tid') }) });
    facts.addPublisher({ id, seenBy: kind === 'lwt' ? 'last-will' : 'data', online: kind !== 'lwt' });
    if (kind !== 'location') return NOTHING;
    const readings = [
      measure(quantityNamed('battery'), numberAt(root, 'batt'), '$.batt', '%'),
      measure(quantityNamed('speed'), numberAt(root, 'vel'), '$.vel', 'km/h'),
    ].flatMap((reading) => reading ?? []);
    return { readings, type: 'Location Tracker' };
  },
};
