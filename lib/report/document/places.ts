import type { EndpointReport, Finding } from '../../model';

/** Most endpoints that are described in detail, worst first. */
export const MAX_DETAILED_ENDPOINTS = 2000;

/** Where in a report something stands: the names that links lead to. */
export class Places {
  readonly #numbers = new Map<EndpointReport, number>();

  /** @param detailed the endpoints that are described in detail, in their order */
  constructor(detailed: readonly EndpointReport[]) {
    for (const [index, endpoint] of detailed.entries()) this.#numbers.set(endpoint, index + 1);
  }

  /** Undefined for an endpoint without a chapter. */
  ofEndpoint(endpoint: EndpointReport): string | undefined {
    const number = this.#numbers.get(endpoint);
    return number === undefined ? undefined : `endpoint-${number}`;
  }

  /** Remarks stand together, at their endpoint. */
  ofFinding(endpoint: EndpointReport, { id, severity }: Finding): string | undefined {
    const place = this.ofEndpoint(endpoint);
    return place === undefined || severity === 'OK' ? place : `${place}-${ruleName(id)}`;
  }

  ofScanFinding(rule: string): string {
    return `scan-${ruleName(rule)}`;
  }
}

/** A rule's id as part of a name that HTML and PDF accept. */
function ruleName(rule: string): string {
  return rule.replace(/[^A-Za-z0-9-]/g, '-').toLowerCase();
}
