import { clip } from './common.mjs';

const KNOWN = ['targets', 'ports', 'listen', 'name', 'scope', 'id'];
const EXAMPLE = '{"targets": "192.168.1.10", "id": "my-1"}';

/** A command by MQTT, `{"targets": "…", "id": "…"}`, becomes a scan. Output 2: why it does not. */
export function onMessage(msg, { context }) {
  // A retained command would start a scan whenever Node-RED does.
  if (msg.retain === true) return null;
  const given = typeof msg.payload === 'object' && msg.payload !== null ? msg.payload : undefined;
  const { targets, ports, listen, name, scope, id } = given ?? { targets: msg.payload };
  const command = ['string', 'number'].includes(typeof id) ? clip(id, 64) : '';
  const refuse = (code, message) => [null, { payload: { id: command, error: { code, message } } }];
  // Whatever is left out by mistake would start another scan than the one that was meant.
  const unknown = Object.keys(given ?? {}).find((key) => !KNOWN.includes(key));
  if (Array.isArray(given)) return refuse('BAD_INPUT', `Send an object, such as ${EXAMPLE}.`);
  if (unknown !== undefined)
    return refuse('BAD_INPUT', `"${clip(unknown, 40)}" is not known. Known: ${KNOWN.join(', ')}.`);
  if (given === undefined && /^\s*[[{]/.test(String(targets)))
    return refuse('BAD_JSON', `The command is not valid JSON. Send an object, such as ${EXAMPLE}.`);
  const now = Date.now();
  const recent = (context.get('recent') ?? []).filter((at) => now - at < 60_000);
  if (recent.length >= 5) return refuse('RATE', 'At most 5 scans a minute.');
  context.set('recent', [...recent, now]);
  const payload = Object.fromEntries(
    Object.entries({ targets, ports, listen, name, scope }).filter(([, value]) => value !== undefined),
  );
  return [{ payload, origin: 'mqtt', command }, null];
}
