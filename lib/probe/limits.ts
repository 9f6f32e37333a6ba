import { type BrokerLimits, printable } from '../model';
import type { Property } from './connack-properties';

/** Property identifiers of CONNACK (5.0 §3.2.2.3). */
export const PropertyId = {
  SESSION_EXPIRY: 0x11,
  ASSIGNED_CLIENT_ID: 0x12,
  SERVER_KEEP_ALIVE: 0x13,
  AUTHENTICATION_METHOD: 0x15,
  RESPONSE_INFORMATION: 0x1a,
  SERVER_REFERENCE: 0x1c,
  REASON_STRING: 0x1f,
  RECEIVE_MAXIMUM: 0x21,
  TOPIC_ALIAS_MAXIMUM: 0x22,
  MAXIMUM_QOS: 0x24,
  RETAIN_AVAILABLE: 0x25,
  USER_PROPERTY: 0x26,
  MAXIMUM_PACKET_SIZE: 0x27,
  WILDCARD_SUBSCRIPTIONS: 0x28,
  SUBSCRIPTION_IDENTIFIERS: 0x29,
  SHARED_SUBSCRIPTIONS: 0x2a,
} as const;

const NUMBERS = [
  ['sessionExpiryInterval', PropertyId.SESSION_EXPIRY],
  ['receiveMaximum', PropertyId.RECEIVE_MAXIMUM],
  ['maximumQos', PropertyId.MAXIMUM_QOS],
  ['maximumPacketSize', PropertyId.MAXIMUM_PACKET_SIZE],
  ['topicAliasMaximum', PropertyId.TOPIC_ALIAS_MAXIMUM],
  ['serverKeepAlive', PropertyId.SERVER_KEEP_ALIVE],
] as const;

const SWITCHES = [
  ['retainAvailable', PropertyId.RETAIN_AVAILABLE],
  ['wildcardSubscriptions', PropertyId.WILDCARD_SUBSCRIPTIONS],
  ['subscriptionIdentifiers', PropertyId.SUBSCRIPTION_IDENTIFIERS],
  ['sharedSubscriptions', PropertyId.SHARED_SUBSCRIPTIONS],
] as const;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The limits that these properties state; what they do not state stays absent. */
export function limitsOf(properties: readonly Property[]): BrokerLimits {
  const limits: Mutable<BrokerLimits> = {};
  for (const [name, id] of NUMBERS) {
    const value = numberOf(properties, id);
    if (value !== undefined) limits[name] = value;
  }
  for (const [name, id] of SWITCHES) {
    const value = numberOf(properties, id);
    if (value !== undefined) limits[name] = value !== 0;
  }
  const assigned = textOf(properties, PropertyId.ASSIGNED_CLIENT_ID);
  if (assigned !== undefined) limits.assignedClientId = shapeOf(assigned);
  return limits;
}

/** A text property, printable and bounded. */
export function textOf(properties: readonly Property[], id: number): string | undefined {
  const value = properties.find((property) => property.id === id)?.value;
  return Buffer.isBuffer(value) ? printable(value.toString('utf8')) : undefined;
}

export function numberOf(properties: readonly Property[], id: number): number | undefined {
  const value = properties.find((property) => property.id === id)?.value;
  return typeof value === 'number' ? value : undefined;
}

const MAX_SHAPED_CHARS = 80;

const SHAPES: readonly (readonly [RegExp, (match: string) => string])[] = [
  [/[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}/g, () => '<UUID>'],
  [/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, () => '<uuid>'],
  [/(?=[a-f]*\d)[0-9a-f]{6,}/g, (match) => `<${match.length} ${/\D/.test(match) ? 'hex' : 'digits'}>`],
  [/(?=[A-Za-z]*\d)[0-9A-Za-z]{10,}/g, (match) => `<${match.length} alphanumerics>`],
];

/** An assigned identifier with its random parts named instead of shown: `auto-<UUID>`. */
export function shapeOf(clientId: string): string {
  const text = printable(clientId, MAX_SHAPED_CHARS);
  for (const [pattern, name] of SHAPES) {
    const shaped = text.replace(pattern, name);
    // One shape only: the names of shapes must not be shaped again.
    if (shaped !== text) return shaped;
  }
  return text;
}
