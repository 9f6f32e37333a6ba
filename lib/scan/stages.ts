import { type AuthOptions, hasAccessControl, testAccess, withAccess } from '../auth';
import type { Endpoint, EndpointReport } from '../model';
import type { StageContext } from '../net';
import { type ProbeOptions, probeEndpoint } from '../probe';
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
import { withoutPassword } from './own-login';

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

/** Finds out what listens at an endpoint. @throws what `probeEndpoint` throws */
export async function probeStage(
  endpoint: Endpoint,
  context: StageContext,
  options: ProbeOptions = {},
): Promise<EndpointReport> {
  return withoutPassword(await probeEndpoint(endpoint, context, options), context.credentials);
}

export function authStage(options: AuthOptions): Stage {
  return async (report, context) => {
    if (!hasAccessControl(report)) return report;
    const auth = await testAccess(endpointOf(report), report, options, context);
    return withoutPassword(withAccess(report, auth), context.credentials);
  };
}

/** @throws ScanError BAD_OPTION */
export function listenStage(options: ListenOptions): Stage {
  assertFilters(options.filters);
  const { onReading } = options;
  return async (report, context) => {
    if (!canListen(report)) return report;
    const { credentials } = context;
    const traffic = await listen(
      endpointOf(report),
      report,
      {
        ...options,
        ...(onReading && { onReading: (reading) => onReading(withoutPassword(reading, credentials)) }),
      },
      context,
    );
    return withoutPassword({ ...report, traffic }, credentials);
  };
}

/** Lists retained messages, or clears them; no stage of a scan, since it may write. @throws ScanError BAD_OPTION */
export function retainedStage(options: RetainedOptions): Stage {
  assertRetainedFilters(options.filters);
  return async (report, context) => {
    if (!canListen(report)) return report;
    const retained = await clearRetained(endpointOf(report), report, options, context);
    return withoutPassword({ ...report, retained }, context.credentials);
  };
}

/**
 * Classification needs no network and no time.
 * @param at when the scan was made (ISO 8601)
 */
export function withRisk(report: EndpointReport, policy: Policy, at: string): EndpointReport {
  return { ...report, risk: classify(report, policy, at) };
}
