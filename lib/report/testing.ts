import type { EndpointReport, Finding, ScanInfo, ScanSummary, Sensor, TopicReport } from '../model';
import { zeroPerLevel } from '../model';
import type { ReportData } from './data';

/** Data for this folder's tests: a small lab with a plain and a TLS broker, seen on one evening. */

const STARTED = '2025-12-08T17:22:13.000Z';

export const SCAN: ScanInfo = { id: 'scan-1', startedAt: STARTED, targets: ['192.168.100.56'] };

export function summaryOf(changes: Partial<ScanSummary> = {}): ScanSummary {
  return {
    scanId: SCAN.id,
    startedAt: STARTED,
    finishedAt: '2025-12-08T17:22:19.300Z',
    targets: SCAN.targets,
    endpointsScanned: 2,
    openPorts: 2,
    openBrokers: 2,
    authFailures: 0,
    sensors: 3,
    risk: { ...zeroPerLevel(), CRITICAL: 1, LOW: 1 },
    ...changes,
  };
}

export function topicOf(topic: string, payload: string, sensor?: Sensor): TopicReport {
  return {
    topic,
    messages: 1,
    bytes: payload.length,
    retained: true,
    qos: 0,
    payload,
    truncated: false,
    firstSeen: STARTED,
    lastSeen: STARTED,
    ...(sensor && { sensor }),
  };
}

export function sensorOf(type: string, text: string, summary: string): Sensor {
  return { type, text, summary, readings: [], confidence: 1 };
}

export function findingOf(changes: Partial<Finding> = {}): Finding {
  return {
    id: 'no-tls',
    title: 'Traffic is not encrypted',
    severity: 'CRITICAL',
    evidence: 'The broker speaks MQTT over plain TCP.',
    remediation: 'Offer MQTT over TLS only.',
    references: ['https://cwe.mitre.org/data/definitions/319.html'],
    ...changes,
  };
}

export function trafficOf(topics: readonly TopicReport[]): {
  readonly traffic: NonNullable<EndpointReport['traffic']>;
} {
  return {
    traffic: {
      listenedMs: 5000,
      messages: topics.length,
      bytes: 100,
      topics,
      listenedAs: 'anonymous',
      filters: [{ filter: '#', granted: true, code: 0 }],
      endedBy: 'time',
      dropped: 0,
    },
  };
}

export function plainEndpoint(changes: Partial<EndpointReport> = {}): EndpointReport {
  return {
    target: '192.168.100.56',
    address: '192.168.100.56',
    port: 1883,
    transport: 'tcp',
    url: 'mqtt://192.168.100.56:1883',
    outcome: 'open',
    ...trafficOf([
      topicOf('sensors/faris/pir_insecure', '{"pir":1}', sensorOf('PIR (Motion Sensor)', 'Motion', 'Motion')),
      topicOf('$SYS/broker/version', 'mosquitto version 2.0.18'),
    ]),
    risk: { level: 'CRITICAL', findings: [findingOf()] },
    ...changes,
  };
}

export function tlsEndpoint(): EndpointReport {
  return plainEndpoint({
    port: 8883,
    transport: 'tls',
    url: 'mqtts://192.168.100.56:8883',
    ...trafficOf([
      topicOf(
        'sensors/faris/dht_secure',
        '{"temp_c":31.5,"hum_pct":56.0}',
        sensorOf('DHT (Temp & Hum)', '31.5°C, 56%', '31.5C; 56%'),
      ),
    ]),
    risk: { level: 'LOW', findings: [] },
  });
}

export function dataOf(endpoints: readonly EndpointReport[], summary: Partial<ScanSummary> = {}): ReportData {
  return { scan: SCAN, summary: summaryOf(summary), endpoints };
}

/** All pieces of a renderer as one text. */
export async function textOf(pieces: AsyncIterable<string | Uint8Array>): Promise<string> {
  const blocks: Buffer[] = [];
  for await (const piece of pieces) blocks.push(Buffer.from(piece));
  return Buffer.concat(blocks).toString('utf8');
}
