import { randomBytes } from 'node:crypto';
import type { FilterKind, Product } from '../model';

/** A filter that is asked for, and what it would let us read. */
export interface AskedFilter {
  readonly filter: string;
  readonly kind: FilterKind;
}

/** All application topics, and the broker's own: `#` does not match topics that start with `$` [MQTT-4.7.2-1]. */
const EVERYTHING: readonly AskedFilter[] = [
  { filter: '#', kind: 'applications' },
  { filter: '$SYS/#', kind: 'broker' },
];

/**
 * Topics by which products are managed or tell about their clients, for products by name. RabbitMQ has none: its own
 * events go to exchanges that MQTT does not reach.
 */
const MANAGEMENT: readonly { readonly products: readonly string[]; readonly filter: string }[] = [
  // Plugins are steered by them (mosquitto 2.0, mosquitto_ctrl(1)).
  { products: ['mosquitto'], filter: '$CONTROL/#' },
  // Who comes and goes (docs.emqx.com, "System Topics"); the default access list denies it except to 127.0.0.1.
  { products: ['EMQX'], filter: '$SYS/brokers/+/clients/#' },
  { products: ['EMQX'], filter: '$SYS/brokers/+/alarms/#' },
  // Connections, consumers and queues of the broker (activemq.apache.org, "Advisory Message").
  { products: ['ActiveMQ'], filter: 'ActiveMQ/Advisory/#' },
];

/** What is asked for first, the more special filter behind the more general one. */
export function firstFilters(product: Product | undefined): AskedFilter[] {
  const of = (name: string) => MANAGEMENT.filter(({ products }) => products.includes(name));
  const own = of(product?.name ?? '');
  // Elsewhere the one that steers a broker is asked for: a broker that does not know it grants nothing by it.
  const asked = own.length > 0 ? own : of('mosquitto');
  return [...EVERYTHING, ...asked.map(({ filter }) => ({ filter, kind: 'management' as const }))];
}

/** Asked for only where nothing else delivers: they bring every retained message once more. */
export const BY_LEVELS: readonly string[] = ['+', '+/+', '+/+/+'];

/**
 * The forms that access lists forget. EMQX denies exactly `#` and `+/#` and grants the rest; a shared subscription is
 * asked for with a group of nobody, so that no message is taken from anyone.
 */
export function bypassFilters(product: Product | undefined): AskedFilter[] {
  const filters = ['+/#', ...BY_LEVELS];
  if (maySharedBeAsked(product)) filters.push(`$share/mqttscan${randomBytes(8).toString('hex')}/#`);
  return filters.map((filter) => ({ filter, kind: 'bypass' }));
}

/**
 * A message that a shared and a plain subscription match overflows a buffer in NanoMQ before 0.24.4
 * (CVE-2025-59947), so a broker that may be one is not asked.
 */
function maySharedBeAsked(product: Product | undefined): boolean {
  if (!product) return false;
  if (product.name !== 'NanoMQ') return true;
  const [major = 0, minor = 0, patch = 0] = /^\d+(\.\d+)*$/.test(product.version ?? '')
    ? (product.version ?? '').split('.').map(Number)
    : [];
  return major > 0 || minor > 24 || (minor === 24 && patch >= 4);
}
