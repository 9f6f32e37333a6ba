import type { EndpointReport, ProtocolVersion, TrafficResult } from '../model';

/** As whom to listen: anonymously where that was accepted, else with the login of the scan. */
export function listensAs(report: EndpointReport): TrafficResult['listenedAs'] {
  const anonymous = report.auth?.anonymous.verdict === 'accepted' || report.probe?.openedAs === 'anonymous';
  return anonymous ? 'anonymous' : 'credentials';
}

/** The version to listen in: the one that most brokers know best. */
export function versionOf(report: EndpointReport): ProtocolVersion {
  const versions = report.probe?.versions ?? [];
  return ([4, 5, 3] as const).find((version) => versions.includes(version)) ?? 4;
}
