import { textAt } from '../json';
import { readingsIn } from '../leaf-readings';
import { type Convention, defined, isOnline, NOTHING } from './convention';

const NAME = 'OpenMQTTGateway';
const SOURCE = /^(?:BT|433|RTL_433|LORA|IR|RF|2G|SYS|RFM69|Weather)toMQTT$/i;
/** Also given in the other unit, or of the radio rather than the sensor. */
const SKIPPED: ReadonlySet<string> = new Set(['distance', 'tempf2', 'txpower', 'snr', 'current']);

/** Radio sensors that a gateway decodes, under `<base>/<gateway>/BTtoMQTT/<address>` and the like. */
export const openMqttGateway: Convention = {
  name: NAME,
  matches: ({ levels }) => levels.some((level) => SOURCE.test(level)),
  read: (message, facts) => {
    const { topic, levels, json } = message;
    const root = json?.root;
    const at = levels.findIndex((level) => SOURCE.test(level));
    const gateway = levels.slice(0, at).join('/');
    if (message.level(-1) === 'LWT') {
      const online = isOnline(message);
      facts.addPublisher({ id: gateway, seenBy: 'last-will', ...(online !== undefined && { online }) });
      return NOTHING;
    }
    if (levels[at] === 'SYStoMQTT') {
      const told = {
        firmware: textAt(root, 'version'),
        address: textAt(root, 'ip'),
        mac: textAt(root, 'mac'),
      };
      const model = textAt(root, 'env');
      facts.addDevice({ id: gateway, convention: NAME, vendor: NAME, topic, ...defined({ ...told, model }) });
      return NOTHING;
    }
    const id = textAt(root, 'id') ?? levels[at + 1];
    const told = {
      name: textAt(root, 'name'),
      vendor: textAt(root, 'brand'),
      model: textAt(root, 'model_id') ?? textAt(root, 'model'),
    };
    if (id !== undefined && Object.values(told).some(Boolean)) {
      const mac = /^[0-9a-f]{2}(?::?[0-9a-f]{2}){5}$/i.test(id) ? id : undefined;
      facts.addDevice({ id, convention: NAME, topic, ...defined({ ...told, mac }) });
    }
    const members = root?.entries?.filter(({ entries }) => !entries) ?? [];
    return { readings: readingsIn(members, { skip: SKIPPED }).readings };
  },
};
