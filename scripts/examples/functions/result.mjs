import { clip, list } from './common.mjs';
import { isWithinScan } from './within-scan.mjs';

/** The end of a scan that was asked for by MQTT, small enough for any client. */
export function onMessage(msg) {
  // Each command gets one answer.
  if (msg.origin !== 'mqtt' || isWithinScan(msg)) return null;
  const id = clip(msg.command, 64);
  if (msg.error)
    return {
      payload: { id, error: { code: msg.error.code ?? 'INTERNAL', message: clip(msg.error.message, 400) } },
    };
  const { number, summary, files } = msg.payload;
  return {
    payload: {
      id,
      number,
      summary: { ...summary, targets: list(summary.targets).slice(0, 100) },
      files: list(files).map(({ format, name, url }) => ({ format, name, url })),
    },
  };
}
