import type { FlowBuilder, FlowNode, Place } from './flow-node';
import { answering, classification, listening, profileAndCa, reporting } from './pipeline';
import { GAUGES } from './widgets';

/** What differs between the two dashboards. */
export interface Kind {
  readonly builder: FlowBuilder;
  readonly tab: string;
  readonly link: string;
  /** Makes the names of link nodes its own. */
  readonly suffix: string;
  /** Under which the reports can be downloaded; a path serves one node. */
  readonly serve: string;
  readonly readMe: string;
  template(
    key: string,
    at: Place,
    group: string,
    order: number,
    name: string,
    wires?: readonly string[][],
  ): void;
  gauge(gauge: (typeof GAUGES)[number], at: Place, order: number): void;
  /** The page, its groups and its style. */
  page(): void;
}

/** What the form is told when the flows start. */
const NOTHING_RUNS = JSON.stringify({ running: false, problems: {}, isWrong: false });

/** The flow of a dashboard, without what it has of its own. */
export function dashboard(kind: Kind): FlowNode[] {
  const { builder } = kind;
  builder.config('tab', 'tab', {
    label: kind.tab,
    disabled: false,
    info: '',
    env: [
      { name: 'TIMEZONE', value: 'Asia/Kuala_Lumpur', type: 'str' },
      { name: 'HISTORY_STORE', value: '', type: 'str' },
    ],
  });
  builder.comment(
    'read-me',
    [260, 60],
    'MQTT security scanner with a dashboard - read me first',
    kind.readMe,
  );
  scanChain(kind);
  shownPage(kind);
  profileAndCa(builder);
  kind.page();
  return builder.nodes;
}

/** The comment that explains the flow. @param path where the page is */
export function readMe(module: string, path: string): string {
  return [
    '# MQTT security scanner with a dashboard',
    `Needs *${module}*; the editor offers to install it. After deploying, open \`${path}\` on Node-RED's address, fill in a target and press *Start scan*.`,
    '**Scan only networks that are yours, or for which you have permission.** The profile *My networks* allows private addresses and this machine; anything else is refused before a packet is sent.',
    "**Whoever reaches the dashboard can start scans and read their results.** The dashboard has no login of its own: set `httpNodeAuth` in Node-RED's `settings.js`. It protects the dashboard and the downloads of the reports.",
    [
      '- *Quick* skips the tests of every TLS version and of what a login may read.',
      '- The login that is typed into the form is used for that scan only. A login that is always to be used belongs in the profile.',
      '- Give *CA of my brokers* the CA certificate of your brokers; without it their certificates count as untrusted.',
      '- All times are in the zone that the property `TIMEZONE` of this flow names (double-click the tab, *Environment variables*).',
      '- The history is kept over a restart when the property `HISTORY_STORE` names a store of `contextStorage` in `settings.js` that is of the module `localfilesystem`; the report files stay in any case.',
      '- Other flows start a scan with a *link call* node; the answer is the report.',
    ].join('\n'),
    '',
  ].join('\n\n');
}

