import { dashboard, readMe } from './dashboard';
import { FlowBuilder, type FlowNode, pageFile } from './flow-node';
import { angularTemplate, type Template } from './template';
import { TEMPLATES } from './widgets';

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
