import { isAbsolute, join } from 'node:path';
import type { NodeAPI } from 'node-red';

/** Where reports are written, and looked for, unless another folder is set. */
export const REPORT_FOLDER = 'mqtt-scan-reports';

/** Relative folders lie in Node-RED's user directory, as users of the file nodes expect. */
export function reportFolder(RED: NodeAPI, text: string): string {
  return userFolder(RED, text) ?? join(process.cwd(), text);
}

/** The same; undefined where Node-RED, being part of another program, has no user directory. */
export function userFolder(RED: NodeAPI, text: string): string | undefined {
  if (isAbsolute(text)) return text;
  const { userDir } = RED.settings;
  return userDir ? join(userDir, text) : undefined;
}
