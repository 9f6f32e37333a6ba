import { type Endpoint, type EndpointReport, isEncrypted, type Outcome, type Transport } from '../model';
import { type Attempt, CLOSED } from './attempt';
import { silenceOddities } from './oddities';
import { baseReport, listed, webSocketOf } from './report-parts';
import { type Failed, shutDoor, transportsToTry } from './search';

type NoConnection = Extract<Attempt, { kind: 'no-connection' }>;

/** The report of an endpoint at which no attempt came to MQTT. */
export function failedReport(endpoint: Endpoint, transport: Transport, result: Failed): EndpointReport {
  switch (result.kind) {
    case 'no-connection':
      return noConnection(endpoint, transport, result);
    case 'tls-failed': {
      const isTls = result.spokeTls || isEncrypted(endpoint.transport ?? 'tcp');
      return withReason(endpoint, transport, isTls ? 'tls-error' : 'not-mqtt', result.reason);
    }
    case 'not-mqtt': {
      const closed = shutDoor(result);
      if (closed) {
        const reason = 'it speaks MQTT by its subprotocol, and closed on a CONNECT without a login';
        const probe = { versions: [], reason, refusedLogins: 1, ...webSocketOf(closed) };
        return { ...baseReport(endpoint, transport, 'auth-failed'), probe };
      }
      // A server may close without a word on those whom it does not let in (3.1.1 §3.1.4); NanoMQ does.
      const reason =
        result.service === CLOSED ? `${result.reason}: MQTT is not confirmed, nor ruled out` : result.reason;
      const service = isEncrypted(transport) ? `${result.service} (inside TLS)` : result.service;
      const probe = { versions: [], service, reason, ...listed(silenceOddities(result.service)) };
      return { ...baseReport(endpoint, transport, 'not-mqtt'), probe };
    }
  }
}

/** The report of an endpoint that was found not to accept connections, without asking again. */
export function unansweredReport(
  endpoint: Endpoint,
  failed: Pick<NoConnection, 'failure' | 'reason'>,
): EndpointReport {
  const [transport = 'tcp'] = transportsToTry(endpoint);
  return noConnection(endpoint, transport, failed);
}

function noConnection(
  endpoint: Endpoint,
  transport: Transport,
  { failure, reason }: Pick<NoConnection, 'failure' | 'reason'>,
): EndpointReport {
  return withReason(endpoint, transport, failure === 'refused' ? 'closed' : 'unreachable', reason);
}

function withReason(
  endpoint: Endpoint,
  transport: Transport,
  outcome: Outcome,
  reason: string,
): EndpointReport {
  return { ...baseReport(endpoint, transport, outcome), probe: { versions: [], reason } };
}
