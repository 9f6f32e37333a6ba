import { ScanError, type Transport } from '../model';

/** A port to try, with the transport when the user fixed it. */
export interface PortSpec {
  readonly port: number;
  readonly transport?: Transport;
}

/** Where a URL without a port points: registered ports of MQTT (IANA) and of HTTP. */
export const DEFAULT_PORTS: Readonly<Record<Transport, number>> = { tcp: 1883, tls: 8883, ws: 80, wss: 443 };

/** Some two hundred entries; whoever wants all ports writes 1-65535. */
const MAX_CHARS = 2000;

const TRANSPORT_NAMES: ReadonlyMap<string, Transport> = new Map([
  ['tcp', 'tcp'],
  ['mqtt', 'tcp'],
  ['tls', 'tls'],
  ['mqtts', 'tls'],
  ['ws', 'ws'],
  ['wss', 'wss'],
]);

/** The transport that a word or URL scheme stands for; undefined when it is not one. */
export function transportNamed(word: string): Transport | undefined {
  return TRANSPORT_NAMES.get(word.toLowerCase());
}

/** A whole number from 1 to 65535. @throws ScanError BAD_PORT */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65535) {
    throw new ScanError('BAD_PORT', { port: text, reason: 'it is not a port number' });
  }
  return port;
}

/**
 * Reads `1883, 8883`, `1883-1890`, `9001/ws`. Duplicates are dropped, order is kept.
 * @throws ScanError BAD_PORT
 */
export function parsePorts(text: string): PortSpec[] {
  if (text.length > MAX_CHARS) {
    throw new ScanError('BAD_PORT', { port: `${text.slice(0, 20)}…`, reason: 'the list is too long' });
  }
  const specs = new Map<string, PortSpec>();
  for (const entry of text.split(/[\s,;]+/).filter(Boolean)) {
    for (const spec of parseEntry(entry)) specs.set(`${spec.port}/${spec.transport ?? ''}`, spec);
  }
  if (specs.size === 0) throw new ScanError('BAD_PORT', { port: text, reason: 'no port was given' });
  return [...specs.values()];
}

function parseEntry(entry: string): PortSpec[] {
  const [numbers = '', word, ...more] = entry.split('/');
  const transport = word === undefined ? undefined : transportNamed(word);
  if (more.length > 0 || (word !== undefined && !transport)) {
    throw new ScanError('BAD_PORT', { port: entry, reason: 'the transport is none of tcp, tls, ws, wss' });
  }
  const [first = '', last = first, ...rest] = numbers.split('-');
  if (rest.length > 0 || (numbers.includes('-') && (first === '' || last === ''))) {
    throw new ScanError('BAD_PORT', {
      port: entry,
      reason: 'a range is written as 1883-1890, without blanks',
    });
  }
  const from = parsePort(first);
  const to = parsePort(last);
  if (to < from) throw new ScanError('BAD_PORT', { port: entry, reason: 'the range ends before it starts' });
  return Array.from({ length: to - from + 1 }, (_, i) => ({
    port: from + i,
    ...(transport && { transport }),
  }));
}
