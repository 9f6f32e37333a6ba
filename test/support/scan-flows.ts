import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab, LabCredentials } from '../../brokers/lab-types';
import type { Collector } from './collector';
import type { FlowNode } from './node-red-runtime';
import { ROOT } from './packed-package';

/** What flows under test are built from. */
export interface FlowParts {
  readonly lab: Lab;
  readonly collector: Collector;
  /** The login in the profile; none leaves it empty. */
  readonly login?: LabCredentials;
}

/** An example as it is shipped. */
export interface Example {
  readonly name: string;
  readonly nodes: readonly FlowNode[];
}

/** All examples of the package. */
export function readExamples(): Example[] {
  const folder = join(ROOT, 'examples');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      name: file.slice(0, -'.json'.length),
      nodes: JSON.parse(readFileSync(join(folder, file), 'utf8')) as FlowNode[],
    }));
}

/** The first example, set to the lab as a user would do it in the editor. */
export function scanExample(lab: Lab, login?: LabCredentials): FlowNode[] {
  const example = readExamples().find(({ name }) => name.startsWith('01 '));
  if (!example) throw new Error('the first example is missing');
  return example.nodes.map((node) => {
    switch (node.type) {
      case 'mqtt-probe':
        return { ...node, ports: `${lab.insecure.port}, ${lab.secure.port}` };
      case 'topic-sniffer':
        return { ...node, listen: '1' };
      case 'mqtt-scan-profile':
        return { ...node, credentials: loginFields(login) };
      case 'tls-config':
        return { ...node, ...tlsConfig(node.id, lab) };
      default:
        return node;
    }
  });
}

/** The editor sends empty fields where a login was removed; absent ones would keep it. */
function loginFields(login: LabCredentials | undefined): LabCredentials {
  return login ?? { username: '', password: '' };
}

const PROFILE = 'profile';
const CA = 'lab-ca';

/** The scan profile with the lab's CA. */
export function profileNodes({ lab, login }: FlowParts): FlowNode[] {
  return [
    tlsConfig(CA, lab),
    {
      id: PROFILE,
      type: 'mqtt-scan-profile',
      name: 'lab',
      scope: 'private, loopback',
      connectTimeout: '1000',
      phaseTimeout: '4000',
      tls: CA,
      credentials: loginFields(login),
    },
  ];
}

/** A core TLS configuration that trusts the lab. */
export function tlsConfig(id: string, lab: Lab): FlowNode {
  return {
    id,
    type: 'tls-config',
    name: '',
    cert: '',
    key: '',
    ca: '',
    certname: '',
    keyname: '',
    caname: 'ca.crt',
    servername: '',
    verifyservercert: true,
    alpnprotocol: '',
    credentials: { certdata: '', keydata: '', cadata: lab.ca, passphrase: '' },
  };
}

/**
 * The six nodes in a row, from `<prefix>-probe` to `<prefix>-report`, and a Debug node that writes whatever
 * comes out of any of them to the log.
 */
export function pipeline(
  tab: string,
  prefix: string,
  wires: Readonly<Partial<Record<'progress' | 'readings' | 'risks' | 'alerts' | 'reports', string[]>>>,
): FlowNode[] {
  const id = (name: string): string => `${prefix}-${name}`;
  const debug = id('debug');
  const node = (name: string, type: string, outputs: string[][], settings: object = {}): FlowNode => ({
    id: id(name),
    type,
    z: tab,
    profile: PROFILE,
    ...settings,
    wires: outputs.map((targets) => [...targets, debug]),
  });
  const { progress = [], readings = [], risks = [], alerts = [], reports = [] } = wires;
  return [
    node('probe', 'mqtt-probe', [[id('tls')], progress]),
    node('tls', 'tls-inspect', [[id('auth')]]),
    node('auth', 'anon-auth-test', [[id('sniffer')]]),
    node('sniffer', 'topic-sniffer', [[id('risk')], readings], { listen: '1' }),
    node('risk', 'risk-classify', [[id('report'), ...risks], alerts]),
    node('report', 'report-out', [reports]),
    debugNode(tab, debug),
  ];
}

