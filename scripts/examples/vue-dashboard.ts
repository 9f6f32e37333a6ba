import { dashboard, readMe } from './dashboard';
import { FlowBuilder, type FlowNode, pageFile } from './flow-node';
import { type Template, vueTemplate } from './template';
import { TEMPLATES } from './widgets';

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
