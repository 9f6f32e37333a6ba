import { connect, type IClientOptions, type MqttClient } from 'mqtt';

/** Connects once; a refusal rejects, with the CONNACK code in `code`. */
export function dial(url: string, options: IClientOptions = {}): Promise<MqttClient> {
  const client = connect(url, { ...options, reconnectPeriod: 0, connectTimeout: 5000 });
  return new Promise((resolve, reject) => {
    client.once('connect', () => resolve(client));
    client.on('error', (error) => {
      client.end(true);
      reject(error);
    });
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
