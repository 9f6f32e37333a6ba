import { randomBytes } from 'node:crypto';
import { type LoginRights, onStop, type ReadRight, type RightVerdict } from '../model';
import type { StageContext } from '../net';
import { isConnectionFailure, Session, type Subscription } from '../wire';
import type { LoginTarget } from './logins';

/** All application topics, and the broker's own: `#` does not match topics that start with `$` [MQTT-4.7.2-1]. */
const FILTERS = ['#', '$SYS/#'] as const;
/**
 * Retained messages follow SUBACK at once. A broker that delivers nothing is waited for some round trips, as
 * measured by SUBSCRIBE, and no longer.
 */
const DELIVERY_WAIT = { roundTrips: 5, minMs: 100, maxMs: 1000 } as const;
/** Only that a message came matters here, not what it says. */
const MAX_PUBLISH_BYTES = 64 * 1024;

/** Which rights to look at. */
export interface RightsToTest {
  /** Subscribes and waits for what comes. */
  readonly read: boolean;
  /** Publishes one message to a random topic of our own and waits for it to come back. */
  readonly write: boolean;
}

/**
 * What one login may do. Acknowledgements lie: mosquitto grants `#` and then delivers nothing that its ACL
 * forbids. So a right is `proven` only by a message that came.
 */
export async function testRights(
  target: LoginTarget,
  as: LoginRights['as'],
  rights: RightsToTest,
  context: StageContext,
): Promise<LoginRights> {
  let session: Session | undefined;
  try {
    session = await openAs(target, as, context);
    const read = rights.read ? await testReading(session, context.signal) : [];
    const write = rights.write ? await testWriting(session, context.signal) : 'not-tested';
    return { as, read, write };
  } catch (thrown) {
    context.signal.throwIfAborted();
    if (!isConnectionFailure(thrown)) throw thrown;
    const filters = rights.read ? FILTERS : [];
    const read = filters.map((filter) => ({ filter, verdict: 'inconclusive' as const }));
    return { as, read, write: rights.write ? 'inconclusive' : 'not-tested' };
  } finally {
    await session?.close();
  }
}

function openAs(target: LoginTarget, as: LoginRights['as'], context: StageContext): Promise<Session> {
  const options = {
    protocolVersion: target.versions[0] ?? 4,
    maxPublishBytes: MAX_PUBLISH_BYTES,
    ...(as === 'credentials' && { credentials: context.credentials }),
  };
  return Session.open(target.endpoint, target.transport, options, context);
}

async function testReading(session: Session, signal: AbortSignal): Promise<ReadRight[]> {
  const delivered = new Set<string>();
  const arrival = new Arrival();
  session.onMessage((topic) => {
    delivered.add(topic.startsWith('$') ? '$SYS/#' : '#');
    arrival.announce();
  });
  const subscriptions: Subscription[] = [];
  const startedAt = performance.now();
  for (const filter of FILTERS) subscriptions.push(await session.subscribe(filter));
  const waitMs = deliveryWait((performance.now() - startedAt) / FILTERS.length);
  const granted = subscriptions.filter((subscription) => subscription.granted);
  await arrival.until(() => granted.every(({ filter }) => delivered.has(filter)), waitMs, signal);
  return subscriptions.map((subscription) => readRight(subscription, delivered.has(subscription.filter)));
}

function deliveryWait(roundTripMs: number): number {
  const { roundTrips, minMs, maxMs } = DELIVERY_WAIT;
  return Math.min(maxMs, Math.max(minMs, roundTrips * roundTripMs));
}

function readRight({ filter, granted, code }: Subscription, delivered: boolean): ReadRight {
  const answered: RightVerdict = granted ? 'granted' : code === undefined ? 'inconclusive' : 'denied';
  return { filter, verdict: delivered ? 'proven' : answered, ...(code !== undefined && { code }) };
}

/** QoS 0, not retained, a topic that nobody else knows: nothing is left behind. */
async function testWriting(session: Session, signal: AbortSignal): Promise<RightVerdict> {
  const canary = `mqttscan/${randomBytes(8).toString('hex')}`;
  const arrival = new Arrival();
  let echoed = false;
  session.onMessage((topic) => {
    echoed ||= topic === canary;
    arrival.announce();
  });
  const startedAt = performance.now();
  await session.subscribe(canary);
  const waitMs = deliveryWait(performance.now() - startedAt);
  await session.publish(canary, 'canary');
  await arrival.until(() => echoed, waitMs, signal);
  // Without an echo the message may have been refused, or the subscription: MQTT 3.1.1 does not tell.
  return echoed ? 'proven' : 'inconclusive';
}

/** Waits for something that messages bring about. */
class Arrival {
  #listener: (() => void) | undefined;

  announce(): void {
    this.#listener?.();
  }

  until(isDone: () => boolean, timeoutMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        stopWaiting();
        this.#listener = undefined;
        resolve();
      };
      const timer = setTimeout(finish, timeoutMs);
      const stopWaiting = onStop(signal, finish);
      this.#listener = () => {
        if (isDone()) finish();
      };
      if (isDone() || signal.aborted) finish();
    });
  }
}
