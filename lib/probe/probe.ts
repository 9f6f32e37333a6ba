import {
  type Connack,
  type Endpoint,
  type EndpointReport,
  endpointUrl,
  isEncrypted,
  type Outcome,
  type ProbeResult,
  type ProtocolVersion,
  type Transport,
} from '../model';
import type { StageContext } from '../net';
import { isVersionRefused } from '../wire';
import { type Attempt, attempt } from './attempt';

/** Ports on which TLS is tried first; what answers decides all the same. */
const TLS_FIRST: ReadonlySet<number> = new Set([443, 8883, 8884, 8886, 14_883]);

/** MQTT 3.1.1 is what nearly every broker speaks; the other versions are asked for once MQTT is certain. */
const FIRST_VERSION: ProtocolVersion = 4;
const OTHER_VERSIONS: readonly ProtocolVersion[] = [5, 3];

type Found = Extract<Attempt, { kind: 'mqtt' }>;
type Failed = Exclude<Attempt, Found>;

/**
 * Finds out what listens at an endpoint: is it MQTT, over which transport, in which versions, and does it let
 * us in: anonymously or, failing that, with the login of the scan.
 * @throws ScanError OUT_OF_SCOPE; the signal's reason when it is aborted
 */
export async function probeEndpoint(endpoint: Endpoint, context: StageContext): Promise<EndpointReport> {
  const tried: { readonly transport: Transport; readonly result: Failed }[] = [];
  for (const transport of transportsToTry(endpoint)) {
    const result = await attempt(endpoint, transport, { protocolVersion: FIRST_VERSION }, context);
    if (result.kind === 'mqtt') return probeBroker(endpoint, transport, result, context);
    tried.push({ transport, result });
    if (result.kind === 'no-connection') break;
  }
  const decisive = tried.reduce((best, next) => (weight(next.result) > weight(best.result) ? next : best));
  return failedReport(endpoint, decisive.transport, decisive.result);
}

function transportsToTry(endpoint: Endpoint): readonly Transport[] {
  if (endpoint.transport) return [endpoint.transport];
  return TLS_FIRST.has(endpoint.port) ? ['tls', 'tcp'] : ['tcp', 'tls'];
}

/** How much an attempt tells about an endpoint on which no attempt found MQTT. */
function weight(result: Failed): number {
  switch (result.kind) {
    case 'tls-failed':
      return result.spokeTls ? 4 : 1;
    case 'not-mqtt':
      // "It is TLS" is what the encrypted attempt knows better.
      return result.service === 'TLS' || result.service === 'silent' ? 2 : 3;
    case 'no-connection':
      return 0;
  }
}

async function probeBroker(
  endpoint: Endpoint,
  transport: Transport,
  first: Found,
  context: StageContext,
): Promise<EndpointReport> {
  const answers: Connack[] = [first.connack];
  for (const protocolVersion of OTHER_VERSIONS) {
    const result = await attempt(endpoint, transport, { protocolVersion }, context);
    if (result.kind === 'mqtt') answers.push(result.connack);
  }
  const versions = answers
    .filter(({ code }) => !isVersionRefused(code))
    .map(({ protocolVersion }) => protocolVersion);
  const facts = { versions: [...new Set(versions)].sort(), rttMs: round(first.rttMs) };
  const letIn = answers.find(({ code }) => code === 0);
  if (letIn) return brokerReport('open', { ...facts, connack: letIn, openedAs: 'anonymous' });

  const refusal = answers.find(({ code }) => !isVersionRefused(code)) ?? first.connack;
  const { credentials } = context;
  const withLogin =
    credentials &&
    (await attempt(endpoint, transport, { protocolVersion: refusal.protocolVersion, credentials }, context));
  if (withLogin?.kind === 'mqtt' && withLogin.connack.code === 0) {
    return brokerReport('open', { ...facts, connack: withLogin.connack, openedAs: 'credentials' });
  }
  const answer = withLogin?.kind === 'mqtt' ? withLogin.connack : refusal;
  return brokerReport('auth-failed', { ...facts, connack: answer, reason: answer.meaning });

  function brokerReport(outcome: Outcome, probe: ProbeResult): EndpointReport {
    return { ...baseReport(endpoint, transport, outcome), probe };
  }
}

function failedReport(endpoint: Endpoint, transport: Transport, result: Failed): EndpointReport {
  switch (result.kind) {
    case 'no-connection': {
      const outcome = result.failure === 'refused' ? 'closed' : 'unreachable';
      return withReason(endpoint, transport, outcome, result.reason);
    }
    case 'tls-failed': {
      const isTls = result.spokeTls || isEncrypted(endpoint.transport ?? 'tcp');
      return withReason(endpoint, transport, isTls ? 'tls-error' : 'not-mqtt', result.reason);
    }
    case 'not-mqtt': {
      const { reason } = result;
      const service = isEncrypted(transport) ? `${result.service} (inside TLS)` : result.service;
      return { ...baseReport(endpoint, transport, 'not-mqtt'), probe: { versions: [], service, reason } };
    }
  }
}

function withReason(
  endpoint: Endpoint,
  transport: Transport,
  outcome: Outcome,
  reason: string,
): EndpointReport {
  return { ...baseReport(endpoint, transport, outcome), probe: { versions: [], reason } };
}

function baseReport(
  { target, address, port }: Endpoint,
  transport: Transport,
  outcome: Outcome,
): EndpointReport {
  return { target, address, port, transport, url: endpointUrl(transport, address, port), outcome };
}

const round = (ms: number): number => Math.round(ms * 100) / 100;
