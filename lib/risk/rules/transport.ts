import type { TlsResult } from '../../model';
import { connect, knock, listSuites, shakeHands, subscribe, upgradeFrom, watch } from '../commands';
import { CVSS } from '../cvss';
import { type Facts, REASONS, some } from '../facts';
import {
  CIPHERS,
  CLIENT_CERTIFICATES,
  fix,
  general,
  PLAIN_CREDENTIALS,
  TLS_ONLY,
  TLS_VERSIONS_FIX,
  WEB_SOCKET_ORIGINS,
  WEB_SOCKET_TLS_ONLY,
} from '../fixes';
import { type CheckResult, foundOrPassed, PASSED, type Rule } from '../rule';
import { inspectedTls, tlsProblem } from './tls-problem';

/** Ports on which devices expect TLS (IANA: secure-mqtt 8883). */
const TLS_PORTS: ReadonlySet<number> = new Set([8883, 8884, 8886, 8887]);

/** IANA: mqtt. */
const PLAIN_PORT = 1883;

export const TRANSPORT_RULES: readonly Rule[] = [
  {
    id: 'NET-PLAINTEXT',
    area: 'transport',
    title: 'Messages and logins cross the network unencrypted',
    ok: 'The connection is encrypted',
    why: 'Whoever is on the way reads and changes every message, and learns every password.',
    fix: TLS_ONLY,
    cvss: CVSS.eavesdropLogin,
    cwe: ['CWE-319'],
    owasp: ['I7'],
    etsi: ['5.5-1'],
    mqttClause: 'MQTT 5.0 §5.4.5',
    confidence: 'proven',
    command: (facts) => connect(facts, { version: 4 }),
    check: ({ report, spokeMqtt, isEncrypted }) => {
      if (!spokeMqtt || report.transport === 'ws') return undefined;
      return foundOrPassed(!isEncrypted && `The broker at ${report.url} speaks MQTT without TLS.`);
    },
  },
  {
    id: 'NET-WS-PLAINTEXT',
    area: 'transport',
    title: 'Messages and logins cross the network in an unencrypted WebSocket',
    ok: 'The WebSocket is encrypted',
    why: 'Whoever is on the way reads and changes every message, and web pages without TLS can be changed to send theirs elsewhere.',
    fix: WEB_SOCKET_TLS_ONLY,
    cvss: CVSS.eavesdropLogin,
    cwe: ['CWE-319'],
    owasp: ['I7'],
    etsi: ['5.5-1'],
    mqttClause: 'MQTT 5.0 §5.4.5',
    confidence: 'proven',
    command: (facts) => subscribe(facts, '#'),
    check: ({ report, spokeMqtt }) => {
      if (!spokeMqtt || (report.transport !== 'ws' && report.transport !== 'wss')) return undefined;
      return foundOrPassed(
        report.transport === 'ws' && `The broker at ${report.url} speaks MQTT over WebSocket without TLS.`,
      );
    },
  },
  {
    id: 'NET-WS-ORIGIN',
    area: 'transport',
    title: 'WebSockets are opened to web pages of any site',
    ok: 'No WebSocket is opened to a web page of another site',
    why: 'Any page that somebody visits reaches the broker from his browser, also from behind a firewall, with what the browser sends by itself: a client certificate, a cookie, a login of the web server.',
    fix: WEB_SOCKET_ORIGINS,
    cwe: ['CWE-1385'],
    references: ['RFC 6455 §10.2'],
    confidence: 'proven',
    command: upgradeFrom,
    check: ({ report: { probe } }) => {
      if (!probe?.webSocket) return undefined;
      const { foreignOrigin, path } = probe.webSocket;
      if (!foreignOrigin)
        return { notTested: 'nobody asked as a page of another site, or the answer did not tell' };
      return foundOrPassed(
        foreignOrigin === 'accepted' &&
          `An upgrade at ${path} was accepted although its Origin field named another site.`,
      );
    },
  },
  {
    id: 'NET-LOGIN-IN-CLEAR',
    area: 'transport',
    title: 'A login was sent over the network unencrypted',
    ok: 'The login given was sent encrypted only',
    why: 'Name and password can be read on the way and used by others from now on.',
    fix: PLAIN_CREDENTIALS,
    cvss: CVSS.eavesdropLogin,
    cwe: ['CWE-523', 'CWE-319'],
    owasp: ['I7'],
    etsi: ['5.5-6'],
    mqttClause: 'MQTT 5.0 §5.4.5',
    confidence: 'proven',
    command: watch,
    check: ({ report: { auth, url } }) => {
      if (!auth || auth.credentials.verdict === 'not-tested') return undefined;
      return foundOrPassed(
        auth.credentials.sentInClear &&
          `The login given for the scan crossed the network unencrypted to ${url}.`,
      );
    },
  },
  {
    id: 'NET-PLAIN-ON-TLS-PORT',
    area: 'transport',
    title: 'A port that stands for TLS speaks plain MQTT',
    ok: 'The port that stands for TLS speaks TLS',
    why: 'Whoever reads the port number believes that the connection is encrypted.',
    fix: fix('Give this listener a certificate, or move plain MQTT to port 1883.', TLS_ONLY),
    cvss: CVSS.eavesdrop,
    cwe: ['CWE-319', 'CWE-1188'],
    owasp: ['I7', 'I9'],
    etsi: ['5.5-1'],
    mqttClause: 'MQTT 5.0 §5.4.5',
    confidence: 'proven',
    command: (facts) => connect(facts, { version: 4 }),
    check: ({ report: { port }, spokeMqtt, isEncrypted }) => {
      if (!spokeMqtt || !TLS_PORTS.has(port)) return undefined;
      return foundOrPassed(!isEncrypted && `MQTT without TLS answers on port ${port}.`);
    },
  },
  {
    id: 'NET-TLS-ON-PLAIN-PORT',
    area: 'transport',
    title: 'A port that stands for plain MQTT speaks TLS',
    ok: 'The port that stands for plain MQTT speaks plain MQTT',
    why: 'Clients that go by the port number fail, and those who mend them are tempted to switch TLS off.',
    fix: general('Nothing is unsafe here; port 8883 is the one that clients expect TLS on.'),
    owasp: ['I9'],
    confidence: 'proven',
    command: shakeHands,
    check: ({ report: { port, probe }, spokeMqtt }) => {
      if (!spokeMqtt || port !== PLAIN_PORT) return undefined;
      const isOdd = probe?.oddities?.some(({ id }) => id === 'tls-on-plain-port');
      return foundOrPassed(isOdd && `TLS answers on port ${port}, which is registered for MQTT without it.`);
    },
  },
  {
    id: 'NET-NO-BROKER',
    area: 'transport',
    title: 'No MQTT broker was found here, so nothing was tested',
    ok: 'A broker answers here',
    why: 'An endpoint without a broker is neither safe nor unsafe: nothing is known of it.',
    fix: general('Nothing to do, unless a broker was expected here.'),
    confidence: 'proven',
    command: knock,
    check: ({ report: { outcome, probe } }) => {
      if (outcome === 'not-mqtt') {
        const silent = probe?.oddities?.find(({ id }) => id === 'silent-peer');
        return {
          evidence: silent
            ? `What is here is no broker, or a trap for scanners: ${silent.text}.`
            : `What answers is not MQTT: ${probe?.service ?? 'unknown'}.`,
        };
      }
      if (outcome === 'closed') return { evidence: 'The connection was refused.' };
      return outcome === 'unreachable' ? { evidence: 'Nothing answered.' } : undefined;
    },
  },
  {
    id: 'TLS-HANDSHAKE',
    area: 'transport',
    title: 'TLS answered, but no connection came about, so nothing could be checked',
    ok: 'A TLS connection came about',
    why: 'Behind a handshake that fails nothing can be seen, so weaknesses may be there all the same.',
    fix: general(
      'Find out why the handshake fails: a client certificate may be required, or the versions differ.',
    ),
    references: ['RFC 8446 §6.2'],
    confidence: 'proven',
    command: shakeHands,
    check: ({ report: { outcome, probe, tls }, isEncrypted }) => {
      if (outcome === 'tls-error') {
        const alert = tls?.failure?.alert === undefined ? '' : ` (alert ${tls.failure.alert})`;
        const psk = takesPskOnly(tls) ? ' The server takes pre-shared keys only.' : '';
        return { evidence: `The handshake failed: ${probe?.reason ?? 'unknown'}${alert}.${psk}` };
      }
      return isEncrypted && (outcome === 'open' || outcome === 'auth-failed') ? PASSED : undefined;
    },
  },
  tlsProblem(
    'old-protocol',
    {
      id: 'TLS-OLD-PROTOCOL',
      area: 'transport',
      title: 'Outdated TLS versions are accepted',
      ok: 'Only TLS 1.2 and newer are accepted',
      why: 'TLS 1.1 and older rest on SHA-1 and MD5 and on modes with known attacks; a client may be led to use them.',
      fix: TLS_VERSIONS_FIX,
      cvss: CVSS.interceptLittle,
      cwe: ['CWE-327'],
      owasp: ['I7'],
      etsi: ['5.5-1'],
      references: ['RFC 8996'],
      confidence: 'proven',
      command: (facts) => shakeHands(facts, " -tls1_1 -cipher 'DEFAULT:@SECLEVEL=0'"),
    },
    ({ versions }) => `Handshakes succeeded with ${some(versions)}.`,
    'full',
  ),
  {
    id: 'TLS-SSLV3',
    area: 'transport',
    title: 'SSL 3.0 is accepted',
    ok: 'SSL 3.0 is not accepted',
    why: 'With SSL 3.0 somebody on the way can read parts of what is sent (POODLE, CVE-2014-3566).',
    fix: TLS_VERSIONS_FIX,
    cvss: CVSS.intercept,
    cwe: ['CWE-327', 'CWE-757'],
    owasp: ['I7'],
    etsi: ['5.5-1'],
    references: ['RFC 7568'],
    confidence: 'proven',
    command: listSuites,
    check: (facts) =>
      inspectedTls(facts, 'protocols', ({ versions }) =>
        foundOrPassed(versions.includes('SSLv3') && 'A handshake succeeded with SSL 3.0.'),
      ),
  },
  {
    id: 'TLS-NO-TLS13',
    area: 'transport',
    title: 'TLS 1.3 is not offered',
    ok: 'TLS 1.3 is offered',
    why: 'TLS 1.3 leaves out what attacks on older versions use, and needs one round trip less.',
    fix: fix('Use a TLS library and a setting that offer TLS 1.3.', TLS_VERSIONS_FIX),
    references: ['RFC 8446', 'RFC 9325 §3.1.1'],
    etsi: ['5.5-1'],
    confidence: 'proven',
    command: (facts) => shakeHands(facts, ' -tls1_3'),
    check: (facts) =>
      inspectedTls(facts, 'versions', ({ versions }) =>
        foundOrPassed(!versions.includes('TLSv1.3') && `Handshakes succeeded with ${some(versions)} only.`),
      ),
  },
  tlsProblem(
    'weak-cipher',
    {
      id: 'TLS-WEAK-CIPHER',
      area: 'transport',
      title: 'Cipher suites that are broken or weak are accepted',
      ok: 'No broken or weak cipher suite is accepted',
      why: 'A connection with such a suite can be read or changed by somebody on the way.',
      fix: CIPHERS,
      cvss: CVSS.noEncryption,
      cwe: ['CWE-327', 'CWE-326'],
      owasp: ['I7'],
      etsi: ['5.5-1'],
      references: ['RFC 9325 §4.1'],
      confidence: 'proven',
      command: listSuites,
    },
    ({ protocols }) => `Accepted: ${some(weakSuites(protocols)) || 'suites graded weak'}.`,
    'full',
  ),
  {
    id: 'TLS-NO-FORWARD-SECRECY',
    area: 'transport',
    title: 'A TLS version is accepted in which no cipher suite has forward secrecy',
    ok: 'Every TLS version has cipher suites with forward secrecy',
    why: 'Whoever records the traffic today can read it once the key of the server becomes known.',
    fix: CIPHERS,
    cvss: CVSS.decryptLater,
    cwe: ['CWE-327'],
    owasp: ['I7'],
    etsi: ['5.5-1'],
    references: ['RFC 9325 §4.1'],
    confidence: 'proven',
    command: listSuites,
    check: (facts) =>
      inspectedTls(facts, 'protocols', ({ protocols = [] }) => {
        const without = protocols.find(
          ({ suites }) => suites.length > 0 && suites.every(({ forwardSecrecy }) => !forwardSecrecy),
        );
        const names = without?.suites.map(({ name }) => name) ?? [];
        return foundOrPassed(without && `No suite of ${without.version} has it: ${some(names)}.`);
      }),
  },
  tlsProblem(
    'weak-dh',
    {
      id: 'TLS-WEAK-DH',
      area: 'transport',
      title: 'The Diffie-Hellman group is too small',
      ok: 'No small Diffie-Hellman group is used',
      why: 'Groups under 2048 bits are within reach of attackers with means (Logjam, CVE-2015-4000).',
      fix: CIPHERS,
      cvss: CVSS.interceptLittle,
      cwe: ['CWE-326'],
      owasp: ['I7'],
      etsi: ['5.5-1'],
      references: ['RFC 9325 §4.1'],
      confidence: 'proven',
      command: (facts) => shakeHands(facts, " -tls1_2 -cipher 'DHE:@SECLEVEL=0'"),
    },
    ({ protocols }) => {
      const bits = protocols?.flatMap(({ dhBits }) => (dhBits === undefined ? [] : [dhBits])) ?? [];
      return bits.length > 0
        ? `The prime for Diffie-Hellman has ${Math.min(...bits)} bits.`
        : 'The prime for Diffie-Hellman has less than 2048 bits.';
    },
    'full',
  ),
  tlsProblem(
    'compression',
    {
      id: 'TLS-COMPRESSION',
      area: 'transport',
      title: 'TLS compression is accepted',
      ok: 'TLS compression is not accepted',
      why: 'The length of compressed messages gives away secrets in them (CRIME, CVE-2012-4929).',
      fix: general('Switch compression off in the TLS library; every current one has it off.'),
      cvss: CVSS.decryptLater,
      cwe: ['CWE-310'],
      owasp: ['I7'],
      etsi: ['5.5-1'],
      references: ['RFC 9325 §3.3'],
      confidence: 'proven',
      command: shakeHands,
    },
    () => 'The server chose a compression method.',
    'full',
  ),
  tlsProblem(
    'insecure-renegotiation',
    {
      id: 'TLS-RENEGOTIATION',
      area: 'transport',
      title: 'Secure renegotiation is not spoken',
      ok: 'Renegotiation is secure',
      why: 'Somebody on the way can put data of his own before those of a client (CVE-2009-3555).',
      fix: general('Update the TLS library of the broker; every current one speaks RFC 5746.'),
      cvss: CVSS.interceptLittle,
      cwe: ['CWE-295'],
      owasp: ['I5', 'I7'],
      etsi: ['5.5-1'],
      references: ['RFC 5746'],
      confidence: 'proven',
      command: (facts) => shakeHands(facts, ' -tls1_2'),
    },
    () => 'The server did not answer with renegotiation_info.',
    'full',
  ),
  {
    id: 'TLS-MTLS',
    area: 'transport',
    title: 'Client certificates are not required',
    ok: 'A client certificate is required',
    why: 'A key in the device cannot be guessed or read off, as a password can.',
    fix: CLIENT_CERTIFICATES,
    etsi: ['5.5-5'],
    mqttClause: 'MQTT 5.0 §5.4.1',
    confidence: 'proven',
    command: shakeHands,
    check: clientCertificates,
  },
];

