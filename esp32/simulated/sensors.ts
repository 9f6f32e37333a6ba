import { randomBytes } from 'node:crypto';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { insecurePublications, type Publication, securePublications } from './payloads';

export interface SensorOptions {
  /** `mqtt://host:port` of the broker that takes plain text. */
  readonly insecureUrl: string;
  /** `mqtts://host:port` of the broker that takes TLS and a login. */
  readonly secureUrl: string;
  /** The certificate (PEM) that vouches for the secure broker. */
  readonly ca: string;
  readonly credentials: { readonly username: string; readonly password: string };
  /** Milliseconds between two readings. */
  readonly intervalMs?: number;
  /** Same seed, same readings. */
  readonly seed?: number;
  /** Told why a connection failed, once per reason until the device is connected again. */
  readonly onTrouble?: (url: string, reason: string) => void;
}

/** Devices that publish until they are stopped. */
export interface Sensors {
  stop(): Promise<void>;
}

const INTERVAL_MS = 3000;
const RECONNECT_MS = 1000;

/**
 * The customer's ESP32: temperature, humidity and light over TLS with a login, motion in plain text. It
 * publishes as soon as it is connected and then at every interval, retained, and comes back by itself
 * when a broker was away.
 */
export function startSensors(options: SensorOptions): Sensors {
  const { insecureUrl, secureUrl, ca, credentials, intervalMs = INTERVAL_MS, seed = 1 } = options;
  const trouble = options.onTrouble ?? (() => undefined);
  const secure = { ca, rejectUnauthorized: true, ...credentials };
  const devices = [
    startDevice(insecureUrl, {}, intervalMs, (tick) => insecurePublications(seed, tick), trouble),
    startDevice(secureUrl, secure, intervalMs, (tick) => securePublications(seed, tick), trouble),
  ];
  return {
    stop: async () => {
      await Promise.all(devices.map((device) => device.stop()));
    },
  };
}

function startDevice(
  url: string,
  login: IClientOptions,
  intervalMs: number,
  read: (tick: number) => Publication[],
  onTrouble: (url: string, reason: string) => void,
): Sensors {
  const client = connect({ ...address(url), ...login, clientId: clientId(), reconnectPeriod: RECONNECT_MS });
  // A broker that is away is no reason to end: MQTT.js dials again, and an 'error' nobody hears would throw.
  let told = '';
  client.on('error', (error: Error & { code?: unknown }) => {
    const reason = error.message || String(error.code);
    if (reason !== told) onTrouble(url, reason);
    told = reason;
  });

  let tick = 0;
  const publish = (): void => {
    // A device that is offline measures on but stores nothing.
    if (client.connected) for (const { topic, payload } of read(tick)) send(client, topic, payload);
    tick += 1;
  };
  client.on('connect', () => {
    told = '';
    publish();
  });
  const timer = setInterval(publish, intervalMs);

  return {
    stop: async () => {
      clearInterval(timer);
      // Without force MQTT.js waits for a broker that may be gone.
      await client.endAsync(!client.connected);
    },
  };
}

function send(client: MqttClient, topic: string, payload: string): void {
  // What goes wrong with QoS 0 is the connection, and that is dialled again.
  client.publish(topic, payload, { retain: true, qos: 0 }, () => undefined);
}

/** Host and port as MQTT.js dials them: it would keep the brackets of an IPv6 address. */
function address(url: string): IClientOptions {
  const { protocol, hostname, port } = new URL(url);
  return {
    protocol: protocol === 'mqtts:' ? 'mqtts' : 'mqtt',
    host: hostname.replaceAll(/^\[|\]$/g, ''),
    port: Number(port),
  };
}

/** Random, so that devices of two labs do not throw each other out (MQTT 3.1.1 §3.1.4); 18 of the 23 characters every broker takes. */
function clientId(): string {
  return `esp32-${randomBytes(6).toString('hex')}`;
}
