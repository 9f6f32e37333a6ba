import { startMosquitto } from '../support/mosquitto';
import { floodBeside } from '../traffic/beside';
import { type Listened, listened, start } from '../traffic/measure';

const MESSAGES = 200_000;
/** Long enough for all of them, so that every listener has seen the end. */
const BESIDE_MS = 20_000;

/** Listening: how fast, at what cost, and whether anything is lost that mosquitto_sub receives. */
export async function traffic(): Promise<void> {
  await scripted(
    'Listening to a scripted flood of a thousand sensors, recognition and readings on',
    'readings',
    5000,
    1000,
  );
  await scripted('Listening to a flood of a million topics with payloads up to 64 KB', 'new', 5000, 50_000);
  await scripted('The same with the default limit of topics', 'new', 5000, 1000);
  for (const withMqttJs of [false, true]) await beside(withMqttJs);
}

async function scripted(title: string, kind: string, listenMs: number, maxTopics: number): Promise<void> {
  const flood = await start('flood', kind);
  try {
    let readings = 0;
    const onReading = (): void => void readings++;
    const limits = { listenMs, maxTopics, maxMessages: 1e9, maxPayload: 65_536 };
    const result = await listened(Number(flood.line), { ...limits, onReading });
    console.log(title);
    print(result);
    console.log(`    ended by ${result.traffic.endedBy}, ${readings} readings passed on`);
  } finally {
    flood.stop();
  }
}

function print({ traffic: { messages, bytes, topics, listenedMs }, ...cost }: Listened): void {
  const rate = Math.round(messages / (listenedMs / 1000));
  console.log(
    `    ${messages} messages, ${Math.round(bytes / 1e6)} MB, ${topics.length} topics; ${rate} messages/s`,
  );
  const growth = `RSS ${cost.peakRssMb} MB (${cost.baseRssMb} before)`;
  console.log(
    `    ${cost.cpuUsPerMessage.toFixed(2)} µs of processor time each, ${growth}, loop delay p99 ${cost.loopDelayP99Ms} ms, ${cost.ms} ms in all`,
  );
}

async function beside(withMqttJs: boolean): Promise<void> {
  const broker = await startMosquitto({ config: 'allow_anonymous true' });
  try {
    const port = Number(new URL(broker.target).port);
    const { sent, ours, mosquittoSub, mqttJs } = await floodBeside(port, MESSAGES, BESIDE_MS, withMqttJs);
    console.log(`Listening to ${sent} messages through mosquitto, beside others`);
    console.log(
      `    ours: ${ours.traffic.messages} messages, ${ours.cpuUs.toFixed(2)} µs of processor time each`,
    );
    const peers = { mosquitto_sub: mosquittoSub, 'bare MQTT.js': mqttJs };
    for (const [name, peer] of Object.entries(peers)) {
      if (peer) console.log(`    ${name}: ${peer.messages} messages, ${peer.cpuUs.toFixed(2)} µs each`);
    }
  } finally {
    await broker.stop();
  }
}
