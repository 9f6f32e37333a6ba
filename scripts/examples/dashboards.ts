import { FlowBuilder, type FlowNode, pageFile } from './flow-node';
import { profileAndCa } from './pipeline';
import { angularTemplate, type Template, vueTemplate } from './template';

/** The widgets of the page: what each one shows before anything has happened. */
const TEMPLATES: Readonly<Record<string, Template>> = {
  form: {
    html: pageFile('form.html'),
    page: { running: false, isWrong: false, problems: {} },
    form: {
      target: '127.0.0.1',
      ports: '1883, 8883',
      depth: 'full',
      listen: '5',
      username: '',
      password: '',
    },
    isPersonal: true,
  },
  summary: { html: pageFile('summary.html'), page: {} },
  progress: { html: pageFile('progress.html'), page: {} },
  notice: { html: pageFile('notice.html'), page: {} },
  sensors: { html: pageFile('sensors.html'), page: {} },
  results: {
    html: pageFile('results.html'),
    page: { rows: [], empty: ' ' },
    form: { search: '' },
    isPersonal: true,
  },
  log: { html: pageFile('log.html'), page: { lines: [] } },
  history: { html: pageFile('history.html'), page: { reports: [] } },
};

/** Gauges: key, title, unit, range, and from where on the colour changes. */
const GAUGES = [
  {
    key: 'temperature',
    title: 'Temperature',
    unit: '°C',
    max: 50,
    steps: [18, 30],
    colors: ['#0369a1', '#15803d', '#b91c1c'],
  },
  {
    key: 'humidity',
    title: 'Humidity',
    unit: '%',
    max: 100,
    steps: [30, 60],
    colors: ['#a16207', '#15803d', '#0369a1'],
  },
  {
    key: 'light',
    title: 'Light',
    unit: '%',
    max: 100,
    steps: [30, 60],
    colors: ['#4b5563', '#a16207', '#eab308'],
  },
] as const;

type Place = readonly [number, number];

