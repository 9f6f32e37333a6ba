import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../../brokers/lab-types';
import { FOLDERS } from './folders';

interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly [property: string]: unknown;
}

/** The inject node of the dashboard example that scans this machine. */
const INJECT_NAME = 'Scan this machine';

function dashboardExample(): FlowNode[] {
  const folder = join(FOLDERS.root, 'examples');
  const file = readdirSync(folder).find((name) => name.startsWith('02 '));
  if (!file) throw new Error(`The dashboard example is missing in ${folder}.`);
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as FlowNode[];
}

/** The node whose button starts the first scan. */
export function scanButtonId(): string {
  const button = dashboardExample().find(({ type, name }) => type === 'inject' && name === INJECT_NAME);
  if (!button) throw new Error(`The dashboard example has no inject node "${INJECT_NAME}".`);
  return button.id;
}

/** The dashboard example, set to the lab: its ports, its CA, its login. */
export function exampleFor(lab: Lab): FlowNode[] {
  const ports = `${lab.insecure.port}, ${lab.secure.port}`;
  return dashboardExample().map((node) => {
    switch (node.type) {
      case 'tab':
        return {
          ...node,
          env: (node.env as { name: string }[]).map((each) =>
            each.name === 'HISTORY_STORE' ? { ...each, value: 'disk' } : each,
          ),
        };
      case 'ui_template':
        // The form starts with the ports of the lab.
        return { ...node, format: String(node.format).replace("'ports':'1883, 8883'", `'ports':'${ports}'`) };
      case 'mqtt-probe':
        return { ...node, ports };
      case 'mqtt-scan-profile':
        return { ...node, credentials: lab.credentials };
      case 'tls-config':
        return { ...node, credentials: { cadata: lab.ca } };
      default:
        return node;
    }
  });
}
