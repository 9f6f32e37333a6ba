import { clip } from './common.mjs';

const AGAIN_MS = 60 * 60_000;
const MAX_DEVICES = 1000;

/** A device that has joined is scanned once an hour, however often the other flow tells of it. */
export function onMessage(msg, { context }) {
  const { payload } = msg;
  const address =
    typeof payload === 'object' && payload !== null
      ? (payload.ip ?? payload.address ?? payload.host)
      : payload;
  if (typeof address !== 'string' || address.trim() === '' || address.length > 300) return null;
  const seen = new Map(
    Object.entries(context.get('seen') ?? {}).filter(([, at]) => Date.now() - at < AGAIN_MS),
  );
  if (seen.has(address) || seen.size >= MAX_DEVICES) return null;
  context.set('seen', Object.fromEntries([...seen, [address, Date.now()]]));
  return { payload: { targets: address, name: `New device ${clip(address, 60)}` }, origin: 'device' };
}
