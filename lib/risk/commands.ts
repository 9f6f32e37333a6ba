import { type EndpointReport, hostAndPort, type LoginName } from '../model';
import type { Facts } from './facts';

/** As whom a command logs in; the words stand as places to fill in. */
const LOGINS: Readonly<Record<LoginName, string>> = {
  anonymous: '',
  credentials: ' -u "$MQTT_USER" -P "$MQTT_PASSWORD"',
  certificate: ' --cert "$MQTT_CERT" --key "$MQTT_KEY"',
};
const HOST_NAME = /^(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$/;

/**
 * Subscribes and shows what comes for five seconds.
 * Addresses, ports and names are checked, and filters are ours: nothing that a target chose reaches the shell.
 */
export function subscribe(facts: Facts, filter: string, as: LoginName = 'anonymous'): string {
  const { address, port, transport } = facts.report;
  if (transport === 'ws' || transport === 'wss') {
    return `mqttx sub -l ${transport} -h ${address} -p ${port}${LOGINS[as]} -t '${filter}'`;
  }
  return `mosquitto_sub ${peerOf(facts)}${LOGINS[as]} -t '${filter}' -v -W 5`;
}

/** Where to, for the programs of mosquitto; the same for all commands of an endpoint. */
function peerOf(facts: Facts): string {
  const { address, port } = facts.report;
  facts.peer ??= `-h ${address} -p ${port}${facts.isEncrypted ? ' --capath /etc/ssl/certs --insecure' : ''}`;
  return facts.peer;
}

/** Publishes one message to a topic that nobody else uses. */
export function publish({ report, isEncrypted }: Facts, options = '', as: LoginName = 'anonymous'): string {
  const { address, port } = report;
  const tls = isEncrypted ? ' --capath /etc/ssl/certs --insecure' : '';
  return `mosquitto_pub -h ${address} -p ${port}${tls}${LOGINS[as]} -V 5 -q 1${options} -t "scan-check/$(openssl rand -hex 8)" -m check`;
}

/** Connects with a given protocol version and ends after the first SUBACK. */
export function connectAs(
  { report, isEncrypted }: Facts,
  version: 'mqttv31' | 'mqttv311' | 'mqttv5',
): string {
  const { address, port } = report;
  const tls = isEncrypted ? ' --capath /etc/ssl/certs --insecure' : '';
  return `mosquitto_sub -h ${address} -p ${port}${tls} -V ${version} -t scan-check -E`;
}

/** CONNECT packets, byte by byte: client identifier `sc`, clean start, keep alive 60 s (5.0 §3.1). */
const RAW = {
  mqtt5: '\\x10\\x0f\\x00\\x04MQTT\\x05\\x02\\x00\\x3c\\x00\\x00\\x02sc',
  unknownName: '\\x10\\x0e\\x00\\x04XQTT\\x04\\x02\\x00\\x3c\\x00\\x02sc',
  reservedFlag: '\\x10\\x0e\\x00\\x04MQTT\\x04\\x03\\x00\\x3c\\x00\\x02sc',
  pingFirst: '\\xc0\\x00',
  twice:
    '\\x10\\x0e\\x00\\x04MQTT\\x04\\x02\\x00\\x3c\\x00\\x02sc\\x10\\x0e\\x00\\x04MQTT\\x04\\x02\\x00\\x3c\\x00\\x02sc',
} as const;

/** Sends a packet as it is and shows the bytes of the answer. */
export function sendRaw({ report, isEncrypted }: Facts, packet: keyof typeof RAW): string {
  const { address, port } = report;
  const peer = isEncrypted
    ? `openssl s_client -quiet -connect ${place(report)}`
    : `nc -w 3 ${address} ${port}`;
  return `(printf '${RAW[packet]}'; sleep 2) | ${peer} | xxd`;
}

/** Two clients under one random identifier, the second a second later. */
export function connectTwice(facts: Facts): string {
  const once = subscribe(facts, 'scan-check', facts.isAnonymous ? 'anonymous' : 'credentials');
  return `ID=scan-check-$RANDOM; ${once} -i $ID -d & sleep 1; ${once} -i $ID -d`;
}

/** Watches the network for what is sent in clear. */
export function watch({ report: { address, port } }: Facts): string {
  return `tcpdump -A -i any host ${address} and tcp port ${port}`;
}

/** Shakes hands and shows versions, suite and chain. */
export function shakeHands({ report }: Facts, options = ''): string {
  return `openssl s_client -connect ${place(report)}${serverName(report)}${options} </dev/null`;
}

/** Shows the server's certificate in words. */
export function showCertificate({ report }: Facts): string {
  return `openssl s_client -connect ${place(report)}${serverName(report)} </dev/null 2>/dev/null | openssl x509 -noout -text`;
}

/** Lists every suite that is accepted. */
export function listSuites({ report }: Facts): string {
  return `nmap -Pn -p ${report.port} --script ssl-enum-ciphers ${report.address}`;
}

/** Asks for a WebSocket as a page of another site would. */
export function upgradeFrom({ report, isEncrypted }: Facts): string {
  const { path = '' } = report.probe?.webSocket ?? {};
  const url = `${isEncrypted ? 'https' : 'http'}://${hostAndPort(report.address, report.port)}`;
  const fields = [...UPGRADE_FIELDS, 'Origin: https://another-site.example'];
  return [
    `curl -s -i -N -m 3 --http1.1${isEncrypted ? ' -k' : ''}`,
    ...fields.map((field) => `-H '${field}'`),
    `'${url}${PATH.test(path) ? path : '/mqtt'}'`,
  ].join(' ');
}

/** RFC 6455 §4.1; the key is sixteen bytes that need not be random here. */
const UPGRADE_FIELDS: readonly string[] = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: c2Nhbi1jaGVjay1rZXktMQ==',
  'Sec-WebSocket-Protocol: mqtt',
];
const PATH = /^\/[a-z]*$/;

/** Tries whether the port is open. */
export function knock({ report }: Facts): string {
  return `nc -vz ${report.address} ${report.port}`;
}

function place({ address, port }: EndpointReport): string {
  return address.includes(':') ? `'[${address}]:${port}'` : `${address}:${port}`;
}

function serverName({ target, address }: EndpointReport): string {
  return target !== address && HOST_NAME.test(target) && /[A-Za-z]/.test(target)
    ? ` -servername ${target}`
    : '';
}
