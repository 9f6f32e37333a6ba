import { member, textAt } from '../json';
import { leavesOf, readingsIn } from '../leaf-readings';
import { type Convention, defined, NOTHING } from './convention';

const NAME = 'The Things Stack';

/** LoRaWAN devices under `v3/<application>@<tenant>/devices/<device>/…`. */
export const theThingsStack: Convention = {
  name: NAME,
  matches: ({ levels }) => levels[0] === 'v3' && levels[2] === 'devices' && levels.length >= 5,
  read: ({ topic, levels, json }, facts) => {
    const root = json?.root;
    const id = levels[3] ?? '';
    const version = member(root, 'uplink_message', 'version_ids');
    const told = {
      mac: textAt(root, 'end_device_ids', 'dev_eui'),
      vendor: textAt(version, 'brand_id'),
      model: textAt(version, 'model_id'),
      firmware: textAt(version, 'firmware_version'),
    };
    facts.addDevice({ id, convention: NAME, name: id, topic, ...defined(told) });
    facts.addPublisher({ id, seenBy: 'data' });
    const decoded = member(root, 'uplink_message', 'decoded_payload');
    if (levels[4] !== 'up' || !decoded) return NOTHING;
    return { readings: readingsIn(leavesOf(decoded)).readings };
  },
};
