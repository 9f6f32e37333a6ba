import type { FlowBuilder, Place, Wires } from './flow-node';

interface Pipeline {
  readonly x: number;
  readonly y: number;
  /** Keys of the nodes behind the outputs. */
  readonly progress?: readonly string[];
  readonly rated?: readonly string[];
  readonly reports?: readonly string[];
  readonly alerts?: readonly string[];
  /** The level from which findings are alerts. */
  readonly alertFrom?: string;
}

/** The six nodes of a whole scan in a row, for flows in which nothing stands between them. */
export function pipeline(
  builder: FlowBuilder,
  { x, y, progress = [], rated = [], reports = [], alerts = [], alertFrom = 'HIGH' }: Pipeline,
): void {
  const profile = builder.id('profile');
  builder.node(
    'probe',
    'mqtt-probe',
    [x, y],
    {
      name: 'find brokers',
      profile,
      targets: '',
      ports: '1883, 8883',
      reportClosed: 'auto',
      strictness: false,
    },
    [['tls'], progress],
  );
  builder.node(
    'tls',
    'tls-inspect',
    [x + 180, y],
    { name: 'inspect TLS', profile, depth: 'full', expiryDays: '30' },
    [['auth']],
  );
  builder.node(
    'auth',
    'anon-auth-test',
    [x + 360, y],
    { name: 'test access', profile, defaultCredentials: false, authorisation: true, writeTest: false },
    [['sniffer']],
  );
  listening(builder, [x + 520, y], [['risk'], []]);
  classification(builder, [x + 700, y], alertFrom, [['report', ...rated], alerts]);
  reporting(builder, [x + 900, y], '', [reports]);
}

/** Listens to everything for five seconds. */
export function listening(builder: FlowBuilder, at: Place, wires: Wires): void {
  const settings = { filters: '#, $SYS/#', listen: '5', maxMessages: '', maxTopics: '', maxPayload: '' };
  const profile = builder.id('profile');
  builder.node('sniffer', 'topic-sniffer', at, { name: 'listen', profile, ...settings }, wires);
}

/** @param alertFrom the level from which findings are alerts */
export function classification(builder: FlowBuilder, at: Place, alertFrom: string, wires: Wires): void {
  const settings = { policy: 'default', policyTable: '', alertFrom, directory: '' };
  builder.node('risk', 'risk-classify', at, { name: 'classify risk', ...settings }, wires);
}

/** @param serve the path under which the reports can be downloaded, which serves one node */
export function reporting(builder: FlowBuilder, at: Place, serve: string, wires: Wires): void {
  const files = { directory: '', basename: 'mqtt_scan_report', formats: 'pdf,csv,json' };
  const settings = { name: 'write report', ...files, timezone: '$' + '{TIMEZONE}', serve };
  builder.node('report', 'report-out', at, settings, wires);
}

/** Gives the report back to whoever called the scan by a `link call`; others have sent a message and wait for none. */
export function answering(builder: FlowBuilder, [x, y]: Place): void {
  const rule = { property: '_linkSource', propertyType: 'msg', rules: [{ t: 'nempty' }] };
  const settings = { name: 'called?', ...rule, checkall: 'true', repair: false, outputs: 1 };
  builder.node('is-called', 'switch', [x, y], settings, [['answer']]);
  builder.node('answer', 'link out', [x + 125, y], {
    name: 'report to the caller',
    mode: 'return',
    links: [],
  });
}

/** The scan profile that examples bring along, and the TLS configuration for the CA of its brokers. */
export function profileAndCa(builder: FlowBuilder): void {
  builder.config('profile', 'mqtt-scan-profile', {
    ...{
      name: 'My networks',
      scope: 'private, loopback',
      window: '500',
      rate: '1000',
      connectTimeout: '1500',
      phaseTimeout: '5000',
    },
    tls: builder.id('ca'),
  });
  builder.config('ca', 'tls-config', {
    ...{
      name: 'CA of my brokers',
      cert: '',
      key: '',
      ca: '',
      certname: '',
      keyname: '',
      caname: '',
      servername: '',
    },
    ...{ verifyservercert: true, alpnprotocol: '' },
  });
}
