import type { ClientCounts } from '../model';
import { CONVENTIONS } from './conventions';
import { isOnline } from './conventions/convention';
import type { Facts } from './facts';
import type { Message } from './message';

/** Last levels of `$SYS` topics that count clients, of Mosquitto and of EMQX. */
const COUNTS: Readonly<Record<string, keyof ClientCounts>> = {
  'clients/connected': 'connected',
  'clients/active': 'connected',
  'clients/disconnected': 'disconnected',
  'clients/inactive': 'disconnected',
  'clients/total': 'total',
  'clients/maximum': 'maximum',
  'subscriptions/count': 'subscriptions',
  'connections/count': 'connected',
  'connections/max': 'maximum',
};

/** Status topics as a last will leaves them, whatever the convention. */
const STATUS = /^(?:LWT|availability|available|online|connected|connection|status|\$state|avty|alive|will)$/i;

/**
 * Notes who publishes, also whoever is quiet now: clients that the broker itself names, and status topics that a last
 * will keeps up to date.
 */
export function notePublisher(message: Message, facts: Facts): ClientCounts | undefined {
  const { levels } = message;
  if (levels[0] === '$SYS') return brokerTopic(message, facts);
  const last = levels.at(-1) ?? '';
  if (levels.length < 2 || !STATUS.test(last) || message.size > 256) return undefined;
  // Conventions know their own, and by a shorter name.
  if (CONVENTIONS.some((one) => one.matches(message))) return undefined;
  const online = isOnline(message);
  if (online !== undefined) {
    facts.addPublisher({ id: levels.slice(0, -1).join('/'), seenBy: 'last-will', online });
  }
  return undefined;
}

function brokerTopic(message: Message, facts: Facts): ClientCounts | undefined {
  const { levels } = message;
  const [, scope, , group, client, what] = levels;
  // EMQX: $SYS/brokers/<node>/clients/<client>/connected.
  if (
    scope === 'brokers' &&
    group === 'clients' &&
    client !== undefined &&
    /^(?:dis)?connected$/.test(what ?? '')
  ) {
    facts.addPublisher({ id: client, seenBy: 'broker', online: what === 'connected' });
    return undefined;
  }
  // aedes: $SYS/<broker>/new/clients with the identifier as the payload.
  if (levels.at(-2) === 'new' && levels.at(-1) === 'clients' && message.size > 0 && message.size <= 256) {
    facts.addPublisher({ id: message.text, seenBy: 'broker', online: true });
    return undefined;
  }
  const name = COUNTS[levels.slice(-2).join('/')];
  const text = message.text.trim();
  return name !== undefined && /^\d{1,9}$/.test(text) ? { [name]: Number(text) } : undefined;
}
