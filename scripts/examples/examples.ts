import { firstDashboard } from './angular-dashboard';
import type { FlowNode } from './flow-node';
import { scheduledScan } from './monitoring';
import { scanSubflow } from './subflow';
import { scanTriggers } from './triggers';
import { secondDashboard } from './vue-dashboard';

/** The example flows that are made of shared parts, by file name. */
export function generatedExamples(): Readonly<Record<string, string>> {
  return {
    '02 - Dashboard (node-red-dashboard).json': text(firstDashboard()),
    '03 - Dashboard 2 (flowfuse).json': text(secondDashboard()),
    '04 - Scheduled scan with alerts.json': text(scheduledScan()),
    '05 - Scan triggers.json': text(scanTriggers()),
    '06 - Subflow.json': text(scanSubflow()),
  };
}

function text(nodes: readonly FlowNode[]): string {
  return `${JSON.stringify(nodes, null, 4)}\n`;
}
