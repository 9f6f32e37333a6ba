import { textAt } from '../json';
import { measure } from '../measured';
import { quantityCalled } from '../names';
import { quantityNamed } from '../quantities';
import { type Convention, defined, NOTHING } from './convention';

const NAME = 'ESPHome';
const COMPONENTS: ReadonlySet<string> = new Set([
  ...[
    'sensor',
    'binary_sensor',
    'switch',
    'light',
    'climate',
    'cover',
    'fan',
    'number',
    'text_sensor',
    'lock',
  ],
]);

/** `<device>/cover/<object>/position/state`. */
function isPosition(levels: readonly string[]): boolean {
  return levels.at(-4) === 'cover' && levels.at(-2) === 'position' && levels.at(-1) === 'state';
}

/** Bare values under `<device>/<component>/<object>/state`, and `esphome/discover/<device>`. */
export const esphome: Convention = {
  name: NAME,
  matches: ({ levels }) =>
    (levels[0] === 'esphome' && levels[1] === 'discover') ||
    (levels.length >= 4 && levels.at(-1) === 'state' && COMPONENTS.has(levels.at(-3) ?? '')) ||
    isPosition(levels),
  read: (message, facts) => {
    const { topic, json } = message;
    const root = json?.root;
    if (message.level(1) === 'discover') {
      const id = textAt(root, 'name') ?? message.level(2);
      const told = {
        name: textAt(root, 'friendly_name'),
        model: textAt(root, 'board') ?? textAt(root, 'platform'),
        firmware: textAt(root, 'version'),
        address: textAt(root, 'ip'),
        mac: textAt(root, 'mac'),
      };
      facts.addDevice({ id, convention: NAME, vendor: 'ESPHome', topic, ...defined(told) });
      facts.addPublisher({ id, seenBy: 'discovery' });
      return NOTHING;
    }
    if (isPosition(message.levels)) {
      const position = measure(quantityNamed('position'), message.text.trim(), 'payload', '%');
      return { readings: position ? [position] : [] };
    }
    const component = message.level(-3);
    if (['switch', 'light', 'fan'].includes(component)) {
      const value = textAt(root, 'state') ?? message.text;
      const reading = measure(quantityNamed('switch'), value, root ? '$.state' : 'payload');
      return { readings: reading ? [reading] : [] };
    }
    const named = quantityCalled(message.level(-2));
    const wantsNumber = component === 'sensor';
    const fits = named && (named.quantity.range !== undefined) === wantsNumber;
    if (!fits || component === 'text_sensor' || component === 'number') return NOTHING;
    const reading = measure(named.quantity, message.text.trim(), 'payload', named.unit);
    return { readings: reading ? [reading] : [], confidence: 0.8 };
  },
};
