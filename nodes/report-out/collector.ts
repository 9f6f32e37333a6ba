import { type EndpointReport, endpointKey } from '../../lib/model';

/** Scans whose closing message never came; the oldest makes room. */
const MAX_SCANS = 50;
/** Endpoints with an answer in one report; a scan that finds more is split by its user. */
const MAX_ENDPOINTS = 200_000;

/** Gathers the endpoints of each scan until its closing message comes. */
export class ReportCollector {
  readonly #scans = new Map<string, Map<string, EndpointReport>>();

  /** Keeps an endpoint; a newer report of the same one takes its place. False when the scan is too large. */
  add(scanId: string, report: EndpointReport): boolean {
    const endpoints = this.#scans.get(scanId) ?? this.#open(scanId);
    const key = endpointKey(report);
    if (endpoints.size >= MAX_ENDPOINTS && !endpoints.has(key)) return false;
    endpoints.set(key, report);
    return true;
  }

  /** The endpoints of a scan in the order of their addresses. They stay until `forget`. */
  endpointsOf(scanId: string): EndpointReport[] {
    return [...(this.#scans.get(scanId)?.values() ?? [])].sort(byAddress);
  }

  forget(scanId: string): void {
    this.#scans.delete(scanId);
  }

  #open(scanId: string): Map<string, EndpointReport> {
    const endpoints = new Map<string, EndpointReport>();
    this.#scans.set(scanId, endpoints);
    const [oldest] = this.#scans.keys();
    if (oldest !== undefined && this.#scans.size > MAX_SCANS) this.#scans.delete(oldest);
    return endpoints;
  }
}

const collator = new Intl.Collator('en', { numeric: true });

/** 10.0.0.2 before 10.0.0.10, then by port. */
function byAddress(a: EndpointReport, b: EndpointReport): number {
  return collator.compare(a.address, b.address) || a.port - b.port;
}
