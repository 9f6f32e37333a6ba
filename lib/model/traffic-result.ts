import type { LoginName } from './auth-result';
import type { RiskLevel } from './risk-level';

export interface Reading {
  readonly quantity: string;
  readonly value: number | boolean | string;
  readonly unit?: string;
}

/** What a payload is by its first bytes and its form; it is never unpacked to find out. */
export type PayloadKind =
  | 'empty'
  | 'json'
  | 'number'
  | 'text'
  | 'xml'
  | 'cbor'
  | 'protobuf'
  | 'image'
  | 'audio'
  | 'compressed'
  | 'encrypted-looking'
  | 'binary';

export interface Sensor {
  /** `DHT (Temp & Hum)`, `LDR (Light Sensor)`, `PIR (Motion Sensor)`, or a general name. */
  readonly type: string;
  readonly readings: readonly Reading[];
  /** For people: `31.5°C, 56%`. */
  readonly text: string;
  /** For the CSV column: `31.5C; 56%`. */
  readonly summary: string;
  /** 0.3 … 1.0: 1 where the device itself declares what it measures, 0.5 where only a topic's name says so. */
  readonly confidence: number;
  /** The convention by which it was recognised: `Tasmota`, `Zigbee2MQTT`, `Sparkplug B`, …; absent for plain keys and names. */
  readonly convention?: string;
  /** What it was recognised by: a JSON path (`$.BME280.Temperature`), `payload`, or the topic that declares it. */
  readonly evidence?: string;
}

/** What kind of data should not have been readable. */
export type SensitiveClass =
  | 'credentials'
  | 'wifi-key'
  | 'token'
  | 'private-key'
  | 'encryption-key'
  | 'alarm-code'
  | 'location'
  | 'email'
  | 'phone'
  | 'device-identity'
  | 'image'
  | 'audio'
  | 'person'
  | 'plate'
  | 'health'
  | 'presence'
  | 'network'
  | 'payment'
  | 'open-network';

export interface Sensitive {
  readonly class: SensitiveClass;
  readonly severity: RiskLevel;
  /** 0.3 … 1.0 */
  readonly confidence: number;
  /** JSON path (`$.wifi.psk`), `payload`, or `topic`. */
  readonly path: string;
  /**
   * Redacted: first and last two characters of values of eight or more, the length, and the start of a SHA-256
   * with a salt of this installation, by which the same secret is known again. For images, type and size only.
   */
  readonly sample: string;
  /** True when it stands in a retained message, which every new subscriber receives. */
  readonly retained?: boolean;
}

/** A topic by which something can be made to act. Reading it shows what could be written. */
export interface ControlSurface {
  readonly kind: 'command' | 'firmware-update' | 'ot-command' | 'lock' | 'alarm' | 'cover' | 'camera';
  readonly severity: RiskLevel;
  readonly confidence: number;
  /** `Tasmota`, `Sparkplug B`, … or `topic name`. */
  readonly convention: string;
  /** The topic to which commands go; bounded and printable. */
  readonly topic: string;
}

/** A device that messages describe. */
export interface Device {
  /** What tells it apart: its address or name within its convention. */
  readonly id: string;
  readonly convention: string;
  readonly name?: string;
  readonly vendor?: string;
  readonly model?: string;
  readonly firmware?: string;
  /** IP address or host name. */
  readonly address?: string;
  /** Hardware address: MAC, EUI-64. */
  readonly mac?: string;
  /** The topic that told it; bounded and printable. */
  readonly topic: string;
}

/** Somebody who publishes, or would: seen by name even when he was quiet while we listened. */
export interface Publisher {
  readonly id: string;
  /** A status topic that a last will keeps up to date, a declaration for Home Assistant, the broker's own topics, or data. */
  readonly seenBy: 'last-will' | 'discovery' | 'broker' | 'data';
  /** What its status topic says. */
  readonly online?: boolean;
  /** Topics that it declares and that were silent while we listened. */
  readonly quietTopics?: number;
}

/** What a broker says of its clients in `$SYS`. */
export interface ClientCounts {
  readonly connected?: number;
  readonly disconnected?: number;
  readonly total?: number;
  readonly maximum?: number;
  readonly subscriptions?: number;
}

export interface TopicReport {
  /** Bounded, with control characters escaped. */
  readonly topic: string;
  readonly messages: number;
  readonly bytes: number;
  readonly retained: boolean;
  readonly qos: number;
  /** Newest payload, bounded, with control characters escaped. */
  readonly payload: string;
  /** True when `payload` is not the whole payload. */
  readonly truncated: boolean;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly sensor?: Sensor;
  readonly sensitive?: readonly Sensitive[];
  readonly payloadKind?: PayloadKind;
  /** Messages that came while we listened; the others were retained ones, sent at the subscription. */
  readonly live?: number;
  /** Secrets and personal data in `payload` (and `topic`) were made unreadable. */
  readonly redacted?: boolean;
  /** What MQTT forbids in this topic's name [MQTT-1.5.3-2], [MQTT-3.3.2-2]. */
  readonly violations?: readonly (
    | 'invalid-utf8'
    | 'wildcard'
    | 'null-character'
    | 'empty-topic'
    | 'control-character'
  )[];
  /** The name's bytes where they are no UTF-8: ASCII as it is, all others as `\\xHH`; bounded. */
  readonly rawTopic?: string;
  /** Length of a name that is too long to be shown, in bytes. */
  readonly topicBytes?: number;
}

export interface TrafficResult {
  readonly listenedMs: number;
  readonly messages: number;
  readonly bytes: number;
  readonly topics: readonly TopicReport[];
  /** `certificate`: a client certificate was shown, and no other login. */
  readonly listenedAs: LoginName;
  readonly filters: readonly { readonly filter: string; readonly granted: boolean; readonly code?: number }[];
  /** What ended the listening. */
  readonly endedBy:
    | 'time'
    | 'messages'
    | 'bytes'
    | 'topics'
    | 'stopped'
    | 'disconnected'
    | 'refused'
    | 'error';
  /** Messages of further topics once the cap was reached, and frames too large to be read. */
  readonly dropped: number;
  readonly reason?: string;
  /** Caps that were hit: what is listed is less than what came. `payload-budget`: newest payloads were cut. */
  readonly capped?: readonly (
    | 'topics'
    | 'payload-budget'
    | 'devices'
    | 'controls'
    | 'publishers'
    | 'declarations'
  )[];
  /** Bytes of payloads that were kept. */
  readonly keptBytes?: number;
  readonly devices?: readonly Device[];
  readonly controls?: readonly ControlSurface[];
  readonly publishers?: readonly Publisher[];
  readonly clients?: ClientCounts;
  /** How many topics hold sensitive data, by class. */
  readonly sensitive?: Readonly<Partial<Record<SensitiveClass, number>>>;
}
