import { connect, type IClientOptions, type MqttClient } from 'mqtt';

/** Connects once; a refusal rejects, with the CONNACK code in `code`, and so does a close without an answer. */
export function dial(url: string, options: IClientOptions = {}): Promise<MqttClient> {
  const client = connect(url, { connectTimeout: 5000, ...options, reconnectPeriod: 0 });
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      client.end(true);
      reject(error);
    };
    // MQTT.js says nothing but `close` of a broker that hangs up before its CONNACK.
    const closed = (): void => fail(new Error('the broker closed the connection before its CONNACK'));
    client.once('close', closed);
    client.once('connect', () => {
      client.off('close', closed);
      resolve(client);
    });
    client.on('error', fail);
  });
}

/** Subscribes and collects payloads by topic until `enough` says so. */
export async function collect(
  client: MqttClient,
  filter: string,
  enough: (seen: ReadonlyMap<string, string>) => boolean,
): Promise<Map<string, string>> {
  const seen = new Map<string, string>();
  const complete = new Promise<void>((resolve) => {
    client.on('message', (topic, payload) => {
      seen.set(topic, payload.toString());
      if (enough(seen)) resolve();
    });
  });
  await client.subscribeAsync(filter);
  await complete;
  return seen;
}
