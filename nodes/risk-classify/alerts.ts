import type { NodeMessage } from 'node-red';
import {
  type Change,
  type EndpointReport,
  type Finding,
  isAtLeast,
  type RiskLevel,
  type ScanFinding,
  type ScanInfo,
} from '../../lib/model';

/** What the second output sends about one finding that is bad enough and was not there before. */
export function findingAlert(
  report: EndpointReport,
  finding: Finding,
  scan: ScanInfo | undefined,
): NodeMessage {
  const { target, address, port, url } = report;
  const { severity: level, title } = finding;
  return alert(
    url,
    { kind: 'finding-new', target, address, port, url, level, text: `${level}: ${title}.`, finding },
    scan,
  );
}

/** About a finding that several endpoints together show. */
export function scanFindingAlert(finding: ScanFinding, scan: ScanInfo | undefined): NodeMessage {
  const url = finding.endpoints[0] ?? '';
  const { severity: level, title } = finding;
  return alert(url, { kind: 'finding-new', url, level, text: `${level}: ${title}.`, finding }, scan);
}

/** About something that is not as it was. */
export function changeAlert(change: Change, scan: ScanInfo | undefined): NodeMessage {
  return alert(change.url, change, scan);
}

/**
 * The changes that are told when a scan ends. New findings were told with their endpoints; of those that are gone,
 * the ones that would have been told when they were new.
 */
export function isTold({ kind, level }: Change, alertFrom: RiskLevel): boolean {
  if (kind === 'finding-new') return false;
  return kind !== 'finding-fixed' || (level !== undefined && isAtLeast(level, alertFrom));
}

function alert(topic: string, payload: object, scan: ScanInfo | undefined): NodeMessage {
  return { topic, payload, ...(scan && { scan }) } as NodeMessage;
}
