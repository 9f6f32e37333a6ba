import type { RangeBroker } from '../../brokers/range/start-range';
import type { EndpointReport, ScanSummary } from '../../lib/model';
import { scan } from '../../lib/scan';

/** Long enough for what is retained and for live topics, which are told four times a second. */
const LISTEN_MS = 900;

/** What a scan of the practice range has brought. */
export interface RangeScan {
  /** By URL. */
  readonly reports: ReadonlyMap<string, EndpointReport>;
  readonly summaries: readonly ScanSummary[];
}

/** Scans brokers of the range as their cards say: those that want the same settings together. */
export async function scanRange(brokers: readonly RangeBroker[], ca: string): Promise<RangeScan> {
  const groups = new Map<string, RangeBroker[]>();
  for (const broker of brokers) {
    const key = JSON.stringify(broker.card.scan ?? {});
    groups.set(key, [...(groups.get(key) ?? []), broker]);
  }
  const reports = new Map<string, EndpointReport>();
  const summaries: ScanSummary[] = [];
  for (const group of groups.values()) {
    const { login, defaultCredentials = false, writeTest = false } = group[0]?.card.scan ?? {};
    const results = scan(
      group.map(({ url }) => url),
      {
        tls: { ca },
        auth: { defaultCredentials, writeTest },
        listen: { listenMs: LISTEN_MS },
        ...(login && { credentials: login }),
      },
    );
    for (;;) {
      const next = await results.next();
      if (next.done) {
        summaries.push(next.value);
        break;
      }
      reports.set(next.value.url, next.value);
    }
  }
  return { reports, summaries };
}
