import type {
  AbsentEndpoint,
  Change,
  EndpointReport,
  Finding,
  ScanChanges,
  ScanFinding,
  ScanSummary,
} from '../../model';
import { endpointKey, endpointUrl, isTransport } from '../../model';
import { changeAt, compareEndpoint } from './compare';
import { type EndpointSnapshot, snapshotOf } from './snapshot';

/** The last report of the same targets, as far as it is compared. */
export interface PreviousReport {
  readonly number: number;
  readonly scanId: string;
  readonly finishedAt: string;
  readonly endpoints: ReadonlyMap<string, EndpointSnapshot>;
  /** By key, as endpoints. */
  readonly absent: ReadonlyMap<string, AbsentEndpoint>;
  /** `id url` of the findings of the whole scan. */
  readonly scanFindings: ReadonlySet<string>;
}

/** Changes that a summary lists, and endpoints that it remembers as gone. */
const MAX_ITEMS = 1000;
const MAX_ABSENT = 5000;
const MAX_ENDPOINTS = 200_000;
const MAX_KEPT_FINDINGS = 100;
const NONE: ReadonlySet<string> = new Set();

/**
 * A scan beside the last report of the same targets. Everything it needs of the past is in that one report, so
 * nothing is told twice, however often the program was started in between.
 */
export class ChangeTracker {
  readonly #previous: PreviousReport | undefined;
  readonly #now = new Map<string, EndpointSnapshot>();

  constructor(previous: PreviousReport | undefined) {
    this.#previous = previous;
  }

  /** Notes a classified endpoint; gives those of its findings that are new, all of them where nothing is known. */
  add(report: EndpointReport): Finding[] {
    const snapshot = snapshotOf(report);
    const key = endpointKey(report);
    if (!snapshot) this.#now.delete(key);
    else if (this.#now.size < MAX_ENDPOINTS || this.#now.has(snapshot.key))
      this.#now.set(snapshot.key, snapshot);
    const known = snapshot ? this.#known(snapshot.key) : NONE;
    return (report.risk?.findings ?? []).filter(({ id }) => !known.has(id));
  }

  /** True when an earlier report had this finding of a whole scan already. */
  knowsScanFinding(finding: ScanFinding): boolean {
    return this.#previous?.scanFindings.has(scanFindingKey(finding.id, finding.endpoints[0])) ?? false;
  }

  /** What is not as it was. Deterministic: endpoints in the order of their URLs, whatever came first. */
  changes(summary: Pick<ScanSummary, 'finishedAt' | 'stopped' | 'notReached'>): ScanChanges {
    const previous = this.#previous;
    const sorted = [...this.#now.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    if (!previous) return { findings: { new: 0, fixed: 0, unchanged: 0 }, items: [], absent: [] };
    const items: Change[] = [];
    const findings = { new: 0, fixed: 0, unchanged: 0 };
    for (const now of sorted) {
      const before = previous.endpoints.get(now.key);
      const arrival = before ? undefined : arrivalOf(now, previous.absent.get(now.key));
      if (arrival) items.push(arrival);
      const compared = compareEndpoint(this.#known(now.key), before, now);
      items.push(...compared.changes);
      findings.new += compared.new;
      findings.fixed += compared.fixed;
      findings.unchanged += compared.unchanged;
    }
    const { gone, absent } = this.#missing(previous, summary);
    items.push(...gone);
    const { number, scanId, finishedAt } = previous;
    return {
      comparedWith: { number, scanId, finishedAt },
      findings,
      items: items.slice(0, MAX_ITEMS),
      ...(items.length > MAX_ITEMS && { notListed: items.length - MAX_ITEMS }),
      absent: absent.slice(0, MAX_ABSENT),
    };
  }

  /** The findings that an endpoint had when it was seen last. */
  #known(key: string): ReadonlySet<string> {
    const before = this.#previous?.endpoints.get(key);
    if (before) return new Set([...before.findings.keys()]);
    const absent = this.#previous?.absent.get(key);
    return absent ? new Set(absent.findings) : NONE;
  }

  /** Endpoints that were there, or that were gone before, and are not here now. */
  #missing(
    previous: PreviousReport,
    { finishedAt, stopped, notReached = 0 }: Pick<ScanSummary, 'finishedAt' | 'stopped' | 'notReached'>,
  ): { gone: Change[]; absent: AbsentEndpoint[] } {
    const isWhole = !stopped && notReached === 0;
    const gone: Change[] = [];
    const absent: AbsentEndpoint[] = [];
    const missing = [
      ...[...previous.endpoints].map(([key, endpoint]) => [key, leave(endpoint, finishedAt)] as const),
      ...previous.absent,
    ].filter(([key]) => !this.#now.has(key));
    for (const [key, endpoint] of missing) {
      const wasGone = previous.absent.has(key) && !endpoint.notReached;
      if (wasGone) absent.push(endpoint);
      else if (!isWhole) absent.push({ ...endpoint, notReached: true });
      else {
        const { notReached: _, ...known } = endpoint;
        absent.push({ ...known, goneSince: finishedAt });
        gone.push(changeAt(withUrl(endpoint), 'endpoint-gone', 'The broker does not answer any more.'));
      }
    }
    return { gone, absent };
  }
}

/** How a finding of a whole scan is known again. */
export function scanFindingKey(id: string, url: string | undefined): string {
  return `${id} ${url ?? ''}`;
}

function arrivalOf(now: EndpointSnapshot, absent: AbsentEndpoint | undefined): Change | undefined {
  const level = now.level && { level: now.level };
  if (!absent) return changeAt(now, 'endpoint-new', 'A broker answers that was not there before.', level);
  if (absent.notReached) return undefined;
  return changeAt(
    now,
    'endpoint-back',
    `A broker answers again that was gone since ${absent.goneSince}.`,
    level,
  );
}

function leave(endpoint: EndpointSnapshot, goneSince: string): AbsentEndpoint {
  const { target, address, port, transport, findings } = endpoint;
  return {
    target,
    address,
    port,
    transport,
    goneSince,
    findings: [...findings.keys()].slice(0, MAX_KEPT_FINDINGS),
  };
}

function withUrl(endpoint: AbsentEndpoint): AbsentEndpoint & { url: string } {
  const { transport, address, port } = endpoint;
  return { ...endpoint, url: isTransport(transport) ? endpointUrl(transport, address, port) : '' };
}
