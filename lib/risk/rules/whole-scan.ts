import { isIP } from 'node:net';
import type { EndpointReport } from '../../model';
import { CVSS } from '../cvss';
import { plural, some } from '../facts';
import { CERTIFICATE, fix, general, NO_ANONYMOUS, TLS_ONLY, UPDATE } from '../fixes';
import type { Rule } from '../rule';

/** What is kept of an endpoint until its scan ends. */
export interface ScanFacts {
  readonly url: string;
  readonly address: string;
  /** The machine: a name stands for all of its addresses. */
  readonly host: string;
  readonly isEncrypted: boolean;
  readonly spokeMqtt: boolean;
  readonly anonymous: 'accepted' | 'refused' | undefined;
  /** SHA-256 of the server's public key, or of its certificate where the key is not told. */
  readonly key: string | undefined;
  readonly certificate: string | undefined;
  /** The day on which the certificate ends. */
  readonly ends: string | undefined;
  readonly product: string | undefined;
  readonly version: string | undefined;
  readonly score: number | undefined;
}

export function scanFacts(report: EndpointReport, isEncrypted: boolean): ScanFacts {
  const { url, address, target, outcome, tls, auth, probe, risk } = report;
  const certificate = tls?.certificate;
  const verdict = auth?.anonymous.verdict ?? (probe?.openedAs === 'anonymous' ? 'accepted' : undefined);
  return {
    url,
    address,
    host: isIP(target) === 0 ? target : address,
    isEncrypted,
    spokeMqtt: outcome === 'open' || outcome === 'auth-failed',
    anonymous: verdict === 'accepted' || verdict === 'refused' ? verdict : undefined,
    key: certificate?.publicKeySha256 ?? certificate?.fingerprint256,
    certificate: certificate?.fingerprint256,
    ends: certificate?.validTo.slice(0, 10),
    product: probe?.product?.name,
    version: probe?.product?.version,
    score: risk?.score?.value,
  };
}

/** What a rule has seen, and at which endpoints. */
export interface ScanFound {
  readonly evidence: string;
  readonly endpoints: readonly ScanFacts[];
}

export interface ScanRule extends Omit<Rule, 'check' | 'command'> {
  /** One finding for each cause. Pure; the endpoints come sorted by URL. */
  readonly check: (endpoints: readonly ScanFacts[]) => readonly ScanFound[];
}

/** Certificates that end on one day before that is worth a remark. */
const MANY_CERTIFICATES = 3;

