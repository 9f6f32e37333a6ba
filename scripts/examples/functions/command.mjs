import { clip } from './common.mjs';

/** A command by MQTT, `{"targets": "…", "id": "…"}`, becomes a scan. Output 2: why it does not. */
export function onMessage(msg, { context }) {
  // A retained command would start a scan whenever Node-RED does.
  if (msg.retain === true) return null;
  const { targets, ports, listen, name, id } =
    typeof msg.payload === 'object' && msg.payload !== null ? msg.payload : { targets: msg.payload };
  const command = clip(id, 64);
  const now = Date.now();
  const recent = (context.get('recent') ?? []).filter((at) => now - at < 60_000);
  if (recent.length >= 5)
    return [
      null,
      { payload: { id: command, error: { code: 'RATE', message: 'At most 5 scans a minute.' } } },
    ];
  context.set('recent', [...recent, now]);
  const payload = Object.fromEntries(
    Object.entries({ targets, ports, listen, name }).filter(([, value]) => value !== undefined),
  );
  return [{ payload, origin: 'mqtt', command }, null];
}
