import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { FleetMessage } from './device';
import { type Member, type PlanOptions, planFleet } from './plan';

export interface FleetOptions extends PlanOptions {
  readonly url: string;
  readonly login?: IClientOptions;
  /** Milliseconds between two readings of a device. */
  readonly intervalMs?: number;
  /** Told why a connection failed, once per reason. */
  readonly onTrouble?: (reason: string) => void;
}

/** Devices that publish until they are stopped. */
export interface Fleet {
  readonly members: readonly Member[];
  /** Devices that are connected now. */
  connected(): number;
  /** Messages sent so far. */
  sent(): number;
  stop(): Promise<void>;
}

const INTERVAL_MS = 10_000;
const RECONNECT_MS = 5000;
/** Turns per interval: devices do not speak all at once, nor connect all at once. */
const TURNS = 100;

/** Starts a fleet: each device has a connection of its own, as real ones have. */
export function startFleet(options: FleetOptions): Fleet {
  const { url, login = {}, intervalMs = INTERVAL_MS } = options;
  const members = planFleet(options);
  const reasons = new Set<string>();
  const trouble = (reason: string): void => {
    if (reasons.has(reason)) return;
    reasons.add(reason);
    options.onTrouble?.(reason);
  };

  const clients: MqttClient[] = [];
  let sent = 0;
  const send = (client: MqttClient, messages: readonly FleetMessage[]): void => {
    for (const { topic, payload, retain } of messages) {
      // What goes wrong with QoS 0 is the connection, and that is dialled again.
      client.publish(topic, payload, { retain, qos: 0 }, () => undefined);
      sent += 1;
    }
  };
  const start = ({ me, announcements }: Member): MqttClient => {
    // The same device has the same name in each run; brokers take 23 characters (MQTT 3.1.1 §3.1.3.1).
    const clientId = `f${me.seed.toString(36).slice(0, 6)}-${me.mac}`;
    const client = connect(url, { ...login, clientId, reconnectPeriod: RECONNECT_MS, resubscribe: false });
    client.on('error', (error) => trouble(error.message));
    client.on('connect', () => send(client, announcements));
    return client;
  };

  let turn = 0;
  const timer = setInterval(() => {
    const tick = Math.floor(turn / TURNS);
    for (let index = turn % TURNS; index < members.length; index += TURNS) {
      const member = members[index];
      if (member === undefined) continue;
      clients[index] ??= start(member);
      const client = clients[index];
      // A device that is offline measures on but stores nothing.
      if (client?.connected) send(client, member.at(tick));
    }
    turn += 1;
  }, intervalMs / TURNS);

  return {
    members,
    connected: () => clients.filter((client) => client?.connected).length,
    sent: () => sent,
    stop: async () => {
      clearInterval(timer);
      // Without force MQTT.js waits for a broker that may be gone.
      await Promise.all(clients.map((client) => client.endAsync(!client.connected)));
    },
  };
}