/** What takes several endpoints to see. */
export const SCAN_RULES: readonly ScanRule[] = [
  {
    id: 'TLS-SHARED-KEY',
    area: 'certificates',
    title: 'Several hosts have the same private key',
    ok: 'Every host has a private key of its own',
    why: 'Who takes the key from one host can take the place of all.',
    fix: fix('Make a key on each host and have a certificate issued for it.', CERTIFICATE),
    cvss: CVSS.sharedKey,
    cwe: ['CWE-321'],
    owasp: ['I9'],
    etsi: ['5.4-4'],
    mqttClause: 'MQTT 5.0 §5.4.3',
    confidence: 'proven',
    check: (endpoints) =>
      grouped(endpoints, ({ key }) => key)
        .filter(([, members]) => hostsOf(members).length > 1)
        .map(([key, members]) => ({
          evidence: `${plural(hostsOf(members).length, 'host')} serve a certificate with the same key (SHA-256 ${key.slice(0, 20)}…).`,
          endpoints: members,
        })),
  },
  {
    id: 'TLS-ABSENT',
    area: 'transport',
    title: 'Brokers offer no TLS on any port that was tried',
    ok: 'Every broker offers TLS',
    why: 'Devices have no way to connect safely, even if they could.',
    fix: TLS_ONLY,
    cvss: CVSS.eavesdrop,
    cwe: ['CWE-319'],
    owasp: ['I7'],
    etsi: ['5.5-1'],
    mqttClause: 'MQTT 5.0 §5.4.5',
    confidence: 'proven',
    check: (endpoints) => {
      const plain = grouped(endpoints, ({ address }) => address)
        .filter(([, members]) => members.every(({ isEncrypted }) => !isEncrypted))
        .flatMap(([, members]) => members.filter(({ spokeMqtt }) => spokeMqtt));
      if (plain.length === 0) return [];
      const hosts = new Set(plain.map(({ address }) => address)).size;
      return [
        {
          evidence: `${plural(hosts, 'host')} with a broker and no TLS on any port that was tried.`,
          endpoints: plain,
        },
      ];
    },
  },
  {
    id: 'AUTH-DOWNGRADE-LISTENER',
    area: 'authentication',
    title: 'One listener of a host refuses strangers, another lets them in',
    ok: 'All listeners of a host treat strangers alike',
    why: 'If one broker is behind both, the login is walked around by the other port.',
    fix: fix('Apply the same authentication to every listener.', {
      ...NO_ANONYMOUS,
      mosquitto:
        'In mosquitto.conf set "allow_anonymous false" globally; with per_listener_settings, in every listener.',
    }),
    cvss: CVSS.entry,
    cwe: ['CWE-288'],
    owasp: ['I9'],
    etsi: ['5.5-5'],
    mqttClause: 'MQTT 5.0 §5.4.1',
    // Two brokers may run on one host.
    confidence: 'guessed',
    check: (endpoints) =>
      grouped(endpoints, ({ address }) => address).flatMap(([address, members]) => {
        const open = members.filter(({ anonymous }) => anonymous === 'accepted');
        const locked = members.filter(({ anonymous }) => anonymous === 'refused');
        if (open.length === 0 || locked.length === 0) return [];
        return [
          {
            evidence: `At ${address}, ${some(open.map(({ url }) => url))} lets strangers in, ${some(locked.map(({ url }) => url))} does not.`,
            endpoints: [...open, ...locked],
          },
        ];
      }),
  },
  {
    id: 'CONF-PLAIN-BESIDE-TLS',
    area: 'configuration',
    title: 'A host offers MQTT with and without TLS',
    ok: 'No host offers MQTT without TLS beside TLS',
    why: 'Devices that are set up carelessly use the plain port, and nobody notices.',
    fix: TLS_ONLY,
    cvss: CVSS.eavesdrop,
    cwe: ['CWE-319'],
    owasp: ['I7', 'I9'],
    etsi: ['5.5-1'],
    mqttClause: 'MQTT 5.0 §5.4.5',
    confidence: 'proven',
    check: (endpoints) => {
      const mixed = grouped(endpoints, ({ address }) => address).filter(
        ([, members]) =>
          members.some(({ isEncrypted, spokeMqtt }) => isEncrypted && spokeMqtt) &&
          members.some(({ isEncrypted, spokeMqtt }) => !isEncrypted && spokeMqtt),
      );
      if (mixed.length === 0) return [];
      const plain = mixed.flatMap(([, members]) =>
        members.filter(({ isEncrypted, spokeMqtt }) => !isEncrypted && spokeMqtt),
      );
      return [
        {
          evidence: `${plural(mixed.length, 'host')} with a plain listener beside a TLS one.`,
          endpoints: plain,
        },
      ];
    },
  },
  {
    id: 'PRODUCT-MIXED-VERSIONS',
    area: 'product',
    title: 'One product is in use in several versions',
    ok: 'Each product is in use in one version',
    why: 'Some of them were forgotten at the last update.',
    fix: UPDATE,
    owasp: ['I5'],
    etsi: ['5.3-1'],
    confidence: 'told',
    check: (endpoints) =>
      grouped(
        endpoints.filter(({ version }) => version !== undefined),
        ({ product }) => product,
      ).flatMap(([product, members]) => {
        const versions = [...new Set(members.flatMap(({ version }) => version ?? []))].sort();
        if (versions.length < 2) return [];
        return [
          {
            evidence: `${product} is in use in ${plural(versions.length, 'version')}: ${some(versions)}.`,
            endpoints: members,
          },
        ];
      }),
  },
  {
    id: 'TLS-CERT-SAME-DAY',
    area: 'certificates',
    title: 'Several certificates end on the same day',
    ok: 'Certificates end on different days',
    why: 'If the renewal fails, all these brokers are lost to their devices at once.',
    fix: general('Renew them on different days, and watch the renewal.'),
    etsi: ['5.9-1'],
    confidence: 'proven',
    check: (endpoints) =>
      grouped(endpoints, ({ ends }) => ends).flatMap(([day, members]) => {
        const certificates = new Set(members.map(({ certificate }) => certificate)).size;
        if (certificates < MANY_CERTIFICATES) return [];
        return [{ evidence: `${plural(certificates, 'certificate')} end on ${day}.`, endpoints: members }];
      }),
  },
];

/** Endpoints by what they have in common, in the order of that; those without it are left out. */
function grouped(
  endpoints: readonly ScanFacts[],
  keyOf: (endpoint: ScanFacts) => string | undefined,
): [string, ScanFacts[]][] {
  const groups = new Map<string, ScanFacts[]>();
  for (const endpoint of endpoints) {
    const key = keyOf(endpoint);
    if (key === undefined) continue;
    const members = groups.get(key);
    if (members) members.push(endpoint);
    else groups.set(key, [endpoint]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function hostsOf(endpoints: readonly ScanFacts[]): string[] {
  return [...new Set(endpoints.map(({ host }) => host))];
}