/** What differs between the two dashboards. */
interface Kind {
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

/** `02 - Dashboard (node-red-dashboard).json` */
export function firstDashboard(): FlowNode[] {
  const builder = new FlowBuilder('dashboard');
  const common = { storeOutMessages: false, fwdInMessages: false, templateScope: 'local', className: '' };
  const groups = [
    ['scan', 'Scan', '6'],
    ['status', 'Status', '18'],
    ['sensors', 'Live Sensors', '12'],
    ['results', 'Results', '18'],
    ['reports', 'History', '6'],
    ['log', 'Live Log', '6'],
  ] as const;
  return dashboard({
    builder,
    tab: 'MQTT security dashboard',
    link: 'MQTT security scan (dashboard)',
    suffix: '',
    serve: '/mqtt-scan-reports',
    readMe: readMe('node-red-dashboard', '/ui'),
    template(key, at, group, order, name, wires = []) {
      const template = TEMPLATES[key] as Template;
      const className = key === 'sensors' ? 'mss-across' : '';
      builder.node(
        `${key}-page`,
        'ui_template',
        at,
        {
          group: builder.id(`group-${group}`),
          name,
          order,
          width: 6,
          height: 1,
          format: angularTemplate(template),
          ...common,
          resendOnRefresh: template.isPersonal !== true,
          className,
        },
        wires,
      );
    },
    gauge({ key, title, unit, max, steps, colors }, at, order) {
      const [seg1, seg2] = steps.map(String);
      const look = {
        gtype: 'gage',
        title,
        label: unit,
        format: "{{msg.shown || '–'}}",
        min: 0,
        max,
        colors,
        seg1,
        seg2,
      };
      builder.node(`gauge-${key}`, 'ui_gauge', at, {
        name: '',
        group: builder.id('group-sensors'),
        order,
        width: 3,
        height: 4,
        ...look,
        diff: false,
        className: '',
      });
    },
    page() {
      const css = `<style>\n${pageFile('page.css')}\n${pageFile('angular.css')}</style>\n`;
      builder.node('style', 'ui_template', [760, 1000], {
        group: '',
        name: 'page style',
        order: 0,
        width: 0,
        height: 0,
        format: css,
        ...common,
        resendOnRefresh: true,
        templateScope: 'global',
      });
      for (const [i, [key, name, width]] of groups.entries()) {
        const className = `mss mss-${key === 'log' ? 'log-group' : key}`;
        builder.config(`group-${key}`, 'ui_group', {
          name,
          tab: builder.id('page'),
          order: i + 1,
          disp: true,
          width,
          collapse: false,
          className,
        });
      }
      builder.config('page', 'ui_tab', {
        name: 'MQTT Security Scanner',
        icon: 'security',
        order: 1,
        disabled: false,
        hidden: false,
      });
      builder.config('modules', 'global-config', { env: [], modules: { 'node-red-dashboard': '3.6.6' } });
    },
  });
}

/** `03 - Dashboard 2 (flowfuse).json` */
export function secondDashboard(): FlowNode[] {
  const builder = new FlowBuilder('dashboard-2');
  const common = {
    storeOutMessages: false,
    passthru: false,
    templateScope: 'local',
    head: '',
    page: '',
    ui: '',
    className: '',
  };
  const groups = [
    ['scan', 'Scan', 3],
    ['status', 'Status', 9],
    ['sensors', 'Live Sensors', 9],
    ['results', 'Results', 9],
    ['reports', 'History', 3],
    ['log', 'Live Log', 3],
  ] as const;
  return dashboard({
    builder,
    tab: 'MQTT security dashboard 2',
    link: 'MQTT security scan (dashboard 2)',
    suffix: ' (dashboard 2)',
    serve: '/mqtt-scan-reports-2',
    readMe: readMe('@flowfuse/node-red-dashboard', '/dashboard/mqtt-security'),
    template(key, at, group, order, name, wires = []) {
      const template = TEMPLATES[key] as Template;
      const { isPersonal } = template;
      builder.node(
        `${key}-page`,
        'ui-template',
        at,
        {
          ...common,
          group: builder.id(`group-${group}`),
          name,
          order,
          width: 0,
          height: 0,
          format: vueTemplate(template),
          resendOnRefresh: isPersonal !== true,
        },
        wires,
      );
    },
    gauge({ key, title, unit, max, steps, colors }, at, order) {
      const segments = [0, ...steps].map((from, i) => ({
        from: String(from),
        color: colors[i],
        text: '',
        textType: 'label',
      }));
      const look = {
        gtype: 'gauge-half',
        gstyle: 'rounded',
        title,
        units: unit,
        icon: '',
        prefix: '',
        suffix: '',
        segments,
        min: 0,
        max,
      };
      const sizes = {
        sizeThickness: 16,
        sizeGap: 4,
        sizeKeyThickness: 8,
        styleRounded: true,
        styleGlow: false,
      };
      builder.node(`gauge-${key}`, 'ui-gauge', at, {
        ...{
          name: title,
          group: builder.id('group-sensors'),
          order,
          value: 'payload',
          valueType: 'msg',
          width: 3,
          height: 3,
        },
        ...{ ...look, alwaysShowTitle: false, floatingTitlePosition: 'top-left', ...sizes },
        className: `mss-gauge-${key}`,
      });
    },
    page() {
      const css = `${pageFile('page.css')}\n${pageFile('vue.css')}`;
      builder.node(
        'style',
        'ui-template',
        [760, 1000],
        {
          ...common,
          group: '',
          page: builder.id('page'),
          name: 'page style',
          order: 0,
          width: 0,
          height: 0,
          format: css,
          resendOnRefresh: true,
          templateScope: 'page:style',
        },
        [[]],
      );
      for (const [i, [key, name, width]] of groups.entries()) {
        const className = `mss mss-${key === 'log' ? 'log-group' : key}`;
        builder.config(`group-${key}`, 'ui-group', {
          name,
          page: builder.id('page'),
          width,
          height: 1,
          order: i + 1,
          showTitle: true,
          className,
          visible: 'true',
          disabled: 'false',
          groupType: 'default',
        });
      }
      builder.config('page', 'ui-page', {
        ...{
          name: 'MQTT Security Scanner',
          ui: builder.id('base'),
          path: '/mqtt-security',
          icon: 'shield-search',
          layout: 'grid',
          theme: builder.id('theme'),
        },
        breakpoints: [
          { name: 'Default', px: '0', cols: '3' },
          { name: 'Tablet', px: '576', cols: '6' },
          { name: 'Small Desktop', px: '768', cols: '9' },
          { name: 'Desktop', px: '1024', cols: '12' },
        ],
        ...{ order: 1, className: '', visible: 'true', disabled: 'false' },
      });
      builder.config('theme', 'ui-theme', {
        name: 'MQTT security',
        colors: {
          surface: '#0c4a6e',
          primary: '#0369a1',
          bgPage: '#f3f4f6',
          groupBg: '#ffffff',
          groupOutline: '#d1d5db',
        },
        sizes: {
          density: 'default',
          pagePadding: '14px',
          groupGap: '14px',
          groupBorderRadius: '8px',
          widgetGap: '12px',
        },
      });
      builder.config('base', 'ui-base', {
        ...{ name: 'Dashboard', path: '/dashboard', appIcon: '', includeClientData: true },
        // Each browser is given the rows that it looks at.
        acceptsClientConfig: ['ui-notification', 'ui-control', 'ui-template'],
        ...{
          showPathInSidebar: false,
          headerContent: 'page',
          navigationStyle: 'temporary',
          titleBarStyle: 'default',
        },
        ...{
          showReconnectNotification: true,
          notificationDisplayTime: 1,
          showDisconnectNotification: true,
          allowInstall: false,
        },
      });
      builder.config('modules', 'global-config', {
        env: [],
        modules: { '@flowfuse/node-red-dashboard': '1.31.0' },
      });
    },
  });
}

function readMe(module: string, path: string): string {
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

function dashboard(kind: Kind): FlowNode[] {
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

function scanChain({ builder, template, link, suffix, serve }: Kind): void {
  const profile = builder.id('profile');
  template('form', [120, 160], 'scan', 1, 'scan form', [['form']]);
  builder.function('form', [300, 160], 'form to scan', 'form', [['probe'], ['form-page']]);
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
  builder.node(
    'sniffer',
    'topic-sniffer',
    [1170, 160],
    {
      name: 'listen',
      profile,
      filters: '#, $SYS/#',
      listen: '5',
      maxMessages: '',
      maxTopics: '',
      maxPayload: '',
    },
    [['risk'], ['readings-out']],
  );
  builder.node(
    'risk',
    'risk-classify',
    [1330, 160],
    { name: 'classify risk', policy: 'default', policyTable: '', alertFrom: 'HIGH', directory: '' },
    [['report', 'rated-out'], ['alerts-out']],
  );
  builder.node(
    'report',
    'report-out',
    [1510, 160],
    {
      name: 'write report',
      directory: '',
      basename: 'mqtt_scan_report',
      formats: 'pdf,csv,json',
      timezone: '$' + '{TIMEZONE}',
      serve,
    },
    [['written-out', 'is-called']],
  );
  builder.node(
    'is-called',
    'switch',
    [1680, 160],
    {
      name: 'called?',
      property: '_linkSource',
      propertyType: 'msg',
      rules: [{ t: 'nempty' }],
      checkall: 'true',
      repair: false,
      outputs: 1,
    },
    [['answer']],
  );
  builder.node('answer', 'link out', [1805, 160], {
    name: 'report to the caller',
    mode: 'return',
    links: [],
  });
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
  { topic = '', once = false } = {},
): void {
  const props = [{ p: 'payload' }, ...(topic === '' ? [] : [{ p: 'topic', vt: 'str' }])];
  builder.node(
    key,
    'inject',
    at,
    { name, props, repeat: '', crontab: '', once, onceDelay: 0.1, topic, payload, payloadType: 'str' },
    wires,
  );
}
