import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { TrafficResult } from '../../lib/model';
import { listenedPlainly, start } from './measure';

/** Clock ticks of /proc/<pid>/stat in a second. */
const TICKS = 100;

/** What each listener got of one flood, and the processor time that it took for each message, in microseconds. */
export interface Beside {
  readonly sent: number;
  readonly ours: { readonly traffic: TrafficResult; readonly cpuUs: number };
  readonly mosquittoSub?: { readonly messages: number; readonly cpuUs: number } | undefined;
  readonly mqttJs?: { readonly messages: number; readonly cpuUs: number } | undefined;
}

/**
 * Listens to a flood of one mosquitto together with `mosquitto_sub -t '#'`, so that both are sent the same.
 * @param withMqttJs bare MQTT.js listens as well; a slow listener slows the broker down for all
 */
export async function floodBeside(
  port: number,
  sent: number,
  listenMs: number,
  withMqttJs: boolean,
): Promise<Beside> {
  const publisher = await start('publisher', String(port), String(sent));
  const sub = spawn('mosquitto_sub', ['-h', '127.0.0.1', '-p', String(port), '-t', '#', '-F', '1']);
  // Where it is not installed there is nothing beside ours.
  sub.on('error', () => undefined);
  let messages = 0;
  // Two bytes for each message; looking at lines would cost more than receiving them.
  sub.stdout.on('data', (chunk: Buffer) => {
    messages += chunk.length / 2;
  });
  const bare = withMqttJs ? await start('mqtt-js', String(port)) : undefined;
  try {
    await delay(300);
    const listening = listenedPlainly(port, { listenMs, maxMessages: 1e9, maxTopics: 5000 });
    await delay(300);
    publisher.child.stdin.write('go\n');
    const ours = await listening;
    const mqttJs = bare && (await endOf(bare.child));
    const subCpuUs = cpuOf(sub.pid);
    return {
      sent,
      ours,
      mosquittoSub:
        subCpuUs === undefined ? undefined : { messages, cpuUs: subCpuUs / Math.max(1, messages) },
      mqttJs,
    };
  } finally {
    publisher.stop();
    sub.kill();
    bare?.stop();
  }
}

async function endOf(child: Awaited<ReturnType<typeof start>>['child']) {
  child.stdin.end();
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const [messages = 0, cpuUs = 0] = line.split(' ').map(Number);
  return { messages, cpuUs: cpuUs / Math.max(1, messages) };
}

/** Processor time of another process so far, in microseconds; undefined where there is no /proc. */
function cpuOf(pid: number | undefined): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return ((Number(fields[11]) + Number(fields[12])) / TICKS) * 1e6;
  } catch {
    return undefined;
  }
}
