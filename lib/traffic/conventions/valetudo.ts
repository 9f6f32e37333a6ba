import { measure } from '../measured';
import { quantityNamed } from '../quantities';
import { type Convention, isOnline, NOTHING } from './convention';

const NAME = 'Valetudo';
const PARTS = /^(?:\w{1,40}StateAttribute|MapData|\w{1,40}Capability)$/;

/** Robot vacuum cleaners under `<prefix>/<robot>/<part>/…`. */
export const valetudo: Convention = {
  name: NAME,
  matches: ({ levels }) => PARTS.test(levels[2] ?? '') || (levels[0] === 'valetudo' && levels.length >= 3),
  read: (message, facts) => {
    const { topic, levels, text } = message;
    const [, robot = '', part = '', what = ''] = levels;
    facts.addDevice({ id: robot, convention: NAME, model: 'Robot vacuum', name: robot, topic });
    if (part === '$state') {
      const online = isOnline(message);
      facts.addPublisher({ id: robot, seenBy: 'last-will', ...(online !== undefined && { online }) });
    }
    if (part === 'WifiConfigurationCapability' && what === 'ips') {
      const [address = ''] = text.split(',');
      facts.addDevice({ id: robot, convention: NAME, address: address.trim(), topic });
    }
    if (part === 'WifiConfigurationCapability' && what === 'signal') {
      const signal = measure(quantityNamed('signal'), text.trim(), 'payload', 'dBm');
      return { readings: signal ? [signal] : [], type: 'Robot Vacuum' };
    }
    if (part !== 'BatteryStateAttribute' || what !== 'level') return NOTHING;
    const battery = measure(quantityNamed('battery'), text.trim(), 'payload', '%');
    return { readings: battery ? [battery] : [], type: 'Robot Vacuum' };
  },
};