/** Writes whole messages to the log. */
function debugNode(tab: string, id: string): FlowNode {
  return {
    id,
    type: 'debug',
    z: tab,
    active: true,
    tosidebar: true,
    console: true,
    complete: 'true',
    targetType: 'full',
    wires: [],
  };
}

/** `POST /<name>` puts its JSON body, as a message, into a node. */
export function entry(tab: string, name: string, target: string): FlowNode[] {
  const func = "return [{ req: msg.req, res: msg.res, payload: 'sent' }, msg.payload];";
  return [
    { id: `in-${name}`, type: 'http in', z: tab, url: `/${name}`, method: 'post', wires: [[`body-${name}`]] },
    { id: `body-${name}`, type: 'function', z: tab, func, outputs: 2, wires: [[`sent-${name}`], [target]] },
    { id: `sent-${name}`, type: 'http response', z: tab, wires: [] },
  ];
}

/** Observes the errors of a tab as the tag `errors-<tab>`. */
function errorObserver(tab: string, collector: Collector): FlowNode[] {
  const tag = `errors-${tab}`;
  const nodes = collector.observer(tab, tag);
  return [...nodes, { id: `catch-${tab}`, type: 'catch', z: tab, scope: null, wires: [[`observe-${tag}`]] }];
}

/** Everything that a scan sends, observed: `progress`, `readings`, `alerts`, `joined`, `reports`. */
export function observedScan({ collector }: FlowParts): FlowNode[] {
  const tab = 'scan';
  const tags = ['progress', 'readings', 'alerts', 'risks', 'joined', 'reports'];
  return [
    { id: tab, type: 'tab', label: 'Scan' },
    ...entry(tab, 'scan', 'scan-probe'),
    ...pipeline(tab, 'scan', {
      progress: ['observe-progress'],
      readings: ['observe-readings'],
      risks: ['observe-risks', 'scan-join'],
      alerts: ['observe-alerts'],
      reports: ['observe-reports'],
    }),
    { id: 'scan-join', type: 'join', z: tab, mode: 'auto', wires: [['observe-joined']] },
    ...tags.flatMap((tag) => collector.observer(tab, tag)),
    ...errorObserver(tab, collector),
  ];
}

/**
 * Flows of another tab that call a scan by its Link In node. `POST /call` is observed as `called`;
 * `GET /scan-now?target=…` is answered with the report.
 */
export function callers({ collector }: FlowParts, linkIn: string): FlowNode[] {
  const tab = 'caller';
  const call = { type: 'link call', z: tab, links: [linkIn], linkType: 'static', timeout: '20' };
  const ask = 'msg.payload = { targets: msg.req.query.target, listen: 1 }; return msg;';
  return [
    { id: tab, type: 'tab', label: 'Callers' },
    ...entry(tab, 'call', 'call-scan'),
    { id: 'call-scan', ...call, wires: [['observe-called']] },
    ...collector.observer(tab, 'called'),
    { id: 'http-ask', type: 'http in', z: tab, url: '/scan-now', method: 'get', wires: [['http-prepare']] },
    { id: 'http-prepare', type: 'function', z: tab, func: ask, outputs: 1, wires: [['http-scan']] },
    { id: 'http-scan', ...call, wires: [['http-answer']] },
    { id: 'http-answer', type: 'http response', z: tab, wires: [] },
    ...errorObserver(tab, collector),
  ];
}

/** Scans that cannot work: `POST /no-profile`, `POST /no-folder`. */
export function brokenScans({ collector }: FlowParts, unwritable: string): FlowNode[] {
  const tab = 'broken';
  const withoutProfile = { id: 'lost-probe', type: 'mqtt-probe', z: tab, profile: 'gone', wires: [[], []] };
  const nodes = pipeline(tab, 'broken', {});
  return [
    { id: tab, type: 'tab', label: 'Broken' },
    ...entry(tab, 'no-profile', withoutProfile.id),
    withoutProfile,
    ...entry(tab, 'no-folder', 'broken-probe'),
    ...nodes.map((node) => (node.type === 'report-out' ? { ...node, directory: unwritable } : node)),
    ...errorObserver(tab, collector),
  ];
}
