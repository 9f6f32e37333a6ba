import type { FlowNode } from './node-red-runtime';

/** How a crowd comes: endpoints in all, endpoints in each step, and the time between steps. */
const ENDPOINTS = 10_000;
const STEP = 200;
const STEP_MS = 100;

/**
 * Nodes for the page of an example: `GET <url>` lets it see a scan of 10,000 brokers with one sensor each, message by
 * message as the scanner sends them: found, rated, alerts, progress four times a second, and the closing message.
 */
export function crowdFlow(example: readonly FlowNode[], url: string): FlowNode[] {
  const entry = (name: string): FlowNode => {
    const node = example.find((each) => typeof each.name === 'string' && each.name.startsWith(name));
    if (!node) throw new Error(`The example has no node ${name}.`);
    return node;
  };
  const linkIn = (name: string): string => {
    const node = example.find(({ type, name: own }) => type === 'link in' && String(own).startsWith(name));
    if (!node) throw new Error(`The example has no link in ${name}.`);
    return node.id;
  };
  const { id: rated, z } = entry('rated by now');
  const id = `crowd${url.replaceAll('/', '-')}`;
  const wires = [
    [linkIn('endpoints found')],
    [rated],
    [linkIn('progress of the scan')],
    [linkIn('alerts')],
    [`${id}-out`],
  ];
  return [
    { id: `${id}-in`, type: 'http in', z, url, method: 'get', wires: [[`${id}-make`]] },
    { id: `${id}-make`, type: 'function', z, func: FUNCTION, outputs: wires.length, wires },
    { id: `${id}-out`, type: 'http response', z, wires: [] },
  ];
}

const FUNCTION = `
const [ENDPOINTS, STEP, STEP_MS] = [${ENDPOINTS}, ${STEP}, ${STEP_MS}];
const scan = { id: 'crowd', startedAt: new Date().toISOString(), targets: ['10.1.0.0/16'] };
const began = Date.now();
let sent = 0;
tellProgress('running');
const timer = setInterval(() => {
    const reports = Array.from({ length: STEP }, (_, i) => reportOf(sent + i));
    sent += STEP;
    const messages = () => reports.map((payload) => ({ scan, topic: payload.url, payload: { ...payload } }));
    const alerts = reports.filter(({ risk }) => ['CRITICAL', 'HIGH'].includes(risk.level)).map(alertOf);
    node.send([messages(), messages(), null, alerts, null]);
    if (sent % (3 * STEP) === 0) tellProgress('running');
    if (sent < ENDPOINTS) return;
    clearInterval(timer);
    tellProgress('done');
    node.send([null, { scan, complete: true, payload: summary() }, null, null, null]);
}, STEP_MS);
return [null, null, null, null, msg];

function reportOf(i) {
    const address = '10.1.' + (i >> 8) + '.' + (i & 255);
    const level = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'OK'][i % 5];
    const text = 'A sentence that is about as long as those of real findings, which say what to do. ';
    const finding = (id) => ({ id, severity: level, title: 'Finding ' + id, evidence: text, why: text + text,
        remediation: text + text, command: 'mosquitto_passwd -c /etc/mosquitto/passwd user' });
    return {
        target: '10.1.0.0/16', address, port: 1883, transport: 'tcp', url: 'mqtt://' + address + ':1883',
        outcome: 'open',
        probe: { versions: [4, 5], product: { name: 'Mosquitto', version: '2.0.18' } },
        auth: { anonymous: { verdict: 'accepted', meaning: text } },
        traffic: { messages: 3, bytes: 90, listenedMs: 5000, listenedAs: 'anonymous', topics: [
            { topic: 'hall/' + i + '/climate', messages: 3, retained: true, payload: '{"temp_c":31.5}',
              sensor: { type: 'DHT (Temp & Hum)', text: '31.5°C, 56%', readings: [] } } ] },
        risk: { level, findings: ['NO_TLS', 'ANONYMOUS', 'READABLE'].map(finding) },
    };
}

function alertOf({ url, address, port, risk }) {
    const [finding] = risk.findings;
    return { scan, payload: { level: risk.level, url, address, port, text: risk.level + ': ' + finding.title, finding } };
}

function tellProgress(state) {
    const payload = { state, scanned: sent, total: ENDPOINTS, percent: Math.round(100 * sent / ENDPOINTS),
        openPorts: sent, openBrokers: sent, authFailures: 0, elapsedMs: Date.now() - began };
    node.send([null, null, { scan, topic: 'progress', payload }, null, null]);
}

function summary() {
    const fifth = ENDPOINTS / 5;
    return { scanId: scan.id, startedAt: scan.startedAt, finishedAt: new Date().toISOString(), targets: scan.targets,
        endpointsScanned: ENDPOINTS, openPorts: ENDPOINTS, openBrokers: ENDPOINTS, authFailures: 0, sensors: ENDPOINTS,
        risk: { CRITICAL: fifth, HIGH: fifth, MEDIUM: fifth, LOW: fifth, OK: fifth } };
}
`;
