import type { FlowBuilder } from './flow-node';

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
  builder.node(
    'sniffer',
    'topic-sniffer',
    [x + 520, y],
    {
      name: 'listen',
      profile,
      filters: '#, $SYS/#',
      listen: '5',
      maxMessages: '',
      maxTopics: '',
      maxPayload: '',
    },
    [['risk'], []],
  );
  builder.node(
    'risk',
    'risk-classify',
    [x + 700, y],
    { name: 'classify risk', policy: 'default', policyTable: '', alertFrom, directory: '' },
    [['report', ...rated], alerts],
  );
  builder.node(
    'report',
    'report-out',
    [x + 900, y],
    {
      name: 'write report',
      directory: '',
      basename: 'mqtt_scan_report',
      formats: 'pdf,csv,json',
      timezone: '$' + '{TIMEZONE}',
      serve: '',
    },
    [reports],
  );
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
