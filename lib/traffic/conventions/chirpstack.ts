import { member, numberAt, textAt } from '../json';
import { leavesOf, readingsIn } from '../leaf-readings';
import { measure } from '../measured';
import { quantityNamed } from '../quantities';
import { type Convention, defined, NOTHING } from './convention';

const NAME = 'ChirpStack';

/** LoRaWAN devices under `application/<id>/device/<EUI>/event/<kind>`, gateways under `<region>/gateway/<id>/…`. */
export const chirpstack: Convention = {
  name: NAME,
  matches: ({ levels }) =>
    (levels[0] === 'application' && levels[2] === 'device') ||
    (levels.at(-4) === 'gateway' && (levels.at(-2) === 'event' || levels.at(-2) === 'state')),
  read: ({ topic, levels, json }, facts) => {
    const root = json?.root;
    if (levels[0] !== 'application') {
      const id = levels.at(-3) ?? '';
      facts.addDevice({ id, convention: NAME, model: 'LoRaWAN gateway', mac: id, topic });
      facts.addPublisher({ id, seenBy: 'data' });
      return NOTHING;
    }
    const id = levels[3] ?? '';
    const info = member(root, 'deviceInfo');
    // Version 3 has no object for it.
    const told = {
      name: textAt(info, 'deviceName') ?? textAt(root, 'deviceName'),
      model: textAt(info, 'deviceProfileName') ?? textAt(root, 'deviceProfileName'),
    };
    facts.addDevice({ id, convention: NAME, mac: id, topic, ...defined(told) });
    facts.addPublisher({ id, seenBy: 'data' });
    if (levels[5] === 'status') {
      // 255 and -1 mean that nothing is known.
      const battery = measure(
        quantityNamed('battery'),
        numberAt(root, 'batteryLevel'),
        '$.batteryLevel',
        '%',
      );
      return { readings: battery ? [battery] : [] };
    }
    const isUplink = levels[5] === 'up' || levels[4] === 'rx';
    return { readings: isUplink ? readingsIn(leavesOf(member(root, 'object'))).readings : [] };
  },
};
