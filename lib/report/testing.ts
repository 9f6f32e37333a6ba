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

/** An endpoint of which everything is known that a report can show. */
export function richEndpoint(changes: Partial<EndpointReport> = {}): EndpointReport {
  return plainEndpoint({
    target: 'broker.lan',
    port: 8884,
    transport: 'tls',
    url: 'mqtts://192.168.100.56:8884',
    probe: {
      versions: [3, 4, 5],
      product: { name: 'mosquitto', version: '2.0.11', confidence: 0.9, evidence: ['$SYS/broker/version'] },
      openedAs: 'anonymous',
    },
    auth: {
      anonymous: { verdict: 'accepted', meaning: 'connection accepted' },
      credentials: { verdict: 'accepted', meaning: 'connection accepted', sentInClear: false },
      defaultCredentials: { verdict: 'refused', tried: 12, accepted: [], meaning: '12 logins were refused' },
      authorisation: [
        {
          as: 'anonymous',
          read: [
            { filter: '#', verdict: 'proven', code: 0 },
            { filter: '$SYS/#', verdict: 'denied', code: 128 },
          ],
          write: 'proven',
        },
      ],
    },
    tls: {
      versions: ['TLSv1.2', 'TLSv1.3'],
      cipherSuites: ['TLS_AES_256_GCM_SHA384'],
      chain: [CERTIFICATE],
      certificate: CERTIFICATE,
      trusted: false,
      trustError: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      hostnameMatches: true,
      problems: ['self-signed'],
      protocols: [
        {
          version: 'TLSv1.3',
          suites: [{ name: 'TLS_AES_256_GCM_SHA384', code: '0x1302', grade: 'strong', forwardSecrecy: true }],
          groups: [],
        },
      ],
      score: { value: 80, deductions: [{ points: 20, reason: 'the certificate is self-signed' }] },
      clientCertificate: { demand: 'none', authorities: [] },
    },
    ...trafficOf([
      topicOf(
        'sensors/faris/dht_secure',
        '{"temp_c":31.5,"hum_pct":56.0}',
        sensorOf('DHT (Temp & Hum)', '31.5°C, 56%', '31.5C; 56%'),
      ),
      {
        ...topicOf('home/wifi', '{"ssid":"x","psk":"se…et"}'),
        redacted: true,
        sensitive: [
          { class: 'wifi-key', severity: 'HIGH', confidence: 0.9, path: '$.psk', sample: 'se…et (12)' },
        ],
      },
    ]),
    risk: {
      level: 'HIGH',
      outcome: {
        label: 'Connected (8884)',
        meaning: 'A session was opened.',
        evidence: 'CONNACK 0',
        implication: 'Anybody can do the same.',
      },
      score: { value: 45, arithmetic: '100 - 40 (AUTH-ANON) - 15 (TLS-CERT-SELF-SIGNED) = 45' },
      findings: [
        findingOf({
          id: 'TLS-CERT-SELF-SIGNED',
          title: 'The certificate is signed by itself',
          severity: 'MEDIUM',
          evidence: 'CN=broker is its own issuer.',
          remediation: 'Use a certificate of a CA that the devices know.',
          references: ['CWE-295'],
          confidence: 'proven',
          area: 'certificates',
        }),
        findingOf({
          id: 'AUTH-ANON',
          title: 'Anyone may connect without a login',
          severity: 'HIGH',
          evidence: 'A CONNECT without user name and password was accepted.',
          remediation: 'mosquitto: set allow_anonymous false and give every device a login.',
          references: ['CWE-306', 'https://mosquitto.org/man/mosquitto-conf-5.html'],
          confidence: 'proven',
          area: 'authentication',
          why: 'Whoever reaches the port is in.',
          command: "mosquitto_sub -h 192.168.100.56 -p 8884 -t '#' -C 1",
          cvss: { vector: 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:L/SC:N/SI:N/SA:N', score: 9.3 },
          cwe: ['CWE-306'],
          owasp: ['I1'],
          etsi: ['5.1-1'],
          mqttClause: 'MQTT 5.0 §5.4.1',
          advisories: [
            {
              id: 'CVE-2024-3935',
              affected: '2.0.0 to 2.0.18',
              score: 6.5,
              cvssVersion: '3.1',
              summary: 'A double free when a bridge is misconfigured.',
              source: 'NVD',
            },
          ],
        }),
      ],
      passed: [{ id: 'TLS-OLD-PROTOCOL', title: 'No outdated TLS version is accepted' }],
      notTested: [
        { id: 'ACL-WRITE', title: 'Whether strangers can publish', reason: 'the write test is off' },
      ],
      muted: [
        {
          id: 'ACL-SYS-READ',
          title: 'The broker tells about itself',
          severity: 'LOW',
          evidence: '',
          reason: 'accepted by the owner',
          until: '2027-03-31',
        },
      ],
    },
    ...changes,
  });
}

const CERTIFICATE = {
  subject: 'CN=broker',
  issuer: 'CN=broker',
  subjectAltNames: ['DNS:broker.lan'],
  validFrom: '2025-01-01T00:00:00.000Z',
  validTo: '2026-01-01T00:00:00.000Z',
  daysLeft: 24,
  serialNumber: '01',
  keyType: 'rsa',
  keyBits: 2048,
  fingerprint256: 'AB:CD:EF',
  selfSigned: true,
  ca: false,
} as const;

/** A summary with what the classification adds to it. */
export function richSummary(changes: Partial<ScanSummary> = {}): Partial<ScanSummary> {
  return {
    policy: { name: 'default', rules: 60, advisoriesOf: '2026-11-24', overrides: { 'AUTH-ANON': 'HIGH' } },
    score: { value: 30, arithmetic: 'the lowest of 2 endpoints' },
    findings: [
      {
        ...findingOf({ id: 'KEY-SHARED', title: 'Two brokers have the same key', severity: 'MEDIUM' }),
        endpoints: ['mqtts://192.168.100.56:8883', 'mqtts://192.168.100.56:8884'],
        endpointCount: 2,
      },
    ],
    changes: {
      comparedWith: { number: 6, scanId: 'scan-0', finishedAt: '2025-12-01T00:00:00.000Z' },
      findings: { new: 1, fixed: 2, unchanged: 3 },
      items: [
        {
          kind: 'finding-new',
          target: 'broker.lan',
          address: '192.168.100.56',
          port: 8884,
          url: 'mqtts://192.168.100.56:8884',
          text: 'Anyone may connect without a login.',
          findingId: 'AUTH-ANON',
          level: 'HIGH',
        },
      ],
      absent: [],
    },
    ...changes,
  };
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
