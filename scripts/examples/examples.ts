import { firstDashboard, secondDashboard } from './dashboards';
import type { FlowNode } from './flow-node';

/** The example flows that are made of shared parts, by file name. */
export function generatedExamples(): Readonly<Record<string, string>> {
  return {
    '02 - Dashboard (node-red-dashboard).json': text(firstDashboard()),
    '03 - Dashboard 2 (flowfuse).json': text(secondDashboard()),
  };
}

function text(nodes: readonly FlowNode[]): string {
  return `${JSON.stringify(nodes, null, 4)}\n`;
}
