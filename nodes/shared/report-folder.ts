import { isAbsolute, join } from 'node:path';
import type { NodeAPI } from 'node-red';

/** Where reports are written, and looked for, unless another folder is set. */
export const REPORT_FOLDER = 'mqtt-scan-reports';

/** Relative folders lie in Node-RED's user directory, as users of the file nodes expect. */
export function reportFolder(RED: NodeAPI, text: string): string {
  return isAbsolute(text) ? text : join(RED.settings.userDir ?? process.cwd(), text);
}
