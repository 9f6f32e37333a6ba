import { member } from '../json';
import { leavesOf, readingsIn } from '../leaf-readings';
import { type Convention, NOTHING } from './convention';

const NAME = 'AWS IoT device shadow';

/** `$aws/things/<thing>/shadow/…`: what a thing has reported of itself. */
export const awsShadow: Convention = {
  name: NAME,
  matches: ({ levels }) => levels[0] === '$aws' && levels[1] === 'things' && levels[3] === 'shadow',
  read: ({ topic, levels, json }, facts) => {
    const id = levels[2] ?? '';
    facts.addDevice({ id, convention: NAME, name: id, topic });
    facts.addPublisher({ id, seenBy: 'data' });
    const root = json?.root;
    const reported = member(root, 'state', 'reported') ?? member(root, 'current', 'state', 'reported');
    return reported ? { readings: readingsIn(leavesOf(reported)).readings } : NOTHING;
  },
};
