const TRANSPORTS = ['tcp', 'tls', 'ws', 'wss'] as const;

/** How MQTT is carried to an endpoint. */
export type Transport = (typeof TRANSPORTS)[number];

const OUTCOMES = ['open', 'auth-failed', 'tls-error', 'not-mqtt', 'closed', 'unreachable'] as const;

/** What became of one endpoint. `open` means that a session was established. */
export type Outcome = (typeof OUTCOMES)[number];

export const isTransport = (value: unknown): value is Transport =>
  TRANSPORTS.some((known) => known === value);
export const isOutcome = (value: unknown): value is Outcome => OUTCOMES.some((known) => known === value);

/** One address and port, on its way to be scanned. */
export interface Endpoint {
  /** As the user named it: a host name, an address, or a member of the block that was given. */
  readonly target: string;
  /** The address that is dialled: IPv4 dotted decimal or IPv6 text without brackets. */
  readonly address: string;
  readonly port: number;
  /** Set when the user fixed it; otherwise what answers decides. */
  readonly transport?: Transport;
  /** True when the endpoint was named singly, false for a member of a block or range. */
  readonly named: boolean;
  /** Where MQTT over WebSocket was found; it is looked for where this is absent. */
  readonly webSocketPath?: string | undefined;
}

const SCHEMES: Readonly<Record<Transport, string>> = { tcp: 'mqtt', tls: 'mqtts', ws: 'ws', wss: 'wss' };

/** The URL of an endpoint: `mqtt://192.0.2.1:1883`, `mqtts://[2001:db8::1]:8883`. */
export function endpointUrl(transport: Transport, address: string, port: number): string {
  return `${SCHEMES[transport]}://${hostAndPort(address, port)}`;
}

/** `address:port`, IPv6 in brackets (RFC 3986 §3.2.2). */
export function hostAndPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Tells the endpoints of a scan apart: one address may be reached by several names, one port by several transports. */
export function endpointKey(endpoint: {
  readonly target: string;
  readonly address: string;
  readonly port: number;
  readonly transport: Transport;
}): string {
  const { target, address, port, transport } = endpoint;
  return `${transport} ${hostAndPort(address, port)} ${target}`;
}

/** True for the transports that run inside TLS. */
export function isEncrypted(transport: Transport): boolean {
  return transport === 'tls' || transport === 'wss';
}
