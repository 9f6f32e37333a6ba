import type { EndpointReport, RiskLevel, ScanDocument, ScanInfo, ScanSummary } from '../model';

/** What a report is made of: one finished (or stopped) scan. */
export interface ReportData {
  readonly scan: ScanInfo;
  readonly summary: ScanSummary;
  readonly endpoints: readonly EndpointReport[];
}

/** What every renderer is told beside the data. */
export interface RenderOptions {
  /** The scan's report number. */
  readonly number: number;
  /** IANA name of the zone in which times are written. */
  readonly timezone: string;
  /** From this level on a finding is a failure in the JUnit format; MEDIUM unless given. */
  readonly failFrom?: RiskLevel;
  readonly signal?: AbortSignal;
  /** Called now and then in formats that take long, with the part that is done: 0 … 1. */
  readonly onProgress?: (part: number) => void;
}

/** One format's text or bytes, in pieces small enough to be written one after the other. */
export type Renderer = (data: ReportData, options: RenderOptions) => AsyncIterable<string | Uint8Array>;

/** The machine-readable whole of a scan under its report number. */
export function scanDocument(number: number, data: ReportData): ScanDocument {
  const { scan, summary, endpoints } = data;
  return { schema: 'mqtt-scan-report/1', number, scan, summary, endpoints };
}
