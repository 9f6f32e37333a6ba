/** Risk levels, worst first. */
export const LEVELS = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'OK'];

/** True where MQTT or TLS answered; what is closed, or something else, has no risk to show. */
export const hasRisk = (outcome) => ['open', 'auth-failed', 'tls-error'].includes(outcome);

/** A text of at most `length` characters; a character of two units is never cut in half. */
export function clip(text, length = 160) {
  const all = String(text ?? '');
  return all.length > length ? `${all.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')}…` : all;
}

/** Names of machines have no blanks: pieces between which a line may end, few of them whatever the text. */
export function pieces(text, most) {
  const all = String(text).split(/(?<=[_/:])/);
  return all.length > most ? [...all.slice(0, most), all.slice(most).join('')] : all;
}

export const list = (value) => (Array.isArray(value) ? value : []);
/** 10,000 rather than 10000. */
export const grouped = (n) => Number(n).toLocaleString('en-US');
export const counted = (n, word) => `${grouped(n)} ${word}${n === 1 ? '' : 's'}`;

/**
 * What is remembered for as long as Node-RED runs; in the context of the flow also over a deployment. A context that is
 * kept on disk keeps nothing of it: a Map or a request would come back as something else.
 */
export function remembered(context, key, make) {
  const known = context.get(key);
  if (known) return known;
  const made = Object.defineProperty(make(), 'toJSON', { value: () => undefined });
  context.set(key, made);
  return made;
}

/** The browser that a message came from, so that the answer goes there only. */
export function browserOf(msg) {
  if (msg.socketid) return { id: msg.socketid, address: { socketid: msg.socketid } };
  const id = msg._client?.socketId;
  return id ? { id, address: { _client: { socketId: id } } } : undefined;
}

/** True for the message that says that the flows have just started: a scan that ran before them is gone. */
export const isStartOfFlows = (msg) => msg.topic === 'hello' && browserOf(msg) === undefined;
