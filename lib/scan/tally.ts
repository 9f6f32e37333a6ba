import {
  type EndpointReport,
  endpointKey,
  type Outcome,
  type RiskLevel,
  type ScanSummary,
  zeroPerLevel,
} from '../model';
import { isRated } from '../risk';

interface Counted {
  readonly outcome: Outcome;
  readonly sensors: number;
  readonly level: RiskLevel | undefined;
}

type Counts = Pick<ScanSummary, 'openPorts' | 'openBrokers' | 'authFailures' | 'sensors' | 'risk'>;

/** The latest state of every endpoint that is reported, for the numbers of the summary. */
export class ScanTally {
  readonly #endpoints = new Map<string, Counted>();

  /** Notes an endpoint, in place of what an earlier stage noted of it. */
  record(report: EndpointReport): void {
    this.#endpoints.set(endpointKey(report), {
      outcome: report.outcome,
      sensors: report.traffic?.topics.filter(({ sensor }) => sensor).length ?? 0,
      level: report.risk && isRated(report) ? report.risk.level : undefined,
    });
  }

  /** True for an endpoint that this scan has found. */
  has(report: EndpointReport): boolean {
    return this.#endpoints.has(endpointKey(report));
  }

  counts(): Counts {
    const risk = zeroPerLevel();
    const counts = { openPorts: 0, openBrokers: 0, authFailures: 0, sensors: 0 };
    for (const { outcome, sensors, level } of this.#endpoints.values()) {
      if (outcome !== 'closed' && outcome !== 'unreachable') counts.openPorts++;
      if (outcome === 'open') counts.openBrokers++;
      if (outcome === 'auth-failed') counts.authFailures++;
      counts.sensors += sensors;
      if (level) risk[level]++;
    }
    return { ...counts, risk };
  }
}
