import { createHash } from 'node:crypto';
import { type EndpointReport, endpointKey, type Finding, isEncrypted, type RiskLevel } from '../model';
import type { ReportData } from './data';

/** A finding and where it was found: what formats with one entry per finding are made of. */
export interface FlatFinding {
  readonly finding: Finding;
  /** Absent for a finding that only several endpoints together show. */
  readonly endpoint?: EndpointReport;
  /** All endpoints concerned. */
  readonly urls: readonly string[];
  /** The same for the same weakness in every scan, hexadecimal. */
  readonly fingerprint: string;
}

/** All findings of a scan, those of the whole scan first. */
export function* flatFindings(data: ReportData): Generator<FlatFinding> {
  for (const finding of data.summary.findings ?? []) {
    const key = `${finding.id}\n${[...finding.endpoints].sort().join('\n')}`;
    yield { finding, urls: finding.endpoints, fingerprint: fingerprint(key) };
  }
  for (const endpoint of data.endpoints) yield* findingsOf(endpoint);
}

/** The findings of one endpoint. */
export function* findingsOf(endpoint: EndpointReport): Generator<FlatFinding> {
  const seen = new Map<string, number>();
  for (const finding of endpoint.risk?.findings ?? []) {
    // The same rule may find several things on one endpoint.
    const before = seen.get(finding.id) ?? 0;
    seen.set(finding.id, before + 1);
    const key = `${finding.id}\n${endpointKey(endpoint)}${before === 0 ? '' : `\n${before}`}`;
    yield { finding, endpoint, urls: [endpoint.url], fingerprint: fingerprint(key) };
  }
}

function fingerprint(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}

/** The protocol as services are named (IANA): `mqtt`, `secure-mqtt`. */
export function serviceOf({ transport }: EndpointReport): string {
  return isEncrypted(transport) ? 'mqtts' : 'mqtt';
}

/** `319` of `CWE-319`: of the finding, else of its references. */
export function cweNumbers({ cwe, references }: Finding): number[] {
  const numbers = [...(cwe ?? []), ...references].flatMap((text) => {
    const digits = /^CWE-(\d{1,5})$/.exec(text)?.[1] ?? /\/definitions\/(\d{1,5})\.html$/.exec(text)?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
  return [...new Set(numbers)];
}

/** A score in the middle of a level's range of CVSS, for tools that sort by scores only. */
export const LEVEL_SCORES: Readonly<Record<RiskLevel, string>> = {
  CRITICAL: '9.5',
  HIGH: '8.0',
  MEDIUM: '5.5',
  LOW: '2.0',
  OK: '0.0',
};
