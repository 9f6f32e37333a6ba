import { type AuthOptions, hasAccessControl, testAccess, withAccess } from '../auth';
import type { Endpoint, EndpointReport } from '../model';
import type { StageContext } from '../net';
import { classify, type Policy } from '../risk';
import { hasTls, inspectTls, type TlsOptions } from '../tls';
import {
  assertFilters,
  assertRetainedFilters,
  canListen,
  clearRetained,
  type ListenOptions,
  listen,
  type RetainedOptions,
} from '../traffic';

/** Adds one stage's part to a report. A report that the stage has nothing to say about passes as it is. */
export type Stage = (report: EndpointReport, context: StageContext) => Promise<EndpointReport>;

/** The endpoint behind a report. */
export function endpointOf({ target, address, port, transport, probe }: EndpointReport): Endpoint {
  return { target, address, port, transport, named: true, webSocketPath: probe?.webSocket?.path };
}

export function tlsStage(options: TlsOptions): Stage {
  return async (report, context) =>
    hasTls(report) ? { ...report, tls: await inspectTls(endpointOf(report), options, context) } : report;
}

export function authStage(options: AuthOptions): Stage {
  return async (report, context) =>
    hasAccessControl(report)
      ? withAccess(report, await testAccess(endpointOf(report), report, options, context))
      : report;
}

/** @throws ScanError BAD_OPTION */
export function listenStage(options: ListenOptions): Stage {
  assertFilters(options.filters);
  return async (report, context) =>
    canListen(report)
      ? { ...report, traffic: await listen(endpointOf(report), report, options, context) }
      : report;
}

/** Lists retained messages, or clears them; no stage of a scan, since it may write. @throws ScanError BAD_OPTION */
export function retainedStage(options: RetainedOptions): Stage {
  assertRetainedFilters(options.filters);
  return async (report, context) =>
    canListen(report)
      ? { ...report, retained: await clearRetained(endpointOf(report), report, options, context) }
      : report;
}

/**
 * Classification needs no network and no time.
 * @param at when the scan was made (ISO 8601)
 */
export function withRisk(report: EndpointReport, policy: Policy, at: string): EndpointReport {
  return { ...report, risk: classify(report, policy, at) };
}
