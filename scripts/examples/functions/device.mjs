import { clip, remembered } from './common.mjs';
import { isWithinScan } from './within-scan.mjs';

const AGAIN_MS = 60 * 60_000;
const MAX_DEVICES = 1000;
/** The scanner takes five scans at once; two are left to others. */
const MAX_AT_ONCE = 3;
/** Longer than a scan of one device takes: its end was missed. */
const LOST_MS = 10 * 60_000;

/**
 * A device that has joined is scanned once an hour, however often the other flow tells of it. Many that join at once,
 * as after a power cut, wait for each other; the end of a scan comes here too.
 */
export function onMessage(msg, { context }) {
  const state = remembered(context, 'state', () => ({ seen: new Map(), waiting: [], running: new Map() }));
  if (msg.origin === 'device') {
    if (!isWithinScan(msg)) state.running.delete(msg.device);
  } else if (msg.error === undefined) enqueue(msg.payload, state);
  return [next(state)];
}

function enqueue(payload, { seen, waiting }) {
  const told =
    typeof payload === 'object' && payload !== null
      ? (payload.ip ?? payload.address ?? payload.host)
      : payload;
  const address = typeof told === 'string' ? told.trim() : '';
  if (address === '' || address.length > 300) return;
  for (const [known, at] of seen) if (Date.now() - at >= AGAIN_MS) seen.delete(known);
  if (seen.has(address) || seen.size >= MAX_DEVICES) return;
  seen.set(address, Date.now());
  waiting.push(address);
}

function next({ waiting, running }) {
  for (const [address, at] of running) if (Date.now() - at > LOST_MS) running.delete(address);
  const addresses = waiting.splice(0, Math.max(0, MAX_AT_ONCE - running.size));
  return addresses.map((address) => {
    running.set(address, Date.now());
    return {
      payload: { targets: address, name: `New device ${clip(address, 60)}` },
      origin: 'device',
      device: address,
    };
  });
}