function scanChain({ builder, template, link, suffix, serve }: Kind): void {
  const profile = builder.id('profile');
  template('form', [120, 160], 'scan', 1, 'scan form', [['form']]);
  builder.function('form', [300, 160], 'form to scan', 'form', [['probe'], ['form-page']]);
  // Dashboard 2 shows the last message again, which told of a scan that has been cut off since.
  inject(builder, 'form-start', [120, 220], 'at the start', NOTHING_RUNS, [['form-page']], {
    once: true,
    payloadType: 'json',
  });
  inject(builder, 'scan-this', [300, 220], 'Scan this machine', '127.0.0.1', [['probe']]);
  builder.node('called', 'link in', [395, 260], { name: link, links: [] }, [['probe']]);
  builder.node(
    'probe',
    'mqtt-probe',
    [490, 160],
    {
      name: 'find brokers',
      profile,
      targets: '',
      ports: '1883, 8883',
      reportClosed: 'auto',
      strictness: false,
    },
    [['quick', 'found-out'], ['progress-out']],
  );
  builder.node(
    'quick',
    'switch',
    [650, 160],
    {
      name: 'quick?',
      property: 'depth',
      propertyType: 'msg',
      rules: [{ t: 'eq', v: 'quick', vt: 'str' }, { t: 'else' }],
      checkall: 'false',
      repair: false,
      outputs: 2,
    },
    [['tls-quick'], ['tls']],
  );
  builder.node(
    'tls',
    'tls-inspect',
    [810, 200],
    { name: 'inspect TLS', profile, depth: 'full', expiryDays: '30' },
    [['auth']],
  );
  builder.node(
    'tls-quick',
    'tls-inspect',
    [830, 140],
    { name: 'certificate only', profile, depth: 'certificate', expiryDays: '30' },
    [['auth-quick']],
  );
  const access = { profile, defaultCredentials: false, writeTest: false };
  builder.node(
    'auth',
    'anon-auth-test',
    [1010, 200],
    { name: 'test access', ...access, authorisation: true },
    [['sniffer']],
  );
  builder.node(
    'auth-quick',
    'anon-auth-test',
    [1010, 140],
    { name: 'logins only', ...access, authorisation: false },
    [['sniffer']],
  );
  listening(builder, [1170, 160], [['risk'], ['readings-out']]);
  classification(builder, [1330, 160], 'HIGH', [['report', 'rated-out'], ['alerts-out']]);
  reporting(builder, [1510, 160], serve, [['written-out', 'is-called']]);
  answering(builder, [1680, 160]);
  builder.link('found', `endpoints found${suffix}`, [605, 240], [95, 400], ['results']);
  builder.link('rated', `endpoints rated${suffix}`, [1455, 240], [95, 440], ['is-rated']);
  builder.link(
    'progress',
    `progress of the scan${suffix}`,
    [605, 280],
    [95, 500],
    ['form', 'results', 'status', 'notice', 'log'],
  );
  builder.link('readings', `readings of sensors${suffix}`, [1275, 240], [95, 780], ['readings']);
  builder.link('alerts', `alerts${suffix}`, [1455, 280], [95, 680], ['log']);
  builder.link('written', `report written${suffix}`, [1635, 220], [95, 920], ['history', 'log']);
  const found = builder.nodes.find(({ id }) => id === builder.id('found-in'));
  Object.assign(found ?? {}, { wires: [['results', 'status', 'log'].map((key) => builder.id(key))] });
}

function shownPage({ builder, template, gauge }: Kind): void {
  builder.comment('shown', [150, 340], 'What the dashboard shows');
  const rated = [{ t: 'set', p: 'isRated', pt: 'msg', to: 'true', tot: 'bool' }];
  builder.node(
    'is-rated',
    'change',
    [210, 440],
    { name: 'rated by now', rules: rated, action: '', property: '', from: '', to: '', reg: false },
    [['form', 'results', 'status', 'log']],
  );
  builder.function('results', [490, 400], 'results, page by page', 'results', [['results-page']]);
  template('results', [760, 400], 'results', 1, 'results', [['results']]);
  builder.function('status', [500, 500], 'progress, cards, verdict', 'status', [
    ['progress-page'],
    ['summary-page'],
  ]);
  template('summary', [760, 520], 'status', 1, 'cards, verdict, chart');
  template('progress', [760, 480], 'status', 2, 'progress');
  builder.node('errors', 'catch', [190, 580], { name: 'errors of all nodes', scope: null, uncaught: false }, [
    ['notice', 'log', 'debug'],
  ]);
  builder.function('notice', [450, 580], 'notice', 'notice', [['notice-page']]);
  template('notice', [760, 580], 'scan', 2, 'notice');
  const debug = {
    name: 'errors',
    active: true,
    tosidebar: true,
    console: false,
    tostatus: false,
    complete: 'error',
    targetType: 'msg',
    statusVal: '',
    statusType: 'auto',
  };
  builder.node('debug', 'debug', [450, 620], debug);
  builder.function('log', [450, 680], 'live log', 'log', [['log-page']]);
  template('log', [760, 680], 'log', 1, 'live log');
  builder.function('readings', [480, 800], 'readings to gauges', 'readings', [
    ...GAUGES.map(({ key }) => [`gauge-${key}`]),
    ['sensors-page'],
  ]);
  for (const [i, each] of GAUGES.entries()) gauge(each, [760, 740 + 40 * i], i + 1);
  template('sensors', [760, 860], 'sensors', 5, 'sources of the readings');
  inject(builder, 'start', [220, 960], 'at the start', '', [['history', 'results', 'status']], {
    topic: 'hello',
    once: true,
  });
  builder.function('history', [450, 920], 'history', 'history', [['history-page']]);
  template('history', [760, 920], 'reports', 1, 'history with downloads');
}

function inject(
  builder: FlowBuilder,
  key: string,
  at: Place,
  name: string,
  payload: string,
  wires: readonly string[][],
  { topic = '', once = false, payloadType = 'str' } = {},
): void {
  const props = [{ p: 'payload' }, ...(topic === '' ? [] : [{ p: 'topic', vt: 'str' }])];
  builder.node(
    key,
    'inject',
    at,
    { name, props, repeat: '', crontab: '', once, onceDelay: 0.1, topic, payload, payloadType },
    wires,
  );
}
