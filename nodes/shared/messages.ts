import { isIP } from 'node:net';
import type { NodeMessageInFlow } from 'node-red';
import {
  type EndpointReport,
  isOutcome,
  isTransport,
  type ScanInfo,
  type ScanSummary,
} from '../../lib/model';

/** A message as it comes in, with what may be in it. */
export type Message = NodeMessageInFlow & Record<string, unknown>;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for what `mqtt-probe` and the nodes behind it send. */
export function isEndpointReport(value: unknown): value is EndpointReport {
  return (
    isRecord(value) &&
    typeof value.target === 'string' &&
    typeof value.address === 'string' &&
    isIP(value.address) !== 0 &&
    Number.isInteger(value.port) &&
    Number(value.port) >= 1 &&
    Number(value.port) <= 65_535 &&
    typeof value.url === 'string' &&
    isTransport(value.transport) &&
    isOutcome(value.outcome)
  );
}

/** True for the payload of the message that closes a scan. */
export function isScanSummary(value: unknown): value is ScanSummary {
  return (
    isRecord(value) &&
    typeof value.scanId === 'string' &&
    typeof value.startedAt === 'string' &&
    typeof value.finishedAt === 'string' &&
    typeof value.endpointsScanned === 'number' &&
    Array.isArray(value.targets) &&
    isRecord(value.risk)
  );
}

/** What the message says about its scan; undefined when it belongs to none. */
export function scanInfoOf(message: Message): ScanInfo | undefined {
  const { scan } = message;
  if (!isRecord(scan) || typeof scan.id !== 'string' || typeof scan.startedAt !== 'string') return undefined;
  const { id, startedAt, name } = scan;
  const targets = Array.isArray(scan.targets) ? scan.targets.map(String) : [];
  return { id, startedAt, targets, ...(typeof name === 'string' && { name }) };
}

/** True for the message that closes a scan. */
export function isClosing(message: Message): boolean {
  return message.complete === true && isScanSummary(message.payload);
}
