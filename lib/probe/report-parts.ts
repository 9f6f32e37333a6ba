import {
  type Endpoint,
  type EndpointReport,
  endpointUrl,
  type Oddity,
  type Outcome,
  type ProbeResult,
  type Transport,
  type WebSocketResult,
} from '../model';
import type { WebSocketFacts } from '../net';

/** What every report begins with. */
export function baseReport(
  { target, address, port }: Endpoint,
  transport: Transport,
  outcome: Outcome,
): EndpointReport {
  return { target, address, port, transport, url: endpointUrl(transport, address, port), outcome };
}

/** The facts of a WebSocket, where there is one. */
export function webSocketOf(
  webSocket: WebSocketFacts | undefined,
  foreignOrigin?: WebSocketResult['foreignOrigin'],
): Pick<ProbeResult, 'webSocket'> {
  if (!webSocket) return {};
  const { path, server } = webSocket;
  return {
    webSocket: { path, ...(server !== undefined && { server }), ...(foreignOrigin && { foreignOrigin }) },
  };
}

/** Oddities, where there are any. */
export function listed(oddities: readonly Oddity[]): Pick<ProbeResult, 'oddities'> {
  return oddities.length > 0 ? { oddities } : {};
}

/** Milliseconds to the hundredth. */
export const round = (ms: number): number => Math.round(ms * 100) / 100;
