import { FlowBuilder, type FlowNode } from './flow-node';
import { pipeline, profileAndCa } from './pipeline';

const READ_ME = `# MQTT security scan as one node

**Scan only networks that are yours, or for which you have permission.** The profile *My networks* allows private addresses and this machine; anything else is refused before a packet is sent.

The node *MQTT security scan* is a subflow: a target goes in as \`msg.payload\`, such as \`192.168.1.0/24\` or \`{ targets, ports, listen, name }\`, and the report comes out when the scan has ended: \`{ number, files, summary }\`. All other properties of the message survive. \`msg.stop = true\` stops its scans. Errors, such as a target out of scope, reach a *catch* node of your flow.

Scope, login and CA are in the profile: double-click the node, *Edit subflow template*, and open any of the nodes inside. Time zone: the property \`TIMEZONE\` of the node.
`;

/** `06 - Subflow.json` */
export function scanSubflow(): FlowNode[] {
  const inside = new FlowBuilder('subflow', 'subflow');
  pipeline(inside, { x: 160, y: 400 });
  inside.config('subflow', 'subflow', {
    ...{
      name: 'MQTT security scan',
      info: READ_ME,
      category: 'MQTT security',
      color: '#8FB9AE',
      icon: 'font-awesome/fa-shield',
    },
    in: [{ x: 40, y: 400, wires: [{ id: inside.id('probe') }] }],
    out: [{ x: 1240, y: 400, wires: [{ id: inside.id('report'), port: 0 }] }],
    env: [
      {
        name: 'TIMEZONE',
        type: 'str',
        value: 'Asia/Kuala_Lumpur',
        ui: {
          label: { 'en-US': 'Time zone', de: 'Zeitzone', ms: 'Zon waktu' },
          type: 'input',
          opts: { types: ['str', 'env'] },
        },
      },
    ],
    meta: {},
    inputLabels: ['targets'],
    outputLabels: ['report'],
  });
  profileAndCa(inside);
  const sheet = new FlowBuilder('subflow', 'tab');
  sheet.config('tab', 'tab', { label: 'MQTT security scan (subflow)', disabled: false, info: '', env: [] });
  sheet.comment('read-me', [230, 60], 'MQTT security scan as one node - read me first', READ_ME);
  const inject = {
    name: 'Scan this machine',
    props: [{ p: 'payload' }],
    repeat: '',
    crontab: '',
    once: false,
    onceDelay: 0.1,
    topic: '',
  };
  sheet.node('inject', 'inject', [150, 120], { ...inject, payload: '127.0.0.1', payloadType: 'str' }, [
    ['scan'],
  ]);
  sheet.node('scan', `subflow:${sheet.id('subflow')}`, [360, 120], { name: '', env: [] }, [['report-debug']]);
  const debug = {
    active: true,
    tosidebar: true,
    console: false,
    tostatus: false,
    targetType: 'msg',
    statusVal: '',
    statusType: 'auto',
  };
  sheet.node('report-debug', 'debug', [560, 120], { name: 'report', complete: 'payload', ...debug }, []);
  sheet.node('errors', 'catch', [150, 180], { name: 'errors of all nodes', scope: null, uncaught: false }, [
    ['errors-debug'],
  ]);
  sheet.node('errors-debug', 'debug', [560, 180], { name: 'errors', complete: 'error', ...debug }, []);
  return [...inside.nodes, ...sheet.nodes];
}
