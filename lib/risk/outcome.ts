import { type EndpointReport, isEncrypted, OUTCOME_LABELS, type OutcomeText } from '../model';
import { CLOSED, SILENT } from '../probe';
import type { Facts } from './facts';

/** What became of an endpoint, what it means, what it rests on, and what follows from it. */
export function outcomeText(facts: Facts): OutcomeText {
  const { report } = facts;
  switch (report.outcome) {
    case 'open':
      return connected(facts);
    case 'auth-failed':
      return {
        label: 'Not Authorised / Auth Required',
        meaning: 'An MQTT broker answers and lets nobody in without a login that it knows.',
        evidence: `Answer to CONNECT: ${facts.refusal}.`,
        implication: isEncrypted(report.transport)
          ? 'Strangers are kept out. What lies behind the login was not checked; scan again with a login.'
          : 'Strangers are kept out, but every login crosses the network unencrypted and can be read on the way.',
      };
    case 'tls-error':
      return tlsError(report);
    case 'not-mqtt':
      return notMqtt(report);
    case 'closed':
      return {
        label: 'Closed / Refused',
        meaning: 'The address answers, and nothing listens on this port.',
        evidence: `Connection refused${took(report)}.`,
        implication: 'No broker can be reached here, neither by devices nor by attackers.',
      };
    case 'unreachable':
      return {
        label: 'Unreachable / Timeout',
        meaning: 'No answer came at all.',
        evidence: `${report.probe?.reason ?? 'Nothing came within the time allowed'}.`,
        implication:
          'The device is off, the address is not in use, or a firewall drops what is sent. Nothing is known.',
      };
  }
}

/** Alerts by which a server tells a client what it thinks of the client's certificate (RFC 8446 §6.2). */
const NO_CERTIFICATE = /ALERT_CERTIFICATE_REQUIRED/;
const BAD_CERTIFICATE =
  /ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(?:UNKNOWN|EXPIRED|REVOKED))/;

function tlsError({ tls, probe }: EndpointReport): OutcomeText {
  const reason = tls?.error ?? probe?.reason ?? 'no reason given';
  return {
    label: 'TLS Error',
    meaning: 'TLS is spoken here, and no connection came about.',
    evidence: `The handshake ended with: ${reason}.`,
    implication: `Nothing behind TLS was checked. ${whyNoHandshake(reason)}`,
  };
}

function whyNoHandshake(reason: string): string {
  if (NO_CERTIFICATE.test(reason))
    return 'A client certificate is required: strangers are kept out; scan again with one to see what is behind.';
  if (BAD_CERTIFICATE.test(reason))
    return 'The client certificate of the scan is refused; scan again without it, to see what strangers can do.';
  return 'A client certificate may be required, or the versions differ.';
}

/** Who says nothing may still be a broker: NanoMQ closes on those whom it does not let in, mosca is silent at MQTT 5. */
function notMqtt({ probe }: EndpointReport): OutcomeText {
  const { service = 'unknown', reason } = probe ?? {};
  const label = OUTCOME_LABELS['not-mqtt'];
  if (service.startsWith(CLOSED) || service.startsWith(SILENT)) {
    return {
      label,
      meaning: 'The port is open, and whoever listens gives a client without a login no answer.',
      evidence: `${capitalised(reason ?? service)}.`,
      implication:
        'Whether it is a broker is not known: some give no answer to those whom they do not let in. Scan again with a login that it knows.',
    };
  }
  return {
    label,
    meaning: 'The port is open, and what answers is not MQTT.',
    evidence: `What answered: ${service}.`,
    implication: 'There is no broker to judge here. An open port that nobody needs should be closed.',
  };
}

const capitalised = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

function connected({ report, isAnonymous, topicsRead, sensors }: Facts): OutcomeText {
  const encrypted = isEncrypted(report.transport);
  const isByCertificate =
    report.auth?.clientCertificate?.isLogin && report.auth.credentials.verdict !== 'accepted';
  const given = isByCertificate ? 'with the client certificate given' : 'with the login given';
  const who = isAnonymous ? 'without a login' : given;
  const topics = `${topicsRead} topic${topicsRead === 1 ? '' : 's'}, ${sensors} of them with sensor readings`;
  return {
    label: `Connected (${report.port})`,
    meaning: `An MQTT session was established ${encrypted ? 'inside TLS' : 'without encryption'}, ${who}.`,
    evidence: `CONNACK said yes ${who}${report.traffic ? `; heard: ${topics}` : ''}.`,
    implication: implicationOf(encrypted, isAnonymous),
  };
}

function implicationOf(isSecure: boolean, isOpen: boolean): string {
  if (!isSecure && isOpen)
    return 'Anybody on the network can connect, and read and change what the devices send.';
  if (!isSecure) return 'A login is needed, but it and all messages can be read and changed on the way.';
  if (isOpen) return 'Messages are safe on the way, but anybody can connect and take part.';
  return 'Messages are safe on the way, and only those with a login take part.';
}

function took({ probe }: EndpointReport): string {
  return probe?.rttMs === undefined ? '' : ` after ${Math.round(probe.rttMs)} ms`;
}
