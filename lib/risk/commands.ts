import { CERTIFICATE_OPTIONS, MOSQUITTO_VERSIONS, PASSWORD_WORD, TRUST_OPTIONS, USER_WORD } from '../auth';
import { type EndpointReport, hostAndPort, type LoginName, type ProtocolVersion } from '../model';
import type { Facts } from './facts';

/** As whom a command logs in; the words stand as places to fill in, which the report explains. */
const LOGINS: Readonly<Record<LoginName, string>> = {
  anonymous: '',
  credentials: ` -u ${USER_WORD} -P ${PASSWORD_WORD}`,
  certificate: ` ${CERTIFICATE_OPTIONS}`,
};
const HOST_NAME = /^(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$/;
/** Paths that are looked at are ours; what a report names may have come from anywhere. */
const PATH = /^\/[a-z]*$/;
const USUAL_PATH = '/mqtt';

const MQTTX_VERSIONS: Readonly<Record<ProtocolVersion, string>> = { 3: '3.1', 4: '3.1.1', 5: '5' };

interface Client {
  readonly as?: LoginName | undefined;
  /** Where it matters; else one that the broker speaks. */
  readonly version?: ProtocolVersion | undefined;
  /** A login of nobody, in the options of the shell. */
  readonly login?: string | undefined;
}

/**
 * Subscribes and shows what comes for five seconds.
 * Addresses, ports and names are checked, and filters are ours: nothing that a target chose reaches the shell.
 */
export function subscribe(facts: Facts, filter: string, as: LoginName = 'anonymous'): string {
  return isWebSocket(facts)
    ? `${mqttx(facts, 'sub', { as })} -t '${filter}'`
    : `mosquitto_sub ${mosquitto(facts, { as })} -t '${filter}' -v -W 5`;
}

/** Publishes one message to a topic that nobody else uses, and shows it where it comes back. */
export function publish(facts: Facts, as: LoginName = 'anonymous'): string {
  const topic = '-t "scan-check/$$"';
  const [hear, say] = isWebSocket(facts)
    ? [`${mqttx(facts, 'sub', { as })} ${topic}`, mqttx(facts, 'pub', { as })]
    : [
        `mosquitto_sub ${mosquitto(facts, { as })} ${topic} -C 1 -W 5`,
        `mosquitto_pub ${mosquitto(facts, { as })}`,
      ];
  return `${hear} & sleep 1; ${say} ${topic} -m check; wait`;
}

/** Connects, and ends after the first SUBACK, with the reason for which it was refused, or after five seconds. */
export function connect(facts: Facts, client: Client = {}): string {
  return isWebSocket(facts)
    ? mqttx(facts, 'conn', client)
    : `mosquitto_sub ${mosquitto(facts, client)} -t scan-check -E -W 5`;
}

const isWebSocket = ({ report: { transport } }: Facts): boolean => transport === 'ws' || transport === 'wss';

/** Options of the programs of mosquitto: where to, as whom, and in which version. */
function mosquitto(facts: Facts, { as = 'anonymous', version, login = '' }: Client): string {
  const asked = version ?? versionInPlaceOf(4, facts);
  return `${peerOf(facts)}${LOGINS[as]}${login}${asked ? ` -V ${MOSQUITTO_VERSIONS[asked]}` : ''}`;
}

/** The version to ask for where the broker does not speak the one that a program asks for by itself. */
function versionInPlaceOf(usual: ProtocolVersion, { report: { probe } }: Facts): ProtocolVersion | undefined {
  const { versions = [] } = probe ?? {};
  return versions.includes(usual) ? undefined : versions.at(-1);
}

/** Where to, for the programs of mosquitto; the same for all commands of an endpoint. */
function peerOf(facts: Facts): string {
  const { address, port } = facts.report;
  facts.peer ??= `-h ${address} -p ${port}${facts.isEncrypted ? ` ${TRUST_OPTIONS}` : ''}`;
  return facts.peer;
}

/** A client that speaks MQTT over WebSocket, which those of mosquitto do not. It stays connected until it is ended. */
function mqttx(facts: Facts, verb: 'conn' | 'sub' | 'pub', client: Client): string {
  const { report } = facts;
  const { as = 'anonymous', version = versionInPlaceOf(5, facts), login = '' } = client;
  const { address, port, transport } = report;
  const path = pathOf(report);
  return [
    verb === 'pub' ? '' : 'timeout 5 ',
    `mqttx ${verb} -l ${transport} -h ${address} -p ${port}`,
    path === USUAL_PATH ? '' : ` --path ${path}`,
    transport === 'wss' ? ' --insecure' : '',
    LOGINS[as],
    login,
    version ? ` -V ${MQTTX_VERSIONS[version]}` : '',
  ].join('');
}

/** Where MQTT over WebSocket was found. */
function pathOf({ probe }: EndpointReport): string {
  const { path = '' } = probe?.webSocket ?? {};
  return PATH.test(path) ? path : USUAL_PATH;
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

/** Two clients under one identifier of nobody, the second a second later. */
export function connectTwice(facts: Facts): string {
  const { as } = facts.report.auth?.sessionSafety ?? {};
  // One that was thrown out must not come back, and throw the other out in turn.
  const options = isWebSocket(facts) ? '-rp 0' : '-d';
  const once = `${subscribe(facts, 'scan-check', as)} -i scan-check-$$ ${options}`;
  return `${once} & sleep 1; ${once}`;
}

/** Asks for an authentication method, and shows whether the broker goes into it. */
export function askForMethod(facts: Facts): string {
  const method = 'SCRAM-SHA-256';
  return isWebSocket(facts)
    ? `${mqttx(facts, 'conn', { version: 5, login: ' -u scan-check -P scan-check' })} --authentication-method ${method}`
    : `${connect(facts, { version: 5 })} -D connect authentication-method ${method} -d`;
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
  const url = `${isEncrypted ? 'https' : 'http'}://${hostAndPort(report.address, report.port)}`;
  const fields = [...UPGRADE_FIELDS, 'Origin: https://another-site.example'];
  return [
    `curl -s -i -N -m 3 --http1.1${isEncrypted ? ' -k' : ''}`,
    ...fields.map((field) => `-H '${field}'`),
    `'${url}${pathOf(report)}'`,
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
