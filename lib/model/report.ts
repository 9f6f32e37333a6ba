import type { AuthResult } from './auth-result';
import type { Outcome, Transport } from './endpoint';
import type { ProbeResult } from './probe-result';
import type { RetainedResult } from './retained-result';
import type { RiskLevel } from './risk-level';
import type { PolicyInfo, RiskResult, RiskScore, ScanChanges, ScanFinding } from './risk-result';
import type { TlsResult } from './tls-result';
import type { TrafficResult } from './traffic-result';

/** Everything known about one endpoint. Each stage adds its part. */
export interface EndpointReport {
  readonly target: string;
  readonly address: string;
  readonly port: number;
  readonly transport: Transport;
  readonly url: string;
  readonly outcome: Outcome;
  readonly probe?: ProbeResult;
  readonly tls?: TlsResult;
  readonly auth?: AuthResult;
  readonly traffic?: TrafficResult;
  /** Retained messages that were listed or cleared. */
  readonly retained?: RetainedResult;
  readonly risk?: RiskResult;
}

export interface ScanSummary {
  readonly scanId: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly targets: readonly string[];
  /** The ports for targets that name none, as they were written. */
  readonly ports?: string;
  readonly endpointsScanned: number;
  readonly openPorts: number;
  readonly openBrokers: number;
  readonly authFailures: number;
  readonly sensors: number;
  readonly risk: Readonly<Record<RiskLevel, number>>;
  readonly stopped?: boolean;
  /**
   * Endpoints that were not visited: the scan was stopped before, or their host was given up because it left too
   * many connections in a row without an answer.
   */
  readonly notReached?: number;
  /** By what the findings were graded; written by the classification, as what follows. */
  readonly policy?: PolicyInfo;
  /** Of all endpoints together; absent when no broker was rated. */
  readonly score?: RiskScore;
  /** Findings that only several endpoints together show. */
  readonly findings?: readonly ScanFinding[];
  /** Against the last report of the same targets. */
  readonly changes?: ScanChanges;
}

/** What every message of a scan says about it. */
export interface ScanInfo {
  readonly id: string;
  /** What the user calls this scan. */
  readonly name?: string;
  readonly startedAt: string;
  readonly targets: readonly string[];
}

/** The machine-readable whole; `schema` changes when its shape does. */
export interface ScanDocument {
  readonly schema: 'mqtt-scan-report/1';
  readonly number: number;
  readonly scan: ScanInfo;
  readonly summary: ScanSummary;
  readonly endpoints: readonly EndpointReport[];
}
