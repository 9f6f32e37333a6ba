import type { RiskLevel } from './risk-level';

export interface Reading {
  readonly quantity: string;
  readonly value: number | boolean | string;
  readonly unit?: string;
}

export interface Sensor {
  /** `DHT (Temp & Hum)`, `LDR (Light Sensor)`, `PIR (Motion Sensor)`, or a general name. */
  readonly type: string;
  readonly readings: readonly Reading[];
  /** For people: `31.5°C, 56%`. */
  readonly text: string;
  /** For the CSV column: `31.5C; 56%`. */
  readonly summary: string;
  /** 0.3 … 1.0 */
  readonly confidence: number;
}

export interface Sensitive {
  readonly class: string;
  readonly severity: RiskLevel;
  readonly confidence: number;
  readonly path: string;
  /** Masked. */
  readonly sample: string;
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
}

export interface TrafficResult {
  readonly listenedMs: number;
  readonly messages: number;
  readonly bytes: number;
  readonly topics: readonly TopicReport[];
  readonly listenedAs: 'anonymous' | 'credentials';
  readonly filters: readonly { readonly filter: string; readonly granted: boolean; readonly code?: number }[];
  /** What ended the listening. */
  readonly endedBy: 'time' | 'messages' | 'topics' | 'stopped' | 'disconnected' | 'refused' | 'error';
  /** Messages of further topics once the cap was reached, and frames too large to be read. */
  readonly dropped: number;
  readonly reason?: string;
}
