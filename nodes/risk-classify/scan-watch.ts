import type { EndpointReport, Finding, ScanChanges, ScanFinding, ScanSummary } from '../../lib/model';
import { ChangeTracker, lastReport, type Policy, type SameScan, ScanRisk } from '../../lib/risk';

/** What is added to the summary that closes a scan. */
type Verdict = Pick<ScanSummary, 'policy' | 'score' | 'findings' | 'changes'>;

/** What the classification knows of one scan: its endpoints so far, and the last report of the same targets. */
export class ScanWatch {
  readonly #risk: ScanRisk;
  readonly #changes: ChangeTracker;

  private constructor(policy: Policy, changes: ChangeTracker) {
    this.#risk = new ScanRisk(policy);
    this.#changes = changes;
  }

  /** Looks for the last report. @throws the signal's reason when it is aborted */
  static async open(
    policy: Policy,
    directory: string,
    same: SameScan,
    signal: AbortSignal,
  ): Promise<ScanWatch> {
    return new ScanWatch(policy, new ChangeTracker(await lastReport(directory, same, signal)));
  }

  /** Notes a classified endpoint. @returns the findings that the last report did not have */
  add(report: EndpointReport): Finding[] {
    this.#risk.add(report);
    return this.#changes.add(report);
  }

  conclude(summary: ScanSummary): { verdict: Verdict; changes: ScanChanges; newScanFindings: ScanFinding[] } {
    const verdict = this.#risk.summary();
    const changes = this.#changes.changes(summary);
    const newScanFindings = (verdict.findings ?? []).filter(
      (finding) => !this.#changes.knowsScanFinding(finding),
    );
    return { verdict: { ...verdict, changes }, changes, newScanFindings };
  }
}

/** Scans whose closing message never came; the oldest makes room. */
const MAX_SCANS = 50;

/** The scans that pass through one node. */
export class ScanWatches {
  readonly #watches = new Map<string, Promise<ScanWatch>>();

  /** The watch of a scan; `open` makes it when it is the first time. */
  of(scanId: string, open: () => Promise<ScanWatch>): Promise<ScanWatch> {
    const known = this.#watches.get(scanId);
    if (known) return known;
    const watch = open();
    this.#watches.set(scanId, watch);
    // Whoever waits for it hears of a failure; what is kept must not fail for nobody.
    watch.catch(() => this.#watches.delete(scanId));
    const [oldest] = this.#watches.keys();
    if (oldest !== undefined && this.#watches.size > MAX_SCANS) this.#watches.delete(oldest);
    return watch;
  }

  forget(scanId: string): void {
    this.#watches.delete(scanId);
  }
}