/** RFC 4279, RFC 5489: suites in which a key that both sides have stands for the certificate. */
const PSK_SUITE = /^TLS_(?:(?:EC)?DHE_)?PSK_/;

function takesPskOnly(tls: TlsResult | undefined): boolean {
  const suites = tls?.protocols?.flatMap((protocol) => protocol.suites) ?? [];
  return suites.length > 0 && suites.every(({ name }) => PSK_SUITE.test(name));
}

function clientCertificates({ report: { tls }, isEncrypted }: Facts): CheckResult {
  if (!isEncrypted) return undefined;
  if (!tls) return { notTested: REASONS.noTls };
  if (tls.problems.includes('client-certificate-required')) return PASSED;
  const demand = tls.clientCertificate?.demand;
  if (demand === undefined) return { notTested: 'the handshake did not tell' };
  if (demand === 'required') return PASSED;
  return {
    evidence:
      demand === 'none'
        ? 'The server did not ask for a client certificate.'
        : 'The server asked for a client certificate and went on without one.',
  };
}

function weakSuites(protocols: NonNullable<Facts['report']['tls']>['protocols']): string[] {
  const names = (protocols ?? []).flatMap(({ suites }) =>
    suites.filter(({ grade }) => grade === 'weak' || grade === 'insecure').map(({ name }) => name),
  );
  return [...new Set(names)];
}
